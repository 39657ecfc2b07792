import FX
import ZipArchives

extension ExportedProgram {
  /// Loads the program in the archive at `path`.
  ///
  /// Nothing in the file is executed and no other file is opened. Weights and constants are not read: see
  /// ``ProgramArchive``.
  ///
  /// ```swift
  /// let program = try ExportedProgram(path: "model.pt2")
  /// print(program.graphModule.graph)
  /// ```
  ///
  /// `model` is the name of the program to load if the archive contains several.
  ///
  /// - Throws: ``ArchiveError`` for anything that is not a supported program.
  /// - Complexity: O(n) in the bytes of the program's JSON.
  public init(path: String, model: String? = nil, limits: ArchiveLimits = .default) throws(ArchiveError) {
    try self.init(ProgramArchive(path: path, limits: limits), model: model)
  }

  /// Loads a program from an open archive.
  public init(_ archive: ProgramArchive, model: String? = nil) throws(ArchiveError) {
    try self.init(archive, model: model, toBeSaved: false)
  }

  /// Loads a program from an open archive; one that is `toBeSaved` remembers where its parts are in the text.
  package init(_ archive: ProgramArchive, model: String?, toBeSaved: Bool) throws(ArchiveError) {
    let (entry, bytes) = try archive.programText(model)
    var source = ProgramSource(archive: archive, entry: entry, text: bytes, metadata: ProgramMetadata(bytes))
    do {
      if toBeSaved {
        let archived = try ArchivedProgram(source)
        source.archived = archived
        self = archived.program
      } else {
        self = try Self.read(bytes, source.metadata, archive.limits)
      }
      self.source = source
    } catch {
      var error = error
      error.entry = entry
      throw error
    }
  }

  /// Reads the JSON text of a program.
  init(json: MappedBytes, limits: ArchiveLimits) throws(ArchiveError) {
    self = try Self.read(json, ProgramMetadata(json), limits)
  }

  private static func read(
    _ json: MappedBytes, _ metadata: ProgramMetadata, _ limits: ArchiveLimits
  ) throws(ArchiveError) -> ExportedProgram {
    try read(json, limits) { (scanner) throws(JSONFailure) in
      var reader = ProgramReader(scanner, metadata: metadata)
      return try reader.program()
    }
  }

  /// Calls `body` with a scanner at the start of a text, and finds the path of what it fails at.
  static func read<Result>(
    _ json: MappedBytes, _ limits: ArchiveLimits,
    _ body: (JSONScanner) throws(JSONFailure) -> Result
  ) throws(ArchiveError) -> Result {
    try json.withUnsafeBytes { (raw) throws(ArchiveError) in
      let bytes = raw.bindMemory(to: UInt8.self)
      do throws(JSONFailure) {
        return try body(JSONScanner(bytes, limits: limits))
      } catch {
        throw ArchiveError(
          error.kind, offset: error.offset, path: JSONPath.path(to: error.offset, in: bytes, limits: limits))
      }
    }
  }
}
