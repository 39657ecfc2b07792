import SwiftFX

/// A program read from an archive or a text and ready to run, with the time it took to load.
struct LoadedProgram {
  let path: String
  let program: FakeProgram
  let context: PropagationContext
  /// The graph of a text that this is; `nil` for an archive.
  let text: TextProgram?
  /// Example values that were chosen for sizes of inputs because the text has none.
  let exampleSizes: [Named<Int>]
  /// What the text's event lines say about the symbols of this graph.
  let environment: LoggedEnvironment?
  /// The total loading time, from the file's name to this value.
  let loadSeconds: Double
  /// The time to parse the JSON or the text into an ``ExportedProgram``; excludes opening the file and what is built
  /// from it.
  let scanSeconds: Double
  /// The size of that JSON or text in bytes.
  let scannedBytes: Int?

  /// Loads an archive; `isToBeSaved` makes it quick to save the program again.
  ///
  /// - Throws: ``ArchiveError`` or ``PropagationError``.
  init(
    archive path: String, model: String? = nil, isToBeSaved: Bool = false, table: OperatorTable = .aten
  ) throws {
    let start = ContinuousClock.now
    let archive = try ProgramArchive(path: FileNames.path(of: path))
    let opened = ContinuousClock.now
    let exported = try ExportedProgram(archive, model: model, toBeSaved: isToBeSaved)
    scanSeconds = opened.duration(to: .now).seconds
    scannedBytes = exported.source?.byteCount
    program = try FakeProgram(consume exported)
    context = program.context(table: table)
    text = nil
    exampleSizes = []
    environment = nil
    self.path = path
    loadSeconds = start.duration(to: .now).seconds
  }

  /// Prepares one graph of a text.
  ///
  /// - Throws: ``ModelError`` when nothing says what an input is; ``PropagationError``.
  init(_ text: TextProgram, of document: LoadedDocument, table: OperatorTable = .aten) throws {
    let start = ContinuousClock.now
    if let first = text.inputsWithoutValue.first {
      let place = text.exported.graphModule.graph.node(named: first).flatMap { text.places[""]?.name(of: $0) }
      throw ModelError(
        document.path, TextError(.inputsWithoutValue(text.inputsWithoutValue), at: place ?? text.position))
    }
    self.text = text
    environment = document.document.environment(of: text)
    (program, exampleSizes) = try FakeProgram.withExampleSizes(text.exported, table: table)
    context = program.context(table: table)
    path = document.path
    scanSeconds = document.scanSeconds
    scannedBytes = document.byteCount
    loadSeconds = document.scanSeconds + start.duration(to: .now).seconds
  }

  /// Reads the one program that MODEL names, or reports on standard error why it cannot be read.
  ///
  /// MODEL is an archive, a text, or `-` for a text on standard input; `model` chooses one of several programs, by
  /// name or, in a text, by number.
  static func read(
    _ path: String, model: String? = nil, inputs: GivenInputs = GivenInputs(), isToBeSaved: Bool = false
  ) throws -> LoadedProgram {
    try readModel(path, model: model, inputs: inputs, isToBeSaved: isToBeSaved).onlyProgram(path)
  }

  /// Reads what MODEL names, or reports on standard error why it cannot be read.
  static func readModel(
    _ path: String, model: String? = nil, inputs: GivenInputs = GivenInputs(), isToBeSaved: Bool = false
  ) throws -> LoadedModel {
    do {
      let model = try Progress.shown("reading", ofFileAt: path) {
        try LoadedModel(path, model: model, inputs: inputs, isToBeSaved: isToBeSaved)
      }
      for program in model.programs { System.Stream.errors.write(program.noteText) }
      return model
    } catch let error as ModelError {
      reportError(Escaped.line("\(error)"))
      throw ExitStatus.badInput
    } catch {
      reportError("\(Escaped.line(path)): \(error)")
      throw ExitStatus.badInput
    }
  }

  /// What is to be said about the program on standard error, empty for most.
  var noteText: String { program.versionNote.map { "note: \(path): \($0)\n" } ?? "" }

  /// The program as read.
  var exported: ExportedProgram { program.exported }

  /// The file's name without extension, with the title of the graph when it has one.
  var name: String { text?.title.map { "\(fileName) \($0)" } ?? fileName }

  /// The range that the text gives a symbol for which an example size was chosen.
  ///
  /// A guard that only the chosen size decides says nothing about the program.
  func declaredRange(ofExample name: String) -> ValueRange? {
    guard exampleSizes.contains(where: { $0.name == name }),
      let constraint = exported.rangeConstraints.first(where: { $0.text == name })
    else { return nil }
    return .int(IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max))
  }

  /// What a list of several graphs calls this one.
  var title: String { text?.title ?? exported.graphModule.className }

  private var fileName: String {
    if path == "-" { return "graph" }
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
