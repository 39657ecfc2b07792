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

  private var truths: ContiguousArray<UInt8> = []

  var isEmpty: Bool { truths.isEmpty }

  /// The truth of a condition that is no constant; `nil` where nothing is known.
  subscript(condition: SymExpr) -> Bool? {
    let index = Int(condition.bits)
    guard index < truths.count, truths[index] != Truth.unknown else { return nil }
    return truths[index] == Truth.holds
  }

  mutating func learn(_ condition: SymExpr, _ truth: Bool) {
    let index = Int(condition.bits)
    if truths.count <= index {
      truths.append(contentsOf: repeatElement(Truth.unknown, count: index + 1 - truths.count))
    }
    truths[index] = truth ? Truth.holds : Truth.fails
  }
}
