import ShapePropagation
import SymbolicExpressions

/// One path through a program: the decisions of one propagation, and how it ended.
///
/// Sizes for which every decision is the same have the same outcome, so one run covers all of them.
///
/// ```text
/// s0 == 0, s1 >= 2                    refused: select(): index 0 out of range
/// s0 >= 2, s1 >= 2, Ne(s0, s1)        passed
/// ```
struct PropagationPath: Sendable {
  /// How a run ended.
  enum Outcome: Sendable {
    /// Nothing rules out the sizes: the run finished, or reached a point that only an actual run can pass.
    case passed
    /// An operator refuses the sizes.
    case refused(Refusal)
  }

  /// The conditions on sizes that take this path, in symbols of the program.
  let conditions: [SymExpr]
  let outcome: Outcome
}

/// The refusal of a node.
struct Refusal: Sendable {
  /// The negation of the last decision before the refusal; `nil` if there was none.
  let demand: SymExpr?
  /// The node's error message.
  let message: String
  /// The node with the author's source line, then the message.
  let origins: [ConstraintOrigin]
}
