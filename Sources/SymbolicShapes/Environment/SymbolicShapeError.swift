public import SymbolicExpressions

/// Why a question about symbolic sizes has no answer, or why a check fails.
public struct SymbolicShapeError: Error {
  /// What went wrong.
  public enum Kind: Sendable {
    /// A decision is data-dependent (`GuardOnDataDependentSymNode`).
    case dataDependent
    /// A concrete integer was required, but the value is unbacked.
    case dataDependentInteger
    /// A check is false for every assignment.
    case checkFailed
    /// A fact contradicts what is known.
    case contradiction
    /// An operator created a symbol that is found nowhere in its results (`PendingUnbackedSymbolNotFound`).
    case pendingUnbackedNotFound
    /// A binding's path does not exist in the value.
    case bindingPathNotFound
    /// An integer overflowed 64 bits.
    case tooLarge
  }

  /// What went wrong.
  public let kind: Kind
  /// The expression in question, in its original form.
  public let expression: SymExpr?
  /// The expression in question as text, simplified by what is known.
  public let simplified: String
  /// One sentence, in PyTorch's words where they exist.
  public let message: String
  /// The required condition and what contradicts it, for `checkFailed` and `contradiction`.
  public internal(set) var conflict: Conflict?

  /// Creates an error from its facts.
  public init(_ kind: Kind, expression: SymExpr?, simplified: String, message: String) {
    self.kind = kind
    self.expression = expression
    self.simplified = simplified
    self.message = message
  }
}

extension SymbolicShapeError: CustomStringConvertible {
  /// The message, followed by what is known against the condition, one fact per line.
  public var description: String {
    ([message] + (conflict?.known ?? []).map { "  known  \($0)" }).joined(separator: "\n")
  }
}
