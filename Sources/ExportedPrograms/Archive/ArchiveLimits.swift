public import ZipArchives

/// Bounds on what an archive may ask of its reader; each is an error when it is passed.
public struct ArchiveLimits: Sendable {
  /// Limits of the ZIP archive.
  public var zip = ZipLimits.default
  /// The most bytes of one JSON entry.
  public var jsonSize = 1 << 30
  /// How deep JSON values may nest.
  public var jsonDepth = 512
  /// The most bytes of one JSON string.
  public var stringSize = 64 << 20
  /// The most nodes of one graph.
  public var nodesPerGraph = 5_000_000
  /// The most nodes of all graphs of a program.
  public var nodes = 10_000_000
  /// How deep graphs may nest.
  public var subgraphDepth = 64
  /// The most dimensions of a tensor.
  public var tensorRank = 64
  /// How deep treespecs may nest.
  public var treeSpecDepth = 1_000
  /// The most leaves of a treespec.
  public var treeSpecLeaves = 1_000_000

  /// The limits that hold unless a caller sets others.
  public static let `default` = ArchiveLimits()

  /// Creates the default limits.
  public init() {}
}

/// The versions of PyTorch's serialization schema that are read.
enum ExportSchema {
  /// The major versions: seven is PyTorch 2.5, eight is 2.6 and later.
  ///
  /// Minor versions only add.
  static let majors = 7...8
}
