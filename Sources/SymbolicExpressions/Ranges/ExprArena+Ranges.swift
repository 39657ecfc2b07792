import DenseTables

/// Ranges derived for expressions, each with the time of its derivation.
///
/// Few expressions need a range, so the column by expression holds only the index of the range.
struct RangeColumn {
  struct Entry {
    var range: ValueRange
    var time: UInt32
  }

  /// By expression; `.max` if no range was derived.
  private var places = Column<UInt32>(nothing: .max)
  private var entries: ContiguousArray<Entry> = []

  /// The range of an operand, which must be in the column already.
  func callAsFunction(_ e: SymExpr) -> ValueRange {
    if let value = e.small { return .int(IntRange(value)) }
    guard let entry = self[e] else { preconditionFailure("ranges are derived from the operands on") }
    return entry.range
  }

  /// The range derived for an expression that is not a small integer.
  subscript(e: SymExpr) -> Entry? {
    let place = places[e.index]
    return place == .max ? nil : entries[Int(place)]
  }

  mutating func reserveCapacity(_ count: Int) {
    places.reserveCapacity(count)
  }

  mutating func note(_ range: ValueRange, of e: SymExpr, at time: UInt32) {
    let entry = Entry(range: range, time: time)
    let place = places[e.index]
    if place == .max {
      places[e.index] = UInt32(truncatingIfNeeded: entries.count)
      entries.append(entry)
    } else {
      entries[Int(place)] = entry
    }
  }
}

/// The ranges of the symbols as last seen, and the time at which each change was noticed.
///
/// Comparing with them shows which ranges must be derived again, however their owner changed or restored them.
struct SymbolHistory {
  private var seen: ContiguousArray<ValueRange> = []
  private var times: ContiguousArray<UInt32> = []
  private(set) var now: UInt32 = 1

  mutating func reserveCapacity(_ count: Int) {
    seen.reserveCapacity(count)
    times.reserveCapacity(count)
  }

  /// The time of the last change of a symbol's range, which is now `range`.
  mutating func lastChange(of symbol: Int, _ range: ValueRange) -> UInt32 {
    while seen.count <= symbol {
      seen.append(.unknownBool)
      times.append(0)
    }
    if seen[symbol] != range {
      now += 1
      seen[symbol] = range
      times[symbol] = now
    }
    return times[symbol]
  }
}

extension ExprArena {
  /// The values that `e` can have if its symbols have those in `symbolRanges`.
  ///
  /// The interval rules are those of PyTorch's `bound_sympy`, made tighter where that is sound. The range of a relation
  /// is a range of booleans, so static evaluation is a special case. The result is memoized until the range of a symbol
  /// of `e` changes.
  public mutating func range(of e: SymExpr, in symbolRanges: borrowing SymbolRanges) -> ValueRange {
    if let value = e.small { return .int(IntRange(value)) }
    let changed = lastChange(in: e, symbolRanges)
    if let known = ranges[e], known.time >= changed { return known.range }
    return derivedRange(of: e, in: symbolRanges)
  }

  private mutating func derivedRange(of e: SymExpr, in symbolRanges: borrowing SymbolRanges) -> ValueRange {
    counted.ranges &+= 1
    let record = record(of: e)
    let result: ValueRange
    if record.kind == .symbol {
      result = range(ofSymbol: Int(record.lhs), in: symbolRanges)
    } else {
      for position in 0..<record.operandCount { _ = range(of: operand(record, position), in: symbolRanges) }
      if let rewritten = rewrittenForRange(e, record, in: symbolRanges) {
        result = range(of: rewritten, in: symbolRanges)
      } else {
        result = transferredRange(of: e, record, ranges)
      }
    }
    ranges.note(result, of: e, at: symbolHistory.now)
    return result
  }

  private func range(ofSymbol index: Int, in symbolRanges: borrowing SymbolRanges) -> ValueRange {
    index < symbolRanges.ranges.count ? symbolRanges.ranges[index] : assumedRange(ofSymbol: index)
  }

  /// When the range of a symbol of `e` last changed.
  private mutating func lastChange(in e: SymExpr, _ symbolRanges: borrowing SymbolRanges) -> UInt32 {
    var last: UInt32 = 0
    let span = symbolSpans[e.index]
    for position in 0..<Int(span.count) {
      let symbol = Int(symbol(position, of: span))
      last = Swift.max(last, symbolHistory.lastChange(of: symbol, range(ofSymbol: symbol, in: symbolRanges)))
    }
    return last
  }

  private func assumedRange(ofSymbol index: Int) -> ValueRange {
    let assumptions = symbols.assumptions[index]
    guard assumptions.contains(.integer) else { return .float(.unbounded) }
    let lower = assumptions.contains(.positive) ? 1 : assumptions.contains(.nonnegative) ? 0 : Int.min
    let upper = assumptions.contains(.negative) ? -1 : assumptions.contains(.nonpositive) ? 0 : Int.max
    return .int(IntRange(lower: lower, upper: upper))
  }
}
