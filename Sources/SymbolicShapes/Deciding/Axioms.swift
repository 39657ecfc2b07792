import DenseTables
import SymbolicExpressions

/// Facts by canonical form, with their truth.
///
/// A column by expression: asking takes one load, near to what was asked before, for the forms that a program asks
/// about at one time were made at about one time.
struct Axioms {
  private enum Truth {
    static let unknown: UInt8 = 0
    static let holds: UInt8 = 1
    static let fails: UInt8 = 2
  }

  private var truths = Column<UInt8>(nothing: Truth.unknown)

  var isEmpty: Bool { truths.isEmpty }

  /// The truth of a condition that is no constant; `nil` where nothing is known.
  subscript(condition: SymExpr) -> Bool? {
    let truth = truths[Int(condition.bits)]
    return truth == Truth.unknown ? nil : truth == Truth.holds
  }

  mutating func learn(_ condition: SymExpr, _ truth: Bool) {
    truths[Int(condition.bits)] = truth ? Truth.holds : Truth.fails
  }
}
