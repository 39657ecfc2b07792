/// The names and assumptions of an arena's symbols.
struct SymbolTable {
  var names: ContiguousArray<String> = []
  var assumptions: ContiguousArray<SymbolAssumptions> = []
  var handles: ContiguousArray<SymExpr> = []
  var byName: [String: UInt32] = [:]

  mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    assumptions.reserveCapacity(count)
    handles.reserveCapacity(count)
    byName.reserveCapacity(count)
  }
}

/// The free symbols of an expression: a part of `symbolSets`, or a single symbol.
struct SymbolSpan: Equatable {
  /// The start of the part, or the number of the single symbol.
  var start: UInt32
  var count: UInt32

  static let empty = SymbolSpan(start: 0, count: 0)
}

extension ExprArena {
  /// The symbol called `name`, created with `assumptions` if it is new.
  ///
  /// One that was created without any takes these: so does a symbol of an archive, which declares the ranges of its
  /// symbols before the expressions that say what is assumed of them.
  public mutating func symbol(_ name: String, _ assumptions: SymbolAssumptions = .integer) -> SymExpr {
    if let index = symbols.byName[name] {
      if symbols.assumptions[Int(index)].isEmpty {
        symbols.assumptions[Int(index)] = assumptions.subtracting([.real, .float]).union(.integer)
      }
      return symbols.handles[Int(index)]
    }
    let index = UInt32(truncatingIfNeeded: symbols.names.count)
    symbols.names.append(name)
    symbols.assumptions.append(assumptions)
    symbols.byName[name] = index
    let handle = intern(.symbol, index)
    symbols.handles.append(handle)
    return handle
  }

  /// The symbol called `name`, if there is one.
  public func symbol(named name: String) -> SymExpr? {
    symbols.byName[name].map { symbols.handles[Int($0)] }
  }

  /// How many symbols were created.
  public var symbolCount: Int { symbols.names.count }

  /// The name of `symbol`.
  public func name(of symbol: SymExpr.Symbol) -> String { symbols.names[Int(symbol.index)] }

  /// The assumptions that `symbol` was created with.
  public func assumptions(of symbol: SymExpr.Symbol) -> SymbolAssumptions {
    symbols.assumptions[Int(symbol.index)]
  }

  /// The expression that is `symbol` alone.
  public func handle(of symbol: SymExpr.Symbol) -> SymExpr { symbols.handles[Int(symbol.index)] }

  /// The name of `e`, which must be a symbol.
  func symbolName(_ e: SymExpr) -> String { symbols.names[Int(record(of: e).lhs)] }

  /// The symbol that `e` is; nil if it is anything else.
  @inlinable
  public func asSymbol(_ e: SymExpr) -> SymExpr.Symbol? {
    e.small == nil ? recordedSymbol(e) : nil
  }

  @usableFromInline
  func recordedSymbol(_ e: SymExpr) -> SymExpr.Symbol? {
    let record = record(of: e)
    return record.kind == .symbol ? SymExpr.Symbol(index: record.lhs) : nil
  }

  /// Whether `e` contains a symbol.
  public func hasSymbols(_ e: SymExpr) -> Bool { flags(of: e).contains(.hasSymbols) }

  /// Whether `e` contains a symbol with the `unbacked` assumption.
  public func hasUnbacked(_ e: SymExpr) -> Bool { flags(of: e).contains(.hasUnbacked) }

  /// Whether `e` contains `oo`, `-oo` or `nan`, with which sums and products have no laws.
  package func hasInfinity(_ e: SymExpr) -> Bool { flags(of: e).contains(.hasInfinity) }

  /// How many distinct symbols `e` contains.
  public func freeSymbolCount(of e: SymExpr) -> Int {
    e.small == nil ? Int(symbolSpans[e.index].count) : 0
  }

  /// Symbol number `position` of `e`, in the order of ``freeSymbols(of:)``.
  public func freeSymbol(of e: SymExpr, at position: Int) -> SymExpr.Symbol {
    SymExpr.Symbol(index: symbol(position, of: symbolSpans[e.index]))
  }

  /// The distinct symbols of `e`, in the order of their creation.
  public func freeSymbols(of e: SymExpr) -> FreeSymbols {
    FreeSymbols(e.small == nil ? symbolSpans[e.index] : .empty, in: symbolSets)
  }

  /// Whether `symbol` occurs in `e`.
  public func contains(_ e: SymExpr, _ symbol: SymExpr.Symbol) -> Bool {
    guard e.small == nil else { return false }
    let span = symbolSpans[e.index]
    for position in 0..<Int(span.count) where self.symbol(position, of: span) == symbol.index { return true }
    return false
  }

  /// The number of the symbol at a position of `span`.
  func symbol(_ position: Int, of span: SymbolSpan) -> UInt32 {
    span.count == 1 ? span.start : symbolSets[Int(span.start) + position]
  }
}

// MARK: - Columns

extension ExprArena {
  func flags(of e: SymExpr) -> Flags { e.small == nil ? record(of: e).flags : [] }

  /// The kind of value that `e` has.
  public func sort(of e: SymExpr) -> SymSort {
    let flags = flags(of: e)
    return flags.contains(.bool) ? .bool : flags.contains(.float) ? .float : .int
  }

  /// The operand at `position`, which the record must have.
  func operand(_ record: Record, _ position: Int) -> SymExpr {
    if record.isPooled { return SymExpr(bits: pool[Int(record.lhs) + position]) }
    return SymExpr(bits: position == 0 ? record.lhs : record.rhs)
  }

  func depth(of e: SymExpr) -> UInt16 { e.small == nil ? depths[e.index] : 0 }

  /// How many parts `e` has, each counted as often as it is used.
  package func partCount(of e: SymExpr) -> UInt32 { e.small == nil ? partCounts[e.index] : 1 }

  /// How deep and how large an expression is.
  struct Extent {
    var depth: UInt16 = 0
    var parts: UInt32 = 1
  }

  /// The flags and the depth of a record, derived from those of its operands.
  func derived(from record: Record) -> (Flags, Extent) {
    switch record.kind {
    case .constant, .integer: return ([], Extent())
    case .float: return (.float, Extent())
    case .symbol: return (flags(ofSymbol: Int(record.lhs)), Extent())
    default: break
    }
    var flags: Flags = []
    var extent = Extent()
    for position in 0..<record.operandCount {
      let operand = operand(record, position)
      flags.formUnion(self.flags(of: operand).intersection([.inherited, .float]))
      extent.depth = Swift.max(extent.depth, depth(of: operand) + 1)
      // Bound: each operand has at most `maxParts`, and the sum stops growing beyond it.
      if extent.parts <= Self.maxParts { extent.parts += partCount(of: operand) }
    }
    switch record.kind {
    case .relation, .and, .or, .not:
      flags.remove(.float)
      flags.insert(.bool)
    case .unary, .binary, .nary:
      setSort(of: record, in: &flags)
      flags.formUnion(Flags(calling: record.function))
    case .product, .power:
      for position in 0..<record.operandCount where isSum(operand(record, position)) {
        flags.insert(.unexpanded)
      }
    default: break
    }
    return (flags, extent)
  }

  private func flags(ofSymbol index: Int) -> Flags {
    let assumptions = symbols.assumptions[index]
    var flags: Flags = .hasSymbols
    if assumptions.contains(.unbacked) { flags.insert(.hasUnbacked) }
    // Without assumptions, a symbol is an integer of which the first expression that has it will say more.
    let isInteger = assumptions.isEmpty || assumptions.contains(.integer)
    if assumptions.contains(.float) || !isInteger { flags.insert(.float) }
    return flags
  }

  private func setSort(of record: Record, in flags: inout Flags) {
    let function = record.callee
    if let sort = function.resultSort {
      flags.remove(.float)
      if sort == .float { flags.insert(.float) }
      return
    }
    // Only the operands that can be the result count, not the condition.
    let first = function == .where ? 1 : 0
    let last = function == .where ? 2 : function == .piecewise ? 0 : record.operandCount - 1
    var isBool = true
    for position in first...last where sort(of: operand(record, position)) != .bool { isBool = false }
    if isBool { flags.insert(.bool) }
  }

  /// The set of symbols of a new record.
  ///
  /// It is shared with an operand that has the same set.
  mutating func collectSymbols(of record: Record) -> SymbolSpan {
    if record.kind == .symbol { return SymbolSpan(start: record.lhs, count: 1) }
    if record.operandCount > 3 { return collectManySymbols(of: record) }
    var result = SymbolSpan.empty
    for position in 0..<record.operandCount {
      let operand = operand(record, position)
      guard operand.small == nil else { continue }
      result = union(result, symbolSpans[operand.index])
    }
    return result
  }

  /// Sorts the symbols of all operands together, so a sum of n symbols takes O(n · log n).
  private mutating func collectManySymbols(of record: Record) -> SymbolSpan {
    let start = symbolSets.count
    var largest = SymbolSpan.empty
    for position in 0..<record.operandCount {
      let operand = operand(record, position)
      guard operand.small == nil else { continue }
      let span = symbolSpans[operand.index]
      if span.count > largest.count { largest = span }
      for index in 0..<Int(span.count) { symbolSets.append(symbol(index, of: span)) }
    }
    symbolSets[start...].sort()
    var end = start
    for index in start..<symbolSets.count where end == start || symbolSets[index] != symbolSets[end - 1] {
      symbolSets[end] = symbolSets[index]
      end += 1
    }
    symbolSets.removeSubrange(end...)
    if end - start == Int(largest.count) {
      symbolSets.removeSubrange(start...)
      return largest
    }
    return SymbolSpan(
      start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start))
  }

  private mutating func union(_ a: SymbolSpan, _ b: SymbolSpan) -> SymbolSpan {
    if b.count == 0 || a == b { return a }
    if a.count == 0 { return b }
    var (i, j) = (0, 0)
    let start = symbolSets.count
    while i < a.count || j < b.count {
      let x = i < a.count ? symbol(i, of: a) : .max
      let y = j < b.count ? symbol(j, of: b) : .max
      if x <= y { i += 1 }
      if y <= x { j += 1 }
      symbolSets.append(Swift.min(x, y))
    }
    let count = symbolSets.count - start
    if count == Int(a.count) || count == Int(b.count) {
      symbolSets.removeSubrange(start...)
      return count == Int(a.count) ? a : b
    }
    return SymbolSpan(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: count))
  }
}
