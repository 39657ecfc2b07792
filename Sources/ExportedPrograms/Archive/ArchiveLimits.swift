public import ZipArchives

/// Limits on what an archive may require of its reader; exceeding one is an error.
public struct ArchiveLimits: Sendable {
  /// Limits of the ZIP archive.
  public var zip = ZipLimits.default
  /// The maximum size of a JSON entry in bytes.
  public var jsonSize = 1 << 30
  /// The maximum nesting depth of JSON values.
  public var jsonDepth = 512
  /// The maximum size of a JSON string in bytes.
  public var stringSize = 64 << 20
  /// The maximum number of nodes in one graph.
  public var nodesPerGraph = 5_000_000
  /// The maximum number of nodes in all graphs of a program.
  public var nodes = 10_000_000
  /// The maximum nesting depth of graphs.
  public var subgraphDepth = 64
  /// The maximum rank of a tensor.
  public var tensorRank = 64
  /// The maximum nesting depth of a treespec.
  public var treeSpecDepth = 1_000
  /// The maximum number of leaves of a treespec.
  public var treeSpecLeaves = 1_000_000

  /// The limits used unless a caller sets others.
  public static let `default` = ArchiveLimits()

  /// Creates the default limits.
  public init() {}
}

/// The supported versions of PyTorch's serialization schema.
enum ExportSchema {
  /// The supported major versions: 7 is PyTorch 2.5, 8 is 2.6 and later.
  ///
  /// Minor versions only add members.
  static let majors = 7...8
}
