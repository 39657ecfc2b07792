import DenseTables

/// The memo of what follows from facts.
///
/// The conclusions of all facts are in one pool: for each fact, their count, then the conclusions. A conclusion is the
/// handle of a condition with its truth in the highest bit, which handles of conditions do not use.
struct ImplicationMemo {
  /// The position in the pool by fact; `.max` if none was recorded.
  private var starts = Column<UInt32>(nothing: .max)
  private var pool: ContiguousArray<UInt32> = []

  /// The positions of the conclusions of `fact`; `nil` if none were recorded.
  func places(of fact: SymExpr) -> Range<Int>? {
    guard starts[fact.index] != .max else { return nil }
    let start = Int(starts[fact.index])
    return start + 1..<start + 1 + Int(pool[start])
  }

  subscript(place: Int) -> (SymExpr, Bool) {
    (SymExpr(bits: pool[place] & ~SymExpr.smallFlag), pool[place] & SymExpr.smallFlag != 0)
  }

  mutating func reserveCapacity(_ count: Int) {
    starts.reserveCapacity(count)
    pool.reserveCapacity(count)
  }

  mutating func note(_ conclusions: [(SymExpr, Bool)], of fact: SymExpr) -> Range<Int> {
    starts[fact.index] = UInt32(truncatingIfNeeded: pool.count)
    pool.append(UInt32(truncatingIfNeeded: conclusions.count))
    for (condition, truth) in conclusions {
      pool.append(condition.bits | (truth ? SymExpr.smallFlag : 0))
    }
    return pool.count - conclusions.count..<pool.count
  }
}

extension ExprArena {
  /// What follows from the condition `e` being true, each as a canonical boolean with its truth: PyTorch's
  /// `get_implications`.
  public mutating func impliedFacts(of e: SymExpr) -> [(SymExpr, Bool)] {
    var facts: [(SymExpr, Bool)] = []
    forEachImpliedFact(of: e) { facts.append(($0, $1)) }
    return facts
  }

  /// Calls `body` for everything that follows from the condition `e` being true, each a canonical boolean with its
  /// truth.
  public mutating func forEachImpliedFact(of e: SymExpr, _ body: (SymExpr, Bool) -> Void) {
    for place in implications.places(of: e) ?? implications.note(findImpliedFacts(of: e), of: e) {
      let (condition, truth) = implications[place]
      body(condition, truth)
    }
  }
}
