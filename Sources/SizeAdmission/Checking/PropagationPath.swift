import ShapePropagation
import SymbolicExpressions

/// One way through a program: the decisions of one propagation, and how it ended.
///
/// Other sizes for which every decision comes out the same end the same way, so one run speaks for all of them.
///
/// ```text
/// s0 == 0, s1 >= 2                    refused: select(): index 0 out of range
/// s0 >= 2, s1 >= 2, Ne(s0, s1)        passed
/// ```
struct PropagationPath: Sendable {
  /// How a run ended.
  enum Outcome: Sendable {
    /// Nothing speaks against the sizes: the run came to its end, or to a place where only a real run goes on.
    case passed
    /// An operator refuses the sizes.
    case refused(Refusal)
  }

  /// What holds of the sizes that go this way, in symbols of the program.
  let conditions: [SymExpr]
  let outcome: Outcome
}

/// A node that does not take the sizes it is given.
struct Refusal: Sendable {
  /// The decision that led there, negated; `nil` when there was none.
  let demand: SymExpr?
  /// What the node says.
  let message: String
  /// The node with the author's source line, then the message.
  let origins: [ConstraintOrigin]
}
