public import ZipArchives

/// Why a file cannot be loaded as an exported program.
///
/// Holds the facts; ``description`` holds the wording. The same bytes give the same error text.
public struct ArchiveError: Error, Equatable, Sendable {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// The file is not a readable ZIP archive, or an entry is damaged.
    case zip(ZipError)
    /// A ZIP archive that contains no program; the text says what it looks like instead.
    case notAProgram(String)
    /// A package compiled by AOTInductor or for ExecuTorch, which contains no graph.
    case compiledPackage
    /// This reader does not know the archive's version marker.
    case unsupportedArchiveVersion(String)
    /// This reader does not know the program's schema version.
    case unsupportedSchema(major: Int, minor: Int)
    /// There is no program with this name, or no name was given and there are several.
    case noSuchModel(String?, available: [String])
    /// The text is not JSON, or not of the type that the schema requires.
    case unexpected(expected: String, found: String)
    case missingKey(String)
    case limitExceeded(what: String, limit: Int)
    /// A name that no earlier input or node of the graph defines.
    case undefinedName(String)
    case duplicateName(String)
    case unreadableExpression(String, reason: String)
    /// The parts fit the schema individually but contradict each other.
    case inconsistent(String)
  }

  /// What went wrong.
  public let kind: Kind
  /// The archive entry that contains the fault.
  public var entry: String?
  /// The byte offset of the fault in that entry.
  public var offset: Int?
  /// The JSON path of the fault, such as `graph_module.graph.nodes[17].inputs[0].arg.as_tensor`.
  public var path: String?

  init(_ kind: Kind, entry: String? = nil, offset: Int? = nil, path: String? = nil) {
    self.kind = kind
    self.entry = entry
    self.offset = offset
    self.path = path
  }
}

extension ArchiveError {
  /// What the reader of the message can do about it.
  public var hint: String? {
    switch kind {
    case .zip(let error): error.hint
    case .notAProgram: "an exported program is written by torch.export.save(program, \"model.pt2\")"
    case .compiledPackage:
      "load the program it was compiled from; 'swiftfx run --compiled' runs code that AOTInductor compiled"
    case .unsupportedArchiveVersion: "the archive is newer than this reader; update SwiftFX"
    case .unsupportedSchema(let major, _):
      major > ExportSchema.majors.upperBound
        ? "the archive is newer than this reader; update SwiftFX"
        : "load it in a PyTorch of its time and save it with 2.5 or later"
    case .noSuchModel(_, let available):
      available.isEmpty ? nil : "name one of: \(available.joined(separator: ", "))"
    case .limitExceeded: "raise the limit in ArchiveLimits if the file is to be trusted"
    case .unexpected, .missingKey, .undefinedName, .duplicateName, .unreadableExpression, .inconsistent:
      "the program is damaged or was edited; export it again"
    }
  }

  private var summary: String {
    switch kind {
    case .zip(let error): error.description
    case .notAProgram(let what): "not an exported program: \(what)"
    case .compiledPackage: "a compiled package without a graph"
    case .unsupportedArchiveVersion(let version): "archive version '\(version)' is not supported"
    case .unsupportedSchema(let major, let minor):
      "schema \(major).\(minor) is not supported; this reader knows \(ExportSchema.majors.lowerBound) "
        + "to \(ExportSchema.majors.upperBound)"
    case .noSuchModel(let name?, _): "no program called '\(name)' in the archive"
    case .noSuchModel(nil, let available):
      "\(available.count) programs in the archive, and none called 'model'"
    case .unexpected(let expected, let found): "expected \(expected), found \(found)"
    case .missingKey(let key): "the key '\(key)' is missing"
    case .limitExceeded(let what, let limit): "more than \(limit) \(what)"
    case .undefinedName(let name): "'\(name)' is read before it is defined"
    case .duplicateName(let name): "'\(name)' is defined twice"
    case .unreadableExpression(let text, let reason): "cannot read the expression '\(text)': \(reason)"
    case .inconsistent(let what): what
    }
  }
}

extension ArchiveError: CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public var description: String {
    if case .zip(let error) = kind { return error.description }
    var text = entry.map { "\($0): \(summary)" } ?? summary
    let place = [path, offset.map { "byte \($0)" }].compactMap { $0 }.filter { !$0.isEmpty }
    if !place.isEmpty { text += "\n  at     " + place.joined(separator: ", ") }
    if let hint { text += "\n  hint   \(hint)" }
    return text
  }
}
