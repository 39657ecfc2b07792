public import SymbolicExpressions

/// What a relation that holds teaches: tighter ranges, equalities that replace a symbol, divisibility.
///
/// Source: `ShapeEnv._maybe_guard_rel`, `_refine_ranges`, `_set_replacement`.
extension ShapeEnv {
  /// Beyond this many symbols a relation is kept as a fact and not taken apart.
  static let mostSymbolsToSolveFor = 5

  func learnRelation(_ expression: SymExpr) {
    if case .and(let parts) = arena.view(of: expression) {
      for part in parts { learnRelation(part) }
      return
    }
    guard case .relation(let relation, let lhs, let rhs) = arena.view(of: expression), relation != .ne else {
      return
    }
    let symbols = arena.freeSymbols(of: expression)
    guard !symbols.isEmpty, symbols.count <= Self.mostSymbolsToSolveFor else { return }
    refineRanges(expression)
    guard relation == .eq else { return }
    if let mod = arena.atoms(of: expression, calling: .mod).first
      ?? arena.atoms(of: expression, calling: .pythonMod).first
    {
      if let solution = arena.trySolve(expression, for: mod, floorDivInequality: false),
        arena.integerValue(of: solution.1) == 0
      {
        if facts.divisible.insert(mod).inserted { note(.divisible(mod)) }
        changed()
      }
      return
    }
    guard arena.atoms(of: expression, calling: .floorDiv).isEmpty else { return }
    if isTriviallySolved(lhs, by: rhs), let symbol = arena.asSymbol(lhs) {
      setReplacement(symbol, resolve(rhs))
    } else if isTriviallySolved(rhs, by: lhs), let symbol = arena.asSymbol(rhs) {
      setReplacement(symbol, resolve(lhs))
    } else if let symbol = symbols.max(by: isEliminatedLater),
      let (_, solution) = arena.trySolve(
        expression, for: arena.handle(of: symbol), floorDivInequality: false),
      arena.isInteger(solution)
    {
      let target = resolve(solution)
      if !arena.hasUnbacked(target) { setReplacement(symbol, target) }
    }
  }

  /// A lone symbol that may become the other side: an unbacked one that is equal to something known before
  /// the run, or a float.
  ///
  /// Others are left, for their early uses would speak of values not yet bound.
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

  /// Larger hints are eliminated first (no hint counts as largest), then later names.
  private func isEliminatedLater(_ a: Symbol, _ b: Symbol) -> Bool {
    let (sizeOfA, sizeOfB) = (eliminationSize(a), eliminationSize(b))
    return sizeOfA != sizeOfB ? sizeOfA < sizeOfB : arena.name(of: a) < arena.name(of: b)
  }

  private func eliminationSize(_ symbol: Symbol) -> Int {
    if kind(of: symbol) == .backedSize, case .int(let hint)? = facts.hints[Int(symbol.index)] { return hint }
    return .max
  }

  func kind(of symbol: Symbol) -> SymbolKind {
    Int(symbol.index) < facts.kinds.count ? facts.kinds[Int(symbol.index)] : .backedNumber
  }

  /// Solves `expression` for each of its integer symbols and intersects their ranges with what comes out.
  private func refineRanges(_ expression: SymExpr) {
    let simplified = simplify(expression)
    guard case .relation = arena.view(of: simplified) else { return }
    reserveColumnsForAllSymbols()
    for symbol in arena.freeSymbols(of: simplified) {
      guard case .int(let range) = facts.ranges.ranges[Int(symbol.index)],
        let (relation, rhs) = arena.trySolve(simplified, for: arena.handle(of: symbol)),
        arena.isInteger(rhs), case .int(let bound) = arena.range(of: rhs, in: facts.ranges)
      else { continue }
      var refined = range
      if range.lower <= bound.lower, relation == .eq || relation == .ge || relation == .gt {
        refined.lower =
          relation == .gt && bound.lower != .min && bound.lower != .max ? bound.lower + 1 : bound.lower
      }
      if range.upper >= bound.upper, relation == .eq || relation == .le || relation == .lt {
        refined.upper =
          relation == .lt && bound.upper != .max && bound.upper != .min ? bound.upper - 1 : bound.upper
      }
      guard refined != range else { continue }
      refine(symbol, to: refined)
      if case .int(let now) = facts.ranges.ranges[Int(symbol.index)], now.lower == now.upper {
        setReplacement(symbol, arena.integer(now.lower))
      }
    }
  }

  /// Says that `symbol` lies in `range`.
  ///
  /// An empty intersection with what is known leaves that as it was: the two contradict each other, and a run
  /// will fail the one or the other.
  public func narrow(_ symbol: Symbol, to range: IntRange) {
    reserveColumns(through: symbol)
    if case .int(let given) = facts.given.ranges.ranges[Int(symbol.index)] {
      let both = given.intersection(range)
      if !both.isEmpty { facts.given.ranges.ranges[Int(symbol.index)] = .int(both) }
    }
    learning(.constrained, from: nil) { refine(symbol, to: range) }
  }

  /// Intersects the range of `symbol` with `range`, which was concluded from facts.
  func refine(_ symbol: Symbol, to range: IntRange) {
    reserveColumns(through: symbol)
    let index = Int(symbol.index)
    guard case .int(let old) = facts.ranges.ranges[index] else { return }
    let new = old.intersection(range)
    guard new != old, !new.isEmpty else { return }
    facts.ranges.ranges[index] = .int(new)
    note(.range(symbol, new))
    changed()
  }

  /// Replaces `symbol` by `target` from now on, if nothing known about `symbol` is lost by it.
  func setReplacement(_ symbol: Symbol, _ target: SymExpr) {
    guard target != facts.replacements[Int(symbol.index)], !arena.freeSymbols(of: target).contains(symbol)
    else {
      return
    }
    reserveColumnsForAllSymbols()
    let index = Int(symbol.index)
    if case .int(let own) = facts.ranges.ranges[index],
      case .int(var bound) = arena.range(of: target, in: facts.ranges)
    {
      learning(.replacement, from: target) { refine(symbol, to: bound) }
      if !bound.isSubset(of: own), let other = onlySymbol(of: target),
        let (_, inverse) = arena.trySolve(
          arena.eq(arena.handle(of: symbol), target), for: arena.handle(of: other), floorDivInequality: false)
      {
        learning(.replacement, from: arena.handle(of: symbol)) { refineByInverse(other, inverse) }
        if case .int(let again) = arena.range(of: target, in: facts.ranges) { bound = again }
      }
      if let other = arena.asSymbol(target), facts.sizeLike[index] || facts.sizeLike[Int(other.index)] {
        facts.sizeLike[index] = true
        facts.sizeLike[Int(other.index)] = true
      }
      guard bound.isSubset(of: own) else { return }
    }
    if facts.replacements[index] == arena.handle(of: symbol) { facts.replaced.append(symbol) }
    facts.replacements[index] = target
    note(.replacement(symbol, target))
    changed()
  }

  private func onlySymbol(of expression: SymExpr) -> Symbol? {
    let symbols = arena.freeSymbols(of: expression)
    return symbols.count == 1 ? symbols.first : nil
  }

  private func refineByInverse(_ symbol: Symbol, _ inverse: SymExpr) {
    switch arena.range(of: inverse, in: facts.ranges) {
    case .int(let range): refine(symbol, to: range)
    case .float(let range):
      let limit = 9e18
      refine(
        symbol,
        to: IntRange(
          lower: range.lower > -limit ? Int(range.lower.rounded(.up)) : .min,
          upper: range.upper < limit ? Int(range.upper.rounded(.down)) : .max))
    case .bool: break
    }
  }
}
