#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system and processor of this process, as libraries name those that they are made for.
struct Machine: Equatable {
  /// `linux` or `darwin`.
  let system: String
  /// `x86_64` or `aarch64` (`arm64` on Apple's systems).
  let machine: String

  #if os(Linux)
    private static let systemName = "linux"
  #else
    private static let systemName = "darwin"
  #endif

  #if arch(x86_64)
    private static let machineName = "x86_64"
  #elseif arch(arm64) && os(Linux)
    private static let machineName = "aarch64"
  #elseif arch(arm64)
    private static let machineName = "arm64"
  #else
    private static let machineName = "unknown"
  #endif

  static let current = Machine(system: systemName, machine: machineName)

  /// The machine that the ELF file at `path` is made for, when it is not this one.
  ///
  /// The system's loader says of such a file that it does not exist.
  static func other(of path: String) -> String? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var header = [UInt8](repeating: 0, count: 20)
    guard fread(&header, 1, header.count, file) == header.count,
      header.starts(with: [0x7F, 0x45, 0x4C, 0x46]),
      header[5] == 1
    else { return nil }
    // `e_machine` of the ELF header.
    let number = UInt16(header[18]) | UInt16(header[19]) << 8
    let name = elfMachines[number] ?? "processor \(number) of the ELF format"
    return name == current.machine ? nil : name
  }

  private static let elfMachines: [UInt16: String] = [
    3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv", 21: "ppc64", 22: "s390x",
  ]
}
