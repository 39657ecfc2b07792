import SwiftFX

/// A program read from an archive and ready to run, with the time it took to load.
struct LoadedProgram {
  let path: String
  let exported: ExportedProgram
  let program: FakeProgram
  let context: PropagationContext
  /// The total loading time, from the file's name to this value.
  let loadSeconds: Double
  /// The time to parse the JSON into an ``ExportedProgram``; excludes opening the archive and what is built from it.
  let scanSeconds: Double
  /// The size of that JSON in bytes.
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

  /// Reads the program, or reports on standard error why that fails.
  static func read(_ path: String, model: String? = nil) throws -> LoadedProgram {
    do {
      let loaded = try Progress.shown("reading", ofFileAt: path) {
        try LoadedProgram(path: path, model: model)
      }
      System.Stream.errors.write(loaded.noteText)
      return loaded
    } catch {
      reportError("\(Escaped.line(path)): \(error)")
      throw ExitStatus.badInput
    }
  }

  /// What is to be said about the program on standard error, empty for most.
  var noteText: String { program.versionNote.map { "note: \(path): \($0)\n" } ?? "" }

  /// The archive's file name without extension.
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
