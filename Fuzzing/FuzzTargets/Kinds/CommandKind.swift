import Foundation

extension FuzzKind {
  static let command = FuzzKind(
    "command", "the arguments of the command, on archives and texts, as a process"
  ) {
    choices in
    guard let swiftfx = CommandRun.executable else { return 0 }
    let text = choices.chance(64)
    let bytes =
      text ? choices.damaged(choices.pick(FuzzSamples.texts)) : FuzzSamples.archive(choices.mutatedProgram())
    let folder = CommandRun.folder
    let file = folder.appending(path: text ? "x.txt" : "x.pt2")
    guard (try? Data(bytes).write(to: file)) != nil else { return 0 }
    let arguments = choices.commandLine(file.path, folder.appending(path: "out").path)
    let run = CommandRun(swiftfx, arguments)
    precondition(
      [0, 1, 64, 65, 74].contains(run.status), "\(arguments) ended with \(run.status)")
    let steering = run.output.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F }
    precondition(!steering, "\(arguments) wrote characters that steer a terminal")
    return bytes.count
  }
}

extension FuzzBytes {
  private static let options = [
    "--json", "--all", "--keep-going", "--sarif", "--trust-recorded", "--emit", "c", "python", "swift",
    "--strict",
    "--input", "--model", "--set", "--by", "module", "node", "operator", "--constraints", "dim", "jax",
    "onnx", "coreml",
    "tensorrt", "shapes-spec", "--markdown", "--only", "--ignore", "--pass", "dead-code", "cse",
    "canonicalize", "sort",
    "split=2", "inline=x", "runtime-asserts", "--dry-run", "--list", "--help", "--version", "--", "-",
    "--inputs",
  ]

  /// A command line, of which only the name of the output says where something may be written.
  fileprivate mutating func commandLine(_ file: String, _ output: String) -> [String] {
    let command = pick([
      "propagate", "explain", "show", "check", "memory", "transform", "diff", "report", "propagate",
      "explain",
    ])
    var arguments = [command, file]
    switch command {
    case "diff": arguments.append(file)
    case "report": arguments += ["-o", output, "--force"]
    case "transform": arguments += chance(128) ? ["-o", output, "--force"] : ["--dry-run"]
    default: break
    }
    for _ in 0..<below(5) {
      switch below(5) {
      case 0: arguments.append(pick(Hostile.strings))
      case 1: arguments.append("\(pick(["s0", "x", "u0", "arg0"]))=\(pick(Hostile.numbers))")
      case 2: arguments += ["--input", "x=\(pick(Hostile.numbers))x\(below(9))..\(below(99))"]
      default: arguments.append(pick(Self.options))
      }
    }
    // An argument of a process holds no zero byte.
    return arguments.map { $0.replacing("\0", with: "") }
  }
}

/// The command `swiftfx` as a process with limits on its time and memory.
struct CommandRun {
  var status: Int32 = 0
  var output: [UInt8] = []

  /// The command that was built beside this program.
  static let executable: String? = {
    let own = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
    let path = own.deletingLastPathComponent().appending(path: "swiftfx").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// A folder of this process.
  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "swiftfx-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }()

  init(_ executable: String, _ arguments: [String]) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      [
        "-c", #"ulimit -t 10; ulimit -c 0; ulimit -v 4000000 2>/dev/null; exec "$0" "$@" 2>&1"#, executable,
      ] + arguments
    process.currentDirectoryURL = Self.folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return }
    output = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }
}
