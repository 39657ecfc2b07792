/// Limits on what a ZIP archive may require of its reader.
public struct ZipLimits: Sendable {
  /// The maximum number of entries.
  public var entryCount = 1_000_000
  /// The maximum length of an entry's name in bytes.
  public var nameLength = 4_096

  /// The limits used unless a caller sets others.
  public static let `default` = ZipLimits()

  /// Creates the default limits.
  public init() {}
}
