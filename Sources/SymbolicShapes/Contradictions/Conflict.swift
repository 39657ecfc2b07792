public import SymbolicExpressions

/// A condition that was demanded, and what is known against it: the two sources of a contradiction.
///
/// Of a check `u0 <= 2` after a check `u0 >= 5`, the condition is the later one; the earlier one, with the step
/// that made it, is known.
public struct Conflict: Sendable {
  /// What was demanded, as it was asked.
  public let condition: SymExpr
  /// The same as text.
  public let text: String
  /// The step that demanded it.
  public let origin: ShapeEnv.Origin
  /// What leaves no value for which the condition holds; empty when arithmetic alone does.
  public let known: [KnownFact]
  /// Whether `known` refutes the condition.
  ///
  /// Otherwise a rule of PyTorch's concluded that, and `known` is what it had learnt about the symbols.
  public let isProved: Bool
}

/// Something that is known, and why.
public struct KnownFact: Hashable, Sendable {
  /// What is known: `u0 >= 5`, `Eq(u0, u1)`.
  public let text: String
  /// Why.
  public let reason: Learning.Reason
}

extension KnownFact: CustomStringConvertible {
  /// `u0 >= 5   assert, step 3`.
  public var description: String {
    reason.origin == .input ? "\(text)   \(reason.kind)" : "\(text)   \(reason.kind), \(reason.origin.text)"
  }
}

/// What a condition was checked against; facts that it taught itself come later.
struct KnownBefore {
  let guards: Int
  let runtimeAsserts: Int
  let history: Int
}
