public import SymbolicExpressions

/// A required condition and the known facts that contradict it.
///
/// If `u0 >= 5` was checked first and `u0 <= 2` is checked later, the condition is `u0 <= 2`. The known fact is
/// `u0 >= 5`, with the step that established it.
public struct Conflict: Sendable {
  /// The required condition, in its original form.
  public let condition: SymExpr
  /// The condition as text.
  public let text: String
  /// The step that required it.
  public let origin: ShapeEnv.Origin
  /// The facts that rule out every value; empty if arithmetic alone refutes the condition.
  public let known: [KnownFact]
  /// Whether `known` refutes the condition.
  ///
  /// If false, one of PyTorch's rules rejected the condition, and `known` holds what that rule had learned about its
  /// symbols.
  public let isProved: Bool
}

/// A known fact and the reason for it.
public struct KnownFact: Hashable, Sendable {
  /// The fact as text: `u0 >= 5`, `Eq(u0, u1)`.
  public let text: String
  /// Why it is known.
  public let reason: Learning.Reason
}

extension KnownFact: CustomStringConvertible {
  /// `u0 >= 5   assert, step 3`.
  public var description: String {
    reason.origin == .input ? "\(text)   \(reason.kind)" : "\(text)   \(reason.kind), \(reason.origin.text)"
  }
}

/// How much was known before a condition was checked.
///
/// Facts that the condition itself taught come later.
struct KnownBefore {
  let guards: Int
  let runtimeAsserts: Int
  let history: Int
}
