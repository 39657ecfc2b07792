import SymbolicExpressions
import SymbolicShapes

/// Decides whether a condition follows from those that are already checked.
struct ImplicationTest {
  private let shapes: ShapeEnv
  private let start: ShapeEnv.Checkpoint

  /// Nothing is known about the parameters at first, not even that sizes are non-negative.
  init(_ rules: SizeRules, _ binding: ParameterBinding) {
    shapes = rules.shapes
    start = shapes.checkpoint()
    for parameter in binding.parameters {
      shapes.declare(
        shapes.text(raw: parameter.given), .integer, kind: .backedNumber, range: .int(.unbounded), hint: nil)
    }
  }

  /// Whether `condition` holds for all values that satisfy what was learned.
  ///
  /// A condition that may have no value does not count as implied: sizes for which it has none are refused.
  func holds(_ condition: SymExpr) -> Bool {
    if holdsPlainly(condition) { return true }
    return Self.isTotal(condition, shapes.arena)
      && shapes.prove(SymBool(condition), budget: Self.budget)?.holds == true
  }

  /// Whether `condition` holds by what is known about its parts, without a proof.
  func holdsPlainly(_ condition: SymExpr) -> Bool {
    Self.isTotal(condition, shapes.arena) && shapes.staticallyKnownTrue(SymBool(condition))
  }

  /// Allows a check of a hundred constraints to be made within a few tens of milliseconds.
  private static let budget = ProofBudget(work: 4_000, cases: 8, facts: 16)

  /// Assumes `condition` from now on.
  func learn(_ condition: SymExpr) { _ = shapes.check(SymBool(condition)) }

  /// Restores the rules' environment.
  func forget() { shapes.restore(start) }

  /// Whether every divisor is a number, so that the value exists if it fits 64 bits.
  private static func isTotal(_ condition: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    for function in [SymFunction.floorDiv, .cleanDiv, .mod, .pythonMod, .intTrueDiv, .modularIndexing] {
      for atom in arena.atoms(of: condition, calling: function) {
        guard case .call(_, let operands) = arena.view(of: atom) else { return false }
        for divisor in operands.dropFirst() {
          guard let value = arena.integerValue(of: divisor), value > 0 else { return false }
        }
      }
    }
    return true
  }
}
