import DenseTables
import SymbolicExpressions

/// The truth of known facts, keyed by canonical form.
///
/// Stored as a column indexed by expression, so a look-up is one load. Expressions that are looked up together were
/// usually created together, so the loads are close to each other.
struct Axioms {
  private enum Truth {
    static let unknown: UInt8 = 0
    static let holds: UInt8 = 1
    static let fails: UInt8 = 2
  }

  private var truths = Column<UInt8>(nothing: Truth.unknown)

  var isEmpty: Bool { truths.isEmpty }

  /// The truth of a condition that is not a constant; `nil` if unknown.
  subscript(condition: SymExpr) -> Bool? {
    let truth = truths[Int(condition.bits)]
    return truth == Truth.unknown ? nil : truth == Truth.holds
  }

  mutating func learn(_ condition: SymExpr, _ truth: Bool) {
    truths[Int(condition.bits)] = truth ? Truth.holds : Truth.fails
  }
}
