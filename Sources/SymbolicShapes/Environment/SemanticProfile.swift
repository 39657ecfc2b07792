import SymbolicExpressions

/// What the PyTorch that wrote a program means, where versions differ.
///
/// The rows of ``SemanticDifference/table`` say what differs and since when; everything else is alike in all versions.
public struct SemanticProfile: Hashable, Sendable {
  /// The version whose meaning this is.
  public let version: PyTorchVersion
  /// One bit a difference.
  @usableFromInline let bits: UInt64

  /// The meaning of `version`; one that is newer than the newest known means what that means.
  ///
  /// Under the Python dispatcher, which `export` and `compile` use and a plain run of a loaded program does not,
  /// Python's forms of some operators come before those of C++.
  public init(_ version: PyTorchVersion, underPythonDispatcher: Bool = false) {
    self.version = min(version, Self.newestVersion)
    var differences: UInt64 = 0
    for row in SemanticDifference.table
    where row.holds(in: self.version, underPythonDispatcher: underPythonDispatcher) {
      differences |= 1 << UInt64(row.difference.rawValue)
    }
    bits = differences
  }

  /// The newest version whose differences are known.
  public static let newestVersion = PyTorchVersion(2, 15)
  /// The meaning of the newest version: that of programs without a writer.
  public static let newest = SemanticProfile(newestVersion)

  /// Whether `difference` is so in this version.
  @inlinable
  public func has(_ difference: SemanticDifference) -> Bool { bits & (1 << UInt64(difference.rawValue)) != 0 }

  /// The laws of expressions of this version.
  var expressions: ExpressionSemantics {
    var laws: ExpressionSemantics = []
    if has(.boundsRemaindersByQuotients) { laws.insert(.boundsRemaindersByQuotients) }
    if has(.dropsMultiplesOfNonNegatives) { laws.insert(.dropsMultiplesOfNonNegatives) }
    if has(.truncatesIntegersToThemselves) { laws.insert(.truncatesIntegersToThemselves) }
    return laws
  }
}
