import ZipArchives

/// Which entry of a .pt2 archive contains what.
///
/// ```
///                 flat (≤ 2.7)                      pickled (2.8)            raw (≥ 2.9)
/// program         serialized_exported_program.json  R/models/NAME.json       R/models/NAME.json
/// weights         serialized_state_dict.pt          R/data/weights/NAME.pt   R/data/weights/weight_I
/// constants       serialized_constants.pt           R/data/constants/…       R/data/constants/…
/// sample inputs   serialized_example_inputs.pt      R/data/sample_inputs/NAME.pt
/// ```
///
/// R is the folder that all entries share; PyTorch names it after the file it saved to.
public struct ArchiveLayout: Equatable, Sendable {
  /// The archive layouts, by PyTorch version.
  public enum Form: Sendable {
    /// Entries without a folder: PyTorch 2.7 and older.
    case flat
    /// Weights and constants each in a single pickle: PyTorch 2.8.
    case pickled
    /// Each tensor's storage in its own entry: PyTorch 2.9 and newer.
    case raw
  }

  /// The layout of this archive.
  public let form: Form
  /// The folder that all entries share, with a trailing slash; empty in a flat archive.
  public let root: String
  /// The names of the programs, in archive order; a flat archive's program is called `model`.
  public let models: [String]
  /// The schema version that a flat archive stores beside its program, such as `8.7`.
  public let version: String?
  /// Whether the archive contains code compiled by AOTInductor or ExecuTorch.
  public let holdsCompiledCode: Bool

  static let flatProgram = "serialized_exported_program.json"
  static let defaultModel = "model"

  /// Determines the layout of `archive`.
  ///
  /// - Throws: `.notAProgram` and `.unsupportedArchiveVersion`, or what reading the markers throws.
  init(_ archive: ZipArchive) throws(ArchiveError) {
    if archive[Self.flatProgram] != nil {
      self.init(
        form: .flat, root: "", models: [Self.defaultModel], version: try archive.marker("version"),
        holdsCompiledCode: false)
      return
    }
    let root = try Self.sharedFolder(archive)
    guard let format = try archive.marker(root + "archive_format") else {
      throw ArchiveError(.notAProgram(Self.guess(archive, root)))
    }
    guard format == "pt2" else {
      throw ArchiveError(.notAProgram("its format is '\(format)'"), entry: root + "archive_format")
    }
    let version = try archive.marker(root + "archive_version") ?? "0"
    guard version == "0" else {
      throw ArchiveError(.unsupportedArchiveVersion(version), entry: root + "archive_version")
    }
    if let order = try archive.marker(root + "byteorder"), order != "little" {
      throw ArchiveError(.notAProgram("its numbers are '\(order)'-endian"), entry: root + "byteorder")
    }
    let (weights, programs) = (root + "data/weights/", root + "models/")
    let compiled = [root + "data/aotinductor/", root + "data/executorch/"]
    var (models, isPickled, holdsCode): ([String], Bool, Bool) = ([], false, false)
    for entry in archive.entries {
      let name = entry.name
      if name.hasPrefix(weights) {
        isPickled = isPickled || name.hasSuffix(".pt")
      } else if name.hasPrefix(programs) {
        if let model = Self.model(name, programs) { models.append(model) }
      } else if compiled.contains(where: name.hasPrefix) {
        holdsCode = true
      }
    }
    self.init(
      form: isPickled ? .pickled : .raw, root: root, models: models, version: nil,
      holdsCompiledCode: holdsCode)
  }

  private init(form: Form, root: String, models: [String], version: String?, holdsCompiledCode: Bool) {
    self.form = form
    self.root = root
    self.models = models
    self.version = version
    self.holdsCompiledCode = holdsCompiledCode
  }

  /// The first folder of the first entry, which all entries must share.
  private static func sharedFolder(_ archive: ZipArchive) throws(ArchiveError) -> String {
    guard let first = archive.entries.first?.name,
      let slash = first.utf8.firstIndex(of: UInt8(ascii: "/"))
    else {
      throw ArchiveError(.notAProgram(guess(archive, "")))
    }
    let root = String(first[...slash])
    guard let stray = archive.entries.first(where: { !$0.name.hasPrefix(root) }) else { return root }
    throw ArchiveError(.notAProgram("its entries do not share one folder"), entry: stray.name)
  }

  /// The name of the program in the entry `NAME.json` of `folder`.
  private static func model(_ name: String, _ folder: String) -> String? {
    let suffix = ".json"
    guard name.hasSuffix(suffix) else { return nil }
    let stem = name.dropFirst(folder.count).dropLast(suffix.count)
    return stem.isEmpty ? nil : String(stem)
  }

  /// What an archive without the marker probably is.
  private static func guess(_ archive: ZipArchive, _ root: String) -> String {
    if archive[root + "constants.pkl"] != nil { return "it looks like a TorchScript module" }
    if archive[root + "data.pkl"] != nil { return "it looks like a file of torch.save, such as weights" }
    return "the entry 'archive_format' is missing"
  }
}

extension ZipArchive {
  /// The text of a small entry, without trailing white space; `nil` if there is no such entry.
  fileprivate func marker(_ name: String) throws(ArchiveError) -> String? {
    guard let entry = self[name] else { return nil }
    guard entry.size <= 64 else {
      throw ArchiveError(.limitExceeded(what: "bytes in a marker", limit: 64), entry: name)
    }
    do throws(ZipError) {
      return try contents(of: entry).withUnsafeBytes { bytes in
        String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
      }
    } catch {
      throw ArchiveError(.zip(error), entry: name)
    }
  }
}
