/// Bounds on what a ZIP archive may ask of its reader.
public struct ZipLimits: Sendable {
  /// The most entries that are listed.
  public var entryCount = 1_000_000
  /// The most bytes that the name of an entry may have.
  public var nameLength = 4_096

  /// The limits that hold unless a caller sets others.
  public static let `default` = ZipLimits()

  /// Creates the default limits.
  public init() {}
}
