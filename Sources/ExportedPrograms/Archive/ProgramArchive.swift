public import ZipArchives

/// An open .pt2 archive: the ZIP file and its layout.
///
/// Opening reads the list of entries and a few markers. Programs are parsed on request; weights and constants
/// stay mapped.
///
/// ```swift
/// let archive = try ProgramArchive(path: "model.pt2")
/// print(archive.layout.form, archive.layout.models)
/// ```
public struct ProgramArchive: Sendable {
  /// The ZIP archive.
  public let zip: ZipArchive
  /// Which entry contains what.
  public let layout: ArchiveLayout
  let limits: ArchiveLimits

  /// Opens the archive at `path`.
  ///
  /// With `isCopiedOnWrite`, weights may be written to in memory; the file never changes: see
  /// `MappedFile.init(path:isCopiedOnWrite:)`.
  ///
  /// - Throws: ``ArchiveError`` for anything that is not a supported archive.
  public init(
    path: String, limits: ArchiveLimits = .default, isCopiedOnWrite: Bool = false
  ) throws(ArchiveError) {
    self.zip = try Self.open { () throws(ZipError) in
      try ZipArchive(MappedFile(path: path, isCopiedOnWrite: isCopiedOnWrite), limits: limits.zip)
    }
    self.layout = try ArchiveLayout(zip)
    self.limits = limits
  }

  /// Opens an archive held in memory.
  public init(bytes: some Collection<UInt8>, limits: ArchiveLimits = .default) throws(ArchiveError) {
    self.zip = try Self.open { () throws(ZipError) in try ZipArchive(bytes: bytes, limits: limits.zip) }
    self.layout = try ArchiveLayout(zip)
    self.limits = limits
  }

  private static func open(_ body: () throws(ZipError) -> ZipArchive) throws(ArchiveError) -> ZipArchive {
    do throws(ZipError) { return try body() } catch { throw ArchiveError(.zip(error)) }
  }

  /// Finds the program called `name`; `nil` means the one called `model`, otherwise the only one.
  ///
  /// - Returns: the name of its entry, and its JSON text after a CRC-32 check.
  /// - Throws: `.compiledPackage`, `.noSuchModel`, `.limitExceeded`, or a `ZipError` in `.zip`.
  func programText(_ name: String?) throws(ArchiveError) -> (entry: String, bytes: MappedBytes) {
    let entry = try programEntry(name)
    guard entry.size <= limits.jsonSize else {
      throw ArchiveError(.limitExceeded(what: "bytes of JSON", limit: limits.jsonSize), entry: entry.name)
    }
    do throws(ZipError) {
      return (entry.name, try zip.contents(of: entry))
    } catch {
      throw ArchiveError(.zip(error), entry: entry.name)
    }
  }

  private func programEntry(_ name: String?) throws(ArchiveError) -> ZipEntry {
    guard let entry = zip[try programEntryName(name)] else {
      throw ArchiveError(.noSuchModel(name, available: layout.models))
    }
    return entry
  }

  private func programEntryName(_ name: String?) throws(ArchiveError) -> String {
    let chosen = try chosenModel(name)
    return layout.form == .flat ? ArchiveLayout.flatProgram : layout.root + "models/\(chosen).json"
  }

  /// The name of the program that loading chooses for `name`.
  func chosenModel(_ name: String?) throws(ArchiveError) -> String {
    if layout.models.isEmpty {
      throw ArchiveError(
        layout.holdsCompiledCode ? .compiledPackage : .notAProgram("it holds no 'models/NAME.json'"))
    }
    let fallback = layout.models.count == 1 ? layout.models[0] : ArchiveLayout.defaultModel
    let chosen =
      name ?? (layout.models.contains(ArchiveLayout.defaultModel) ? ArchiveLayout.defaultModel : fallback)
    guard layout.models.contains(chosen) else {
      throw ArchiveError(.noSuchModel(name, available: layout.models))
    }
    return chosen
  }
}
