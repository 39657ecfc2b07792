public import SymbolicExpressions

/// An input of a program that the caller gives, with the sizes that the program expects.
///
/// Expressions belong to the arena of ``SizeRules/shapes``.
public struct ProgramInput: Sendable {
  /// What the caller passes.
  public enum Kind: Sendable {
    /// A tensor with these sizes.
    case tensor([SymExpr])
    /// An integer.
    case integer(SymExpr)
    /// A value that was fixed at export, as text.
    case fixed(String)
    /// A value without sizes that matter.
    case other(String)
  }

  /// The placeholder's name.
  public let name: String
  /// Its path in the arguments of a call, such as `batch.ids.0`; its name if it has no other path.
  public let path: String
  /// What the caller passes.
  public let kind: Kind

  /// The expressions of its sizes, or of its value.
  public var expressions: [SymExpr] {
    switch kind {
    case .tensor(let sizes): sizes
    case .integer(let value): [value]
    case .fixed, .other: []
    }
  }

  /// `x.size()[0]`, or `k` for an integer.
  public func text(ofDim dim: Int) -> String {
    if case .tensor = kind { return "\(name).size()[\(dim)]" }
    return name
  }
}
