import Foundation
import Testing

typealias JSONObject = [String: Any]

/// The built command, run as a process.
struct Command {
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// The output parsed as one JSON object.
    func object() throws -> JSONObject {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? JSONObject)
    }

    /// The length of the longest line.
    var width: Int { output.split(separator: "\n").map(\.count).max() ?? 0 }
  }

  /// Runs `swiftfx` with `arguments`.
  static func swiftfx(_ arguments: String...) throws -> Result { try swiftfx(arguments) }

  /// Runs `swiftfx` with `arguments`.
  static func swiftfx(_ arguments: [String]) throws -> Result { try run([executable.path] + arguments) }

  /// Runs `swiftfx` as if on a terminal with 80 columns.
  static func narrow(_ arguments: String...) throws -> Result {
    try run(["/usr/bin/env", "COLUMNS=80", executable.path] + arguments)
  }

  /// Runs a program, given by its path; output goes to files, so that a full pipe cannot block it.
  static func run(_ command: [String]) throws -> Result {
    let scratch = try ScratchFolder()
    let output = scratch.url.appendingPathComponent("output")
    let errors = scratch.url.appendingPathComponent("errors")
    let status = try spawn(command, output: output.path, errors: errors.path)
    return Result(
      status: status, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  private static func spawn(_ command: [String], output: String, errors: String) throws -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, command[0], &actions, nil, &arguments, environ)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // The number of the signal, or the exit code.
    return status & 0x7F != 0 ? status & 0x7F : status >> 8 & 0xFF
  }

  /// The path of the command.
  static var executable: URL { productsFolder.appendingPathComponent("swiftfx") }

  /// The folder of the test executable, which also holds the command.
  private static var productsFolder: URL {
    #if canImport(Darwin)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
      return bundle.bundleURL.deletingLastPathComponent()
    #else
      return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    #endif
  }
}

/// A folder for one test, removed afterwards.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("swiftfx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and returns its path.
  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }
}

/// The archive used in the README.
var exampleArchive: String { example("moe_routing") }

/// An archive in `Examples`.
func example(_ name: String) -> String { repositoryFile("Examples/\(name).pt2") }

/// A file of the repository.
func repositoryFile(_ path: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(path).path
}

/// A program among the test fixtures.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name).pt2")
    .path
}
