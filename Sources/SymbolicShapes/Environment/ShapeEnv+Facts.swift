public import SymbolicExpressions

/// Read access to what is known.
extension ShapeEnv {
  /// The guards, in the order in which they were added.
  public var guards: [Guard] { facts.guards }

  /// The runtime asserts in the order in which they were added, each with the newest unbacked symbol in it.
  public var runtimeAsserts: [(symbol: SymExpr.Symbol?, assert: RuntimeAssert)] { facts.runtimeAsserts }

  /// The replaced symbols, in the order in which they were replaced.
  public var replacements: [(symbol: SymExpr.Symbol, target: SymExpr)] {
    facts.replaced.filter(isReplaced).map { ($0, find($0)) }
  }

  /// The fresh symbols that were found to be known ones.
  public var renamings: [Renaming] {
    facts.renamings.map { Renaming(from: $0.key, to: $0.value) }.sorted { $0.from.index < $1.from.index }
  }

  /// The remainders that are known to be zero.
  public var divisible: Set<SymExpr> { facts.divisible }

  /// The symbols, in the order in which they were declared or created.
  public var symbols: [SymExpr.Symbol] {
    (0..<facts.kinds.count).lazy.map { SymExpr.Symbol(index: UInt32($0)) }.filter {
      facts.births[Int($0.index)] != .forgotten && !arena.name(of: $0).hasPrefix("_")
    }
  }

  /// The size or number declared as `name`, if there is one.
  public func symbol(named name: String) -> SymInt? {
    guard let expression = arena.symbol(named: name), let symbol = arena.asSymbol(expression),
      Int(symbol.index) < facts.births.count, facts.births[Int(symbol.index)] != .forgotten
    else { return nil }
    return symInt(expression)
  }

  /// What a symbol stands for.
  public func symbolKind(_ symbol: SymExpr.Symbol) -> SymbolKind { kind(of: symbol) }

  /// The range of a symbol; a renamed symbol also lies in the range of its other name.
  public func range(of symbol: SymExpr.Symbol) -> ValueRange? {
    guard Int(symbol.index) < facts.kinds.count else { return nil }
    let own = facts.ranges.ranges[Int(symbol.index)]
    guard isReplaced(symbol), facts.renamings[symbol] != nil, case .int(let range) = own,
      case .int(let other) = bound(of: find(symbol))
    else { return own }
    let common = IntRange(
      lower: Swift.max(range.lower, other.lower), upper: Swift.min(range.upper, other.upper))
    return common.lower <= common.upper ? .int(common) : own
  }

  /// A range that contains every value of `expression`.
  ///
  /// Source: `ShapeEnv.bound_sympy`.
  public func bound(of expression: SymExpr) -> ValueRange {
    reserveColumnsForAllSymbols()
    return arena.range(of: expression, in: facts.ranges)
  }

  /// The range of a size; ±∞ are the extreme integers.
  public func bound(of value: SymInt) -> IntRange {
    if let constant = value.constant { return IntRange(lower: constant, upper: constant) }
    if case .int(let range) = bound(of: resolve(expression(value))) { return range }
    return .unbounded
  }

  /// The hint of a symbol.
  public func hint(of symbol: SymExpr.Symbol) -> SymExpr.Number? {
    Int(symbol.index) < facts.hints.count ? facts.hints[Int(symbol.index)] : nil
  }

  /// Whether a symbol is size-like.
  public func isSizeLike(_ symbol: SymExpr.Symbol) -> Bool {
    Int(symbol.index) < facts.sizeLike.count && facts.sizeLike[Int(symbol.index)]
  }

  /// The step that created a symbol.
  public func birth(of symbol: SymExpr.Symbol) -> Origin {
    Int(symbol.index) < facts.births.count ? facts.births[Int(symbol.index)] : .input
  }

  /// Marks `symbol` as an input without a hint.
  public func addUnbackedInput(_ symbol: SymExpr.Symbol) {
    facts.unbackedInputs.insert(symbol)
    changedFromOutside()
  }

  /// `value` as PyTorch prints it, after replacements.
  public func text(of value: SymInt) -> String {
    value.constant.map { "\($0)" } ?? arena.text(of: resolve(expression(value)))
  }

  /// `expression` as PyTorch prints it, after replacements.
  public func text(of expression: SymExpr) -> String { arena.text(of: resolve(expression)) }
}
