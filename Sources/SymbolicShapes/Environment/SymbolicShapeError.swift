public import SymbolicExpressions

/// Why a question about symbolic sizes has no answer, or a check is known to fail.
public struct SymbolicShapeError: Error {
  /// What went wrong.
  public enum Kind: Sendable {
    /// A decision depends on a value that only a run knows (`GuardOnDataDependentSymNode`).
    case dataDependent
    /// A concrete integer was demanded of a value that only a run knows.
    case dataDependentInteger
    /// A check is false for every assignment.
    case checkFailed
    /// A fact cannot hold beside what is known.
    case contradiction
    /// A symbol was made by an operator but is found nowhere in its results (`PendingUnbackedSymbolNotFound`).
    case pendingUnbackedNotFound
    /// A binding's path does not exist in the value.
    case bindingPathNotFound
    /// An integer outgrew 64 bits.
    case tooLarge
  }

  /// What went wrong.
  public let kind: Kind
  /// The expression in question, as it was asked.
  public let expression: SymExpr?
  /// The expression in question as text, after what is known was applied.
  public let simplified: String
  /// One sentence, in PyTorch's words where PyTorch has words for it.
  public let message: String
  /// What was demanded and what speaks against it, of a `checkFailed` or `contradiction`.
  public internal(set) var conflict: Conflict?

  /// Makes an error from its facts.
  public init(_ kind: Kind, expression: SymExpr?, simplified: String, message: String) {
    self.kind = kind
    self.expression = expression
    self.simplified = simplified
    self.message = message
  }
}

extension SymbolicShapeError: CustomStringConvertible {
  /// The message, and what is known against the condition, a line each.
  public var description: String {
    ([message] + (conflict?.known ?? []).map { "  known  \($0)" }).joined(separator: "\n")
  }
}
