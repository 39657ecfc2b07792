import DenseTables

/// Reserves capacity up front, because a column that grows step by step is copied several times.
extension ExprArena {
  /// Reserves capacity for `count` more expressions, `symbolCount` of them symbols.
  ///
  /// Unused capacity takes address space but no memory. Hash indexes are not enlarged, because creating one writes all
  /// of it.
  package mutating func reserveRoom(for count: Int, symbols symbolCount: Int) {
    let count = records.count + count
    records.reserveCapacity(count)
    pool.reserveCapacity(count)
    depths.reserveCapacity(count)
    partCounts.reserveCapacity(count)
    symbolSpans.reserveCapacity(count)
    symbolSets.reserveCapacity(count)
    signs.reserveCapacity(count)
    canonicalForms.reserveCapacity(count)
    ranges.reserveCapacity(count)
    rebuilt.reserveCapacity(count)
    implications.reserveCapacity(count)
    memo.reserveCapacity(count)
    symbols.reserveCapacity(symbols.names.count + symbolCount)
    symbolHistory.reserveCapacity(symbols.names.count + symbolCount)
  }
}
