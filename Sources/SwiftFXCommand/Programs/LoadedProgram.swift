import SwiftFX

/// A program read from an archive and ready to run, with the time that took.
struct LoadedProgram {
  let path: String
  let exported: ExportedProgram
  let program: FakeProgram
  let context: PropagationContext
  /// The time from the file's name to this value.
  let loadSeconds: Double
  /// The part of it that took the JSON to an ``ExportedProgram``: the archive was open, nothing was built of it.
  let scanSeconds: Double
  /// The bytes of that JSON.
  let jsonBytes: Int

  /// - Throws: ``ArchiveError`` or ``PropagationError``.
  init(path: String, model: String? = nil, table: OperatorTable = .aten) throws {
    let start = ContinuousClock.now
    let archive = try ProgramArchive(path: path)
    let opened = ContinuousClock.now
    exported = try ExportedProgram(archive, model: model)
    scanSeconds = opened.duration(to: .now).seconds
    jsonBytes = try archive.programSize(model)
    program = try FakeProgram(exported)
    context = program.context(table: table)
    self.path = path
    loadSeconds = start.duration(to: .now).seconds
  }

  /// Reads the program, or reports on standard error why it cannot be read.
  static func read(_ path: String, model: String? = nil) throws -> LoadedProgram {
    do {
      return try Progress.shown("reading", ofFileAt: path) { try LoadedProgram(path: path, model: model) }
    } catch {
      reportError("\(path): \(error)")
      throw ExitStatus.badInput
    }
  }

  /// The name of the archive without folder and ending.
  var name: String {
    let file = path.split(separator: "/").last ?? ""
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return String(file) }
    return String(file[..<dot])
  }
}

/// Writes one error to standard error.
func reportError(_ text: String) {
  System.Stream.errors.write("error: \(text)\n")
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
