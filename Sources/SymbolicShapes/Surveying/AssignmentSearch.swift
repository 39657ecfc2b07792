import SymbolicExpressions

/// Searches for values of symbols that satisfy conditions and everything known about the symbols.
///
/// Depth first. A symbol determined by an equation comes next, otherwise the one with the fewest candidates. Candidates
/// lie in the symbol's range, near its bounds and near the numbers in the conditions; inequalities with one open symbol
/// narrow them along the way.
struct AssignmentSearch {
  /// Which values are tried first.
  enum Preference {
    /// Those nearest to 0, as a person would choose.
    case small
    /// Those other than 0, 1 and the other symbols' values, as sizes usually are; the given values come first.
    case typical([SymExpr.Symbol: SymExpr.Number])
  }

  private let shapes: ShapeEnv
  private var conditions: [SymExpr] = []
  private(set) var symbols: [SymExpr.Symbol] = []
  private var places: [SymExpr.Symbol: Int] = [:]
  /// The positions of the symbols of each condition.
  private var placesOfCondition: [[Int]] = []
  /// The numbers of the conditions that contain each symbol.
  private var conditionsOfPlace: [[Int]] = []
  private var pools: [CandidateValues] = []
  private var values: [SymExpr.Number?] = []
  /// What a condition says about one of its symbols, by condition and position.
  private var solutions: [Int: [Int: Solution]] = [:]
  private var work = 0
  /// Whether every value of every symbol is a candidate and all facts were considered.
  private var isExhaustive = true

  private enum Solution {
    case none
    /// `coefficient · symbol + rest` is in the relation to 0; the coefficient is a nonzero number.
    case linear(RelationKind, coefficient: Int, rest: SymExpr)
    /// The symbol, a float, is in the relation to an expression.
    case direct(RelationKind, SymExpr)
  }

  /// A larger condition counts once more for each so many parts that it has.
  private static let partsOfACondition = 32
  /// Symbols and facts beyond these limits are ignored.
  private static let most = (symbols: 64, conditions: 512)

  /// Searches for values of the symbols of `wanted` and `expressions` that satisfy all of `wanted`, and those of
  /// `chosen` that involve these symbols.
  init(
    _ shapes: ShapeEnv, where wanted: [SymExpr], about expressions: [SymExpr] = [],
    among chosen: [SymExpr] = [], preferring: Preference
  ) {
    self.shapes = shapes
    var pending = wanted.map { shapes.resolve($0) }
    var rest = shapes.conditions(besides: chosen)
    var known = 0
    for expression in expressions { meet(shapes.arena.freeSymbols(of: shapes.resolve(expression))) }
    repeat {
      if let next = pending.popLast() { add(next) }
      guard conditions.count < Self.most.conditions else {
        isExhaustive = false
        break
      }
      guard symbols.count > known else { continue }
      // The facts that involve a newly added symbol.
      known = symbols.count
      rest.removeAll { fact in
        guard shapes.arena.freeSymbols(of: fact).contains(where: { places[$0] != nil }) else { return false }
        pending.append(fact)
        return true
      }
    } while !pending.isEmpty
    let numbers = conditions.flatMap { shapes.arena.integers(in: $0) }
    for (place, symbol) in symbols.enumerated() {
      pools.append(CandidateValues(of: symbol, place, near: numbers, preferring, shapes))
    }
    values = Array(repeating: nil, count: symbols.count)
  }

  private mutating func add(_ condition: SymExpr) {
    if shapes.arena.booleanValue(of: condition) == true || conditions.contains(condition) { return }
    let number = conditions.count
    conditions.append(condition)
    let symbolsHere = shapes.arena.freeSymbols(of: condition)
    meet(symbolsHere)
    placesOfCondition.append(symbolsHere.compactMap { places[$0] })
    for place in placesOfCondition[number] { conditionsOfPlace[place].append(number) }
  }

  private mutating func meet(_ newcomers: some Sequence<SymExpr.Symbol>) {
    for symbol in newcomers where places[symbol] == nil {
      places[symbol] = symbols.count
      symbols.append(symbol)
      conditionsOfPlace.append([])
    }
  }

  /// Searches until an assignment is found, all have been tried, or `budget` conditions have been evaluated.
  mutating func run(budget: Int) -> AssignmentAnswer {
    let given = Swift.min(budget, shapes.runBudget.searches)
    work = given
    defer { shapes.runBudget.searches -= given - Swift.max(0, work) }
    if given <= 0 { return .notFound }
    if symbols.count > Self.most.symbols { return .notFound }
    if conditions.contains(where: { shapes.arena.booleanValue(of: $0) == false }) { return .impossible }
    if pools.contains(where: { !$0.isComplete }) { isExhaustive = false }
    if assign() {
      return .found(
        Assignment(zip(symbols, values).compactMap { symbol, value in value.map { (symbol, $0) } }))
    }
    return isExhaustive && work > 0 ? .impossible : .notFound
  }

  // One symbol after another

  private mutating func assign() -> Bool {
    guard let (place, candidates) = next() else { return true }
    for candidate in candidates {
      values[place] = candidate
      if holds(allAbout: place), assign() { return true }
      if work <= 0 { break }
    }
    values[place] = nil
    return false
  }

  /// The open symbol with the fewest candidates, those determined by an equation first; nil if none is open.
  private mutating func next() -> (place: Int, candidates: [SymExpr.Number])? {
    var best: (place: Int, candidates: [SymExpr.Number])?
    for place in symbols.indices where values[place] == nil {
      let candidates = candidates(at: place)
      if best.map({ candidates.count < $0.candidates.count }) ?? true { best = (place, candidates) }
      if candidates.count <= 1 { break }
    }
    return best
  }

  private mutating func candidates(at place: Int) -> [SymExpr.Number] {
    var pool = pools[place]
    for number in conditionsOfPlace[place] where isOnlyOpen(place, in: number) {
      switch solution(of: number, for: place) {
      case .none: continue
      case .linear(let kind, let coefficient, let rest):
        if case .int(let value)? = evaluate(rest) { pool.restrict(kind, coefficient, plus: value) }
      case .direct(let kind, let bound):
        if let value = evaluate(bound) { pool.restrict(kind, value.double) }
      }
    }
    return pool.candidates
  }

  private func isOnlyOpen(_ place: Int, in number: Int) -> Bool {
    placesOfCondition[number].allSatisfy { $0 == place || values[$0] != nil }
  }

  private mutating func solution(of number: Int, for place: Int) -> Solution {
    if let known = solutions[number]?[place] { return known }
    let solution = solve(conditions[number], for: symbols[place])
    solutions[number, default: [:]][place] = solution
    return solution
  }

  /// Solves only conditions that are linear in the symbol with a numeric coefficient: other divisors may be 0.
  private func solve(_ condition: SymExpr, for symbol: SymExpr.Symbol) -> Solution {
    guard case .relation(let kind, let lhs, let rhs) = shapes.arena.view(of: condition) else { return .none }
    let handle = shapes.arena.handle(of: symbol)
    guard shapes.arena.isInteger(lhs), shapes.arena.isInteger(rhs) else {
      return lhs == handle && !shapes.arena.contains(rhs, symbol) ? .direct(kind, rhs) : .none
    }
    guard let form = shapes.arena.linearForm(of: shapes.arena.sub(lhs, rhs)),
      let own = form.terms.first(where: { $0.monomial == handle })
    else { return .none }
    let product = shapes.arena.mul(shapes.arena.integer(own.coefficient), handle)
    let rest = shapes.arena.sub(shapes.arena.sub(lhs, rhs), product)
    guard shapes.arena.isInteger(rest), !shapes.arena.contains(rest, symbol) else { return .none }
    return .linear(kind, coefficient: own.coefficient, rest: rest)
  }

  private mutating func holds(allAbout place: Int) -> Bool {
    for number in conditionsOfPlace[place]
    where placesOfCondition[number].allSatisfy({ values[$0] != nil }) {
      guard work > 0, case .bool(true) = evaluate(conditions[number]) else { return false }
    }
    return true
  }

  private mutating func evaluate(_ expression: SymExpr) -> SymExpr.Number? {
    // Bound: an expression has at most `ExprArena.maxParts` parts.
    work -= 1 + Int(shapes.arena.partCount(of: expression)) / Self.partsOfACondition
    return shapes.arena.evaluate(expression) { symbol in places[symbol].flatMap { values[$0] } }
  }
}

extension ShapeEnv {
  /// Everything known, as conditions on symbols without a replacement: guards, asserts, the program's declarations, and
  /// the ranges of replaced symbols.
  ///
  /// Does not include the ranges of other symbols.
  func conditions(besides chosen: [SymExpr]) -> [SymExpr] {
    var conditions = chosen + facts.guards.map(\.expression) + facts.runtimeAsserts.map(\.assert.expression)
    conditions += facts.given.conditions
    for symbol in facts.replaced where isReplaced(symbol) {
      guard case .int(let range) = facts.ranges.ranges[Int(symbol.index)] else { continue }
      let target = find(symbol)
      if range.lower != .min { conditions.append(arena.ge(target, arena.integer(range.lower))) }
      if range.upper != .max { conditions.append(arena.le(target, arena.integer(range.upper))) }
    }
    return conditions.map { resolve($0) }.filter { arena.booleanValue(of: $0) != true }
  }
}
