#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where PyTorch's library lies.
enum LibraryLocation {
  #if os(Linux)
    static let fileName = "libtorch_cpu.so"
  #else
    static let fileName = "libtorch_cpu.dylib"
  #endif

  /// The library in the first of the usual places that has one.
  ///
  /// In this order: `folder`, which alone counts when it is given; the folder that `SWIFTFX_LIBTORCH` names; an active
  /// Python environment; `libtorch` of a home or system folder; the Python packages of the system.
  ///
  /// - Throws: ``LibTorchError/Kind/notFound(searched:)``.
  static func find(_ folder: String?) throws(LibTorchError) -> String {
    let folders = folder.map { [$0] } ?? candidates()
    for folder in folders {
      for path in [folder, "\(folder)/lib", "\(folder)/torch/lib"].map({ "\($0)/\(fileName)" })
      where exists(path) {
        return path
      }
      if folder.hasSuffix(fileName), exists(folder) { return folder }
    }
    throw LibTorchError(.notFound(searched: folders))
  }

  private static func candidates() -> [String] {
    var folders: [String] = []
    if let named = variable("SWIFTFX_LIBTORCH") { return [named] }
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
      if let root = variable(name) { folders += packages(of: root) }
    }
    if let home = variable("HOME") {
      folders += ["\(home)/libtorch"] + packages(of: "\(home)/.local")
    }
    folders += ["/opt/libtorch", "/usr/local/libtorch", "/opt/homebrew/opt/pytorch"]
    return folders + packages(of: "/usr/local") + packages(of: "/usr") + packages(of: "/opt/homebrew")
  }

  /// The folders of Python packages below `root`, one for each version of Python.
  private static func packages(of root: String) -> [String] {
    let names = contents(of: "\(root)/lib").filter { $0.hasPrefix("python3") }.sorted()
    return names.flatMap { ["\(root)/lib/\($0)/site-packages", "\(root)/lib/\($0)/dist-packages"] }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  private static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

  private static func contents(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
            String(cString: $0)
          }
        })
    }
    return names
  }
}
