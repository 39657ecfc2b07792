import DenseTables

/// Room for many expressions, made at once: a column that grows as it is filled is copied several times.
extension ExprArena {
  /// Makes room for `count` expressions, `symbolCount` of them symbols, beside what is there.
  ///
  /// What is not used of it takes addresses and no memory, so the tables, which are filled when they are made, are left
  /// to grow.
  package mutating func reserveRoom(for count: Int, symbols symbolCount: Int) {
    let count = records.count + count
    records.reserveCapacity(count)
    pool.reserveCapacity(count)
    depths.reserveCapacity(count)
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
