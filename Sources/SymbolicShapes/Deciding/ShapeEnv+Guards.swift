import SymbolicExpressions

/// What a true relation teaches: tighter ranges, equalities that replace a symbol, divisibility.
///
/// Source: `ShapeEnv._maybe_guard_rel`, `_refine_ranges`.
extension ShapeEnv {
  /// A relation with more symbols than this is kept as a fact but not solved.
  static let mostSymbolsToSolveFor = 5

  /// Learns from `expression`, which holds because of `cause`.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `contradiction` if it contradicts what is known. Conclusions drawn before
  ///   the contradiction was found are kept.
  func learn(
    _ expression: SymExpr, _ kind: Learning.Reason.Kind, as cause: SymExpr
  ) throws(SymbolicShapeError) {
    do {
      try learning(kind, from: cause) { () throws(Contradiction) in try learnRelation(expression) }
    } catch {
      facts.areContradictory = true
      changed(.contradiction)
      throw contradictionError(expression, error)
    }
  }

  private func learnRelation(_ expression: SymExpr) throws(Contradiction) {
    if case .and(let parts) = arena.view(of: expression) {
      for part in parts { try learnRelation(part) }
      return
    }
    guard case .relation(let relation, let lhs, let rhs) = arena.view(of: expression), relation != .ne else {
      return
    }
    let symbols = arena.freeSymbols(of: expression)
    guard !symbols.isEmpty, symbols.count <= Self.mostSymbolsToSolveFor else { return }
    let solvedFor = symbols.max(by: isEliminatedLater)
    try refineRanges(expression)
    guard relation == .eq else { return }
    if let mod = arena.atoms(of: expression, calling: .mod).first {
      learnDivisibility(expression, of: mod)
    } else if arena.atoms(of: expression, calling: .floorDiv).isEmpty,
      arena.atoms(of: expression, calling: .cleanDiv).isEmpty
    {
      try learnEquality(expression, lhs, rhs, solvedFor)
    }
  }

  private func learnDivisibility(_ equation: SymExpr, of mod: SymExpr) {
    guard let (_, value) = arena.trySolve(equation, for: mod, floorDivInequality: false), value == .zero
    else {
      return
    }
    if facts.divisible.insert(mod).inserted {
      note(.divisible(mod))
      facts.axiomsMayBeSimpler = true
    }
    changed(.divisibility(mod))
  }

  private func learnEquality(
    _ equation: SymExpr, _ lhs: SymExpr, _ rhs: SymExpr, _ solvedFor: SymExpr.Symbol?
  ) throws(Contradiction) {
    if isTriviallySolved(lhs, by: rhs), let symbol = arena.asSymbol(lhs) {
      try setReplacement(symbol, resolve(rhs))
    } else if isTriviallySolved(rhs, by: lhs), let symbol = arena.asSymbol(rhs) {
      try setReplacement(symbol, resolve(lhs))
    } else if let symbol = solvedFor,
      let (_, solution) = arena.trySolve(equation, for: arena.handle(of: symbol), floorDivInequality: false),
      arena.isInteger(solution), !arena.hasUnbacked(solution)
    {
      try setReplacement(symbol, resolve(solution))
    }
  }

  /// Whether `side` is a lone symbol that may be replaced by `other`: a float, or an unbacked symbol that equals
  /// something known before the run.
  ///
  /// Other symbols are kept: replacing them would make their earlier uses refer to values that are not bound yet.
  private func isTriviallySolved(_ side: SymExpr, by other: SymExpr) -> Bool {
    guard let symbol = arena.asSymbol(side) else { return false }
    switch kind(of: symbol) {
    case .unbackedInt, .unbackedFloat:
      return arena.freeSymbols(of: other).allSatisfy {
        !arena.assumptions(of: $0).contains(.unbacked) || facts.unbackedInputs.contains($0)
      } || kind(of: symbol) == .unbackedFloat
    case .backedNumber: return !arena.assumptions(of: symbol).contains(.integer)
    case .backedSize: return false
    }
  }

  /// Eliminates larger hints first (a missing hint counts as the largest), then later names.
  private func isEliminatedLater(_ a: SymExpr.Symbol, _ b: SymExpr.Symbol) -> Bool {
    let (sizeOfA, sizeOfB) = (eliminationSize(a), eliminationSize(b))
    return sizeOfA != sizeOfB ? sizeOfA < sizeOfB : arena.name(of: a) < arena.name(of: b)
  }

  private func eliminationSize(_ symbol: SymExpr.Symbol) -> Int {
    if kind(of: symbol) == .backedSize, case .int(let hint)? = facts.hints[Int(symbol.index)] { return hint }
    return .max
  }

  func kind(of symbol: SymExpr.Symbol) -> SymbolKind {
    Int(symbol.index) < facts.kinds.count ? facts.kinds[Int(symbol.index)] : .backedNumber
  }

  /// Solves `expression` for each of its integer symbols and intersects their ranges with the solutions.
  private func refineRanges(_ expression: SymExpr) throws(Contradiction) {
    let simplified = simplify(expression)
    guard case .relation = arena.view(of: simplified) else { return }
    reserveColumnsForAllSymbols()
    for symbol in unbackedFirst(arena.freeSymbols(of: simplified)) {
      guard case .int(let range) = facts.ranges.ranges[Int(symbol.index)],
        let (relation, rhs) = arena.trySolve(simplified, for: arena.handle(of: symbol)),
        arena.isInteger(rhs), case .int(let bound) = arena.range(of: rhs, in: facts.ranges)
      else { continue }
      let refined = refine(range, relation, bound)
      if refined == range { continue }
      try refine(symbol, to: refined)
      if case .int(let now) = facts.ranges.ranges[Int(symbol.index)], let value = now.singleton {
        try setReplacement(symbol, arena.integer(value))
      }
    }
  }

  /// The symbols, those without a hint first.
  ///
  /// PyTorch iterates over a set in arbitrary order. The order matters only if a contradiction stops the loop half-way.
  private func unbackedFirst(_ symbols: FreeSymbols) -> [SymExpr.Symbol] {
    symbols.filter { hint(of: $0) == nil } + symbols.filter { hint(of: $0) != nil }
  }

  /// The part of `range` that satisfies `relation` for some value in `bound`.
  private func refine(_ range: IntRange, _ relation: RelationKind, _ bound: IntRange) -> IntRange {
    var refined = range
    if range.lower <= bound.lower, relation == .eq || relation == .ge || relation == .gt {
      refined.lower = relation == .gt ? successor(bound.lower) : bound.lower
    }
    if range.upper >= bound.upper, relation == .eq || relation == .le || relation == .lt {
      refined.upper = relation == .lt ? predecessor(bound) : bound.upper
    }
    return refined
  }

  private func successor(_ end: Int) -> Int { end == .min || end == .max ? end : end + 1 }

  /// One less than the upper bound.
  ///
  /// A literal `Int.max`, which PyTorch programs compare with, is not infinity.
  private func predecessor(_ bound: IntRange) -> Int {
    if bound.upper == .max { return bound.lower == .max ? .max - 1 : .max }
    return bound.upper == .min ? .min : bound.upper - 1
  }
}
