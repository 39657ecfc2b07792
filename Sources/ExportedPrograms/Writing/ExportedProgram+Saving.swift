import FX
import ZipArchives

extension ExportedProgram {
  /// Saves the program, which came from an archive and may have been edited since, as PyTorch loads it.
  ///
  /// ```swift
  /// var program = try ExportedProgram(path: "model.pt2")
  /// try program.graphModule.eliminateDeadCode()
  /// try program.save(to: "smaller.pt2")
  /// ```
  ///
  /// The archive has the layout and the schema version of the one that the program came from. Weights, constants and
  /// sample inputs are copied from it, file to file; so is whatever is unknown here or was not changed, so that a program
  /// without edits is saved as it was. New nodes need recorded values: `FakeProgram.exported(_:mapping:table:)` derives
  /// them.
  ///
  /// The file is written beside its place and renamed when it is complete.
  ///
  /// - Parameters:
  ///   - path: where the archive goes; never the one that the program came from.
  ///   - replacing: whether a file that is there is replaced.
  /// - Throws: ``SavingError``; nothing has changed then.
  public func save(to path: String, replacing: Bool = false) throws(SavingError) {
    try save(to: path, replacing: replacing, rewritingEverything: false)
  }

  /// Saves the program, with every call written anew when a test of the writer asks for it.
  package func save(to path: String, replacing: Bool, rewritingEverything: Bool) throws(SavingError) {
    guard let source else { throw SavingError(.noSource) }
    guard !source.archive.zip.file.isFile(at: path) else { throw SavingError(.replacesSource(path)) }
    try source.refuseMissingWeights(of: self)
    let text = try archivedText(rewritingEverything: rewritingEverything)
    do throws(ZipError) {
      var writer = try ZipFileWriter(path: path, replacing: replacing)
      for entry in source.archive.zip.entries {
        if entry.name == source.entry {
          try writer.add(entry.name, text)
        } else {
          try writer.copy(entry, from: source.archive.zip)
        }
      }
      try writer.finish()
    } catch {
      throw SavingError(.file(error))
    }
  }

  /// The JSON of the program, as ``save(to:replacing:)`` writes it.
  ///
  /// `rewritingEverything` writes every call anew, to test the writer.
  ///
  /// - Throws: ``SavingError``.
  package func archivedText(rewritingEverything: Bool = false) throws(SavingError) -> [UInt8] {
    guard let source else { throw SavingError(.noSource) }
    do throws(GraphError) { try graphModule.lint() } catch {
      throw SavingError(.malformed(error), module: error.module)
    }
    return try ProgramWriter(self, source, rewritesEverything: rewritingEverything).text()
  }
}

extension ProgramSource {
  /// - Throws: ``SavingError`` when the archive lacks the values of the program's parameters and buffers.
  func refuseMissingWeights(of program: ExportedProgram) throws(SavingError) {
    let held = Set(program.signature.inputSpecs.filter { $0.target != nil }.map(\.kind.folder))
    var missing: [String] = []
    for folder in held.compactMap({ $0 }).sorted() {
      missing += try entries(of: folder).filter { archive.zip[$0] == nil }
    }
    if !missing.isEmpty { throw SavingError(.missingWeights(missing)) }
  }

  /// The entries that hold weights or constants.
  private func entries(of folder: String) throws(SavingError) -> [String] {
    let names = entryNames(of: folder)
    guard archive.layout.form == .raw else { return names }
    do throws(ArchiveError) {
      var files: Set<String> = []
      for name in names {
        guard let text = try json(in: name) else { return [name] }
        for member in try text.members(at: 0) where member.key == "config" {
          for weight in try text.members(at: member.value.lowerBound) {
            for detail in try text.members(at: weight.value.lowerBound) where detail.key == "path_name" {
              if let file = try text.string(at: detail.value) {
                files.insert("\(archive.layout.root)data/\(folder)/\(file)")
              }
            }
          }
        }
      }
      return files.sorted()
    } catch {
      throw SavingError(.source(error))
    }
  }
}

extension InputSpec.Kind {
  /// The folder of an archive that has the values of such inputs.
  fileprivate var folder: String? {
    switch self {
    case .parameter: "weights"
    case .constantTensor, .customObject: "constants"
    case .userInput, .buffer, .token, .unknown: nil
    }
  }
}
