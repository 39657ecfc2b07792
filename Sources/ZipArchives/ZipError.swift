/// Why a file cannot be read as a ZIP archive, or not be written.
///
/// Holds the facts; ``description`` holds the wording.
public struct ZipError: Error, Equatable, Sendable {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// The system failed to open, inspect or map the file; `reason` is its message.
    case cannotRead(reason: String)
    /// The system failed to create, write or rename the file, as on a full disk; `reason` is its message.
    case cannotWrite(reason: String)
    /// There is a file where a new archive is to go.
    case alreadyExists
    case isDirectory
    /// A pipe, a socket or a device.
    case notARegularFile
    case emptyFile
    /// There is no end-of-central-directory record at the end of the file.
    case notAnArchive
    /// Two parts of the archive contradict each other, or a record lacks its signature.
    case malformed(String)
    /// A record or the contents of an entry exceed their bounds.
    case outOfBounds(String)
    case multipleVolumes
    case compressed(method: Int)
    case encrypted
    case duplicateName
    case overlappingEntries(other: String)
    case checksumMismatch(recorded: UInt32, computed: UInt32)
    case limitExceeded(what: String, value: Int, limit: Int)
  }

  /// What went wrong.
  public let kind: Kind
  /// The file, if the bytes came from one.
  public var file: String?
  /// The byte offset of the fault in the file.
  public var offset: Int?
  /// The entry concerned.
  public var entry: String?

  init(_ kind: Kind, file: String? = nil, offset: Int? = nil, entry: String? = nil) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.entry = entry
  }
}

extension ZipError {
  /// What the reader of the message can do about it; `nil` if only another file helps.
  public var hint: String? {
    switch kind {
    case .cannotRead: "check the path and the permissions of the file"
    case .cannotWrite:
      "check the path, the permissions of the folder and the space on the disk; nothing was changed"
    case .alreadyExists: "choose another path, or ask for the file to be replaced"
    case .isDirectory: "give the archive itself; a folder that holds an unpacked archive is not read"
    case .notARegularFile: "copy it to a file first"
    case .emptyFile, .notAnArchive: "the file is not a ZIP archive, or was cut off while it was copied"
    case .malformed, .outOfBounds, .duplicateName, .overlappingEntries, .checksumMismatch:
      "the archive is damaged or was made to mislead; fetch or save it again"
    case .multipleVolumes: "join the volumes into one archive"
    case .compressed: "repack the archive without compression (zip -0), as PyTorch writes it"
    case .encrypted: "decrypt the archive first"
    case .limitExceeded: "raise the limit in ZipLimits if the file is to be trusted"
    }
  }

  private var summary: String {
    switch kind {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .alreadyExists: "exists already"
    case .isDirectory: "is a directory, not an archive"
    case .notARegularFile: "is not a regular file"
    case .emptyFile: "is empty"
    case .notAnArchive: "is not a ZIP archive: no end of central directory"
    case .malformed(let what): "is malformed: \(what)"
    case .outOfBounds(let what): "is malformed: \(what) reaches past its end"
    case .multipleVolumes: "is one volume of several"
    case .compressed(let method): "is compressed (method \(method)); only stored entries are read"
    case .encrypted: "is encrypted"
    case .duplicateName: "appears twice in the archive"
    case .overlappingEntries(let other): "overlaps '\(other)'"
    case .checksumMismatch(let recorded, let computed):
      "is damaged: its CRC-32 is \(hexadecimal(computed)), the archive recorded \(hexadecimal(recorded))"
    case .limitExceeded(let what, let value, let limit): "has \(value) \(what), the limit is \(limit)"
    }
  }
}

extension ZipError: CustomStringConvertible {
  /// The file or entry and what is wrong with it, where, and what to do.
  public var description: String {
    let subject = entry.map { "entry '\($0)'" } ?? file.map { "'\($0)'" } ?? "the archive"
    var text = "\(subject) \(summary)"
    if let offset {
      text += "\n  at     byte \(offset)" + (entry == nil ? "" : file.map { " of '\($0)'" } ?? "")
    }
    if let hint { text += "\n  hint   \(hint)" }
    return text
  }
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
