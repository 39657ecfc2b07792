import SwiftFX

/// What MODEL names, read: one program of an archive, or the graphs of a text.
struct LoadedModel {
  let programs: [LoadedProgram]
  /// The text, when MODEL is one.
  let document: LoadedDocument?

  /// - Throws: ``ModelError``, ``ArchiveError``, ``ZipError`` or ``PropagationError``.
  init(
    _ path: String, model: String?, inputs: GivenInputs = GivenInputs(), isToBeSaved: Bool = false
  ) throws {
    switch try ModelFile(path) {
    case .archive:
      programs = [try LoadedProgram(archive: path, model: model, isToBeSaved: isToBeSaved)]
      document = nil
    case .text(let bytes):
      let document = try LoadedDocument(path, bytes, inputs)
      programs = try document.programs(named: model).map { try LoadedProgram($0, of: document) }
      self.document = document
    }
  }
}

extension LoadedModel {
  /// The program, if there is one and, in a text, its annotations are what its arguments make of them; otherwise that is
  /// reported on standard error.
  func onlyProgram(_ path: String) throws -> LoadedProgram {
    if let first = programs.first, programs.count == 1 {
      try refuseContradictions()
      return first
    }
    if programs.isEmpty {
      reportError(
        "\(Escaped.line(path)): the text has no graph, only events; swiftfx propagate and explain show them")
      throw ExitStatus.badInput
    }
    let list = programs.enumerated().map { "\n  \($0 + 1)  \(Escaped.line($1.title))" }
    reportError(
      "\(path): choose one of \(programs.count) graphs with --model NAME or NUMBER:\(list.joined())")
    throw ExitStatus.wrongUsage
  }

  /// Reports the first contradiction in a text on standard error.
  func refuseContradictions() throws {
    guard let document else { return }
    do {
      for text in programs.compactMap(\.text) { try TextCheck.refuse(text, of: document) }
    } catch {
      reportError(Escaped.line("\(error)"))
      throw ExitStatus.badInput
    }
  }
}

/// A text with graphs, from a file or standard input.
struct LoadedDocument {
  let path: String
  let document: GraphDocument
  /// The time to read the graphs.
  let scanSeconds: Double
  let byteCount: Int

  /// - Throws: ``ModelError`` with the place in the text.
  init(_ path: String, _ bytes: [UInt8], _ inputs: GivenInputs) throws {
    let annotations = try inputs.read()
    let start = ContinuousClock.now
    self.path = path
    do { document = try GraphDocument(bytes: bytes, inputs: annotations) } catch {
      throw ModelError(path, error)
    }
    byteCount = bytes.count
    scanSeconds = start.duration(to: .now).seconds
  }

  /// The graphs with a title or number; all of them when none is given.
  func programs(named name: String?) throws(ModelError) -> [TextProgram] {
    let programs = document.programs
    guard let name else { return programs }
    if let number = Int(name), programs.indices.contains(number - 1) { return [programs[number - 1]] }
    let chosen = programs.filter { $0.title == name }
    guard chosen.isEmpty else { return chosen }
    let titles = programs.enumerated().map { "\($0 + 1) \($1.title ?? $1.exported.graphModule.className)" }
    throw ModelError(path, "no graph is called '\(name)'; there are: \(titles.joined(separator: ", "))")
  }
}
