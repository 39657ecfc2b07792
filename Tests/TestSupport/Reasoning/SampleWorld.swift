import SymbolicExpressions
import SymbolicShapes

/// An environment with a few symbols, the facts it was given, and assignments that satisfy them.
struct SampleWorld {
  /// The environment under test.
  let shapes = ShapeEnv()
  /// The facts as written, with the symbols named `x0`, `x1`, ….
  private(set) var facts: [SampleCondition] = []
  /// Assignments from a small box that satisfy every fact, all or some of them.
  private(set) var allowed: [[Int]] = []
  /// Answers given while facts were added: checks reported to hold, or not to.
  private(set) var earlyAnswers: [(condition: SampleCondition, truth: Bool)] = []
  private(set) var symbols: [SymExpr] = []
  private var hints: [Int?] = []

  /// The values tried for each symbol.
  private static let box = Array(-4...9) + [17, 48]

  /// Creates symbols of all kinds and adds facts about them in every possible way.
  init(_ generator: inout SampleGenerator, mostAssignments: Int, _ budgets: SoundnessRun.Budgets) {
    if let budget = budgets.budget(&generator) { shapes.beginRun(budget) }
    for _ in 0..<generator.symbolCount { declareSymbol(&generator) }
    for _ in 0..<generator.int(0...4) { learn(&generator) }
    allowed = assignments(&generator, atMost: mostAssignments)
  }

  func expression(_ term: SampleTerm) -> SymExpr { term.expression(symbols, in: shapes) }

  /// The value that an assignment gives to a symbol of the environment; this world created all of them.
  func value(of symbol: SymExpr.Symbol, in assignment: [Int]) -> SymExpr.Number? {
    let handle = symbols.firstIndex { shapes.arena.asSymbol($0) == symbol }
    return handle.map { .int(assignment[$0]) }
  }

  func condition(_ condition: SampleCondition) -> SymBool {
    SymBool(condition.expression(symbols, in: shapes))
  }
}

// MARK: - Facts

extension SampleWorld {
  private mutating func declareSymbol(_ generator: inout SampleGenerator) {
    let number = symbols.count
    if generator.chance(35) {
      let hint = generator.int(2...9)
      var range = IntRange(lower: 2, upper: .max)
      if generator.chance(40) {
        range = IntRange(lower: generator.int(0...hint), upper: generator.int(hint...60))
      }
      symbols.append(
        shapes.createBackedSymbol("s\(number)", hint: .int(hint), range: range, isSize: range.lower >= 1))
      hints.append(hint)
      note(number, range)
    } else {
      var range = IntRange.unbounded
      if generator.chance(50) {
        range.lower = generator.int(-2...3)
        if generator.chance(50) { range.upper = range.lower + generator.int(0...30) }
      }
      symbols.append(shapes.expression(shapes.createUnbackedInt(range: range)))
      hints.append(nil)
      note(number, range)
    }
  }

  private mutating func note(_ number: Int, _ range: IntRange) {
    if range.lower != .min { facts.append(.relation(.ge, .symbol(number), .constant(range.lower))) }
    if range.upper != .max { facts.append(.relation(.le, .symbol(number), .constant(range.upper))) }
  }

  private mutating func learn(_ generator: inout SampleGenerator) {
    switch generator.int(0...9) {
    case 0: constrainSymbol(&generator)
    case 1: declareDerived(&generator)
    case 2: rename(&generator)
    default: check(generator.condition(asFact: true))
    }
  }

  /// `sym_constrain_range` and `sym_constrain_range_for_size`.
  private mutating func constrainSymbol(_ generator: inout SampleGenerator) {
    let number = generator.int(0...symbols.count - 1)
    let lower = generator.int(0...3)
    let range = IntRange(lower: lower, upper: lower + generator.int(2...30))
    guard hints[number].map(range.contains) ?? true else { return }
    if generator.chance(50) {
      shapes.constrainRangeForSize(shapes.symInt(symbols[number]), range)
    } else if let symbol = shapes.arena.asSymbol(symbols[number]) {
      shapes.narrow(symbol, to: range)
    }
    note(number, range)
  }

  /// The range of a derived dim such as `2*s0 + 1`.
  private mutating func declareDerived(_ generator: inout SampleGenerator) {
    let number = generator.int(0...symbols.count - 1)
    let term = SampleTerm.call(
      .sum, .call(.product, .constant(generator.int(1...4)), .symbol(number)),
      .constant(generator.int(-3...3)))
    let lower = generator.int(-4...6)
    let range = IntRange(lower: lower, upper: lower + generator.int(8...60))
    if hints[number] != nil {
      guard let value = term.value(hints.map { $0 ?? 0 }), range.contains(value) else { return }
    }
    shapes.constrain(expression(term), range)
    facts.append(.relation(.ge, term, .constant(range.lower)))
    facts.append(.relation(.le, term, .constant(range.upper)))
  }

  /// A fresh symbol is identified with a known one.
  private mutating func rename(_ generator: inout SampleGenerator) {
    let (new, old) = (generator.int(0...symbols.count - 1), generator.int(0...symbols.count - 1))
    guard new != old, hints[new] == nil, let fresh = shapes.arena.asSymbol(symbols[new]),
      let known = shapes.arena.asSymbol(symbols[old])
    else { return }
    shapes.renameUnbacked(fresh, to: known)
    facts.append(.relation(.eq, .symbol(new), .symbol(old)))
  }

  /// A guard if hints decide the condition, else a runtime assert.
  private mutating func check(_ written: SampleCondition) {
    let condition = condition(written)
    if let known = shapes.staticallyKnown(condition) {
      earlyAnswers.append((written, known))
      return
    }
    let guards = shapes.guards.count
    if shapes.check(condition) {
      facts.append(written)
    } else if shapes.guards.count > guards {
      // The hints contradict the condition, and its negation becomes a guard.
      facts.append(.not(written))
    } else {
      // PyTorch keeps the conclusions it had drawn before it stopped; such facts contradict each other.
      facts.append(.relation(.ne, .constant(0), .constant(0)))
    }
  }
}

// MARK: - Assignments

extension SampleWorld {
  func isAllowed(_ assignment: [Int]) -> Bool {
    facts.allSatisfy { $0.truth(assignment) == true }
  }

  private func assignments(_ generator: inout SampleGenerator, atMost count: Int) -> [[Int]] {
    var found: [[Int]] = [[]]
    for number in symbols.indices {
      // Facts about the first symbols alone cut the box early.
      let own = facts.filter { $0.isAbout(only: number) }
      let values = Self.box.filter { value in
        own.allSatisfy { $0.truth(Array(repeating: value, count: symbols.count)) == true }
      }
      found = found.flatMap { start in values.map { start + [$0] } }
    }
    found = found.filter(isAllowed)
    guard found.count > count else { return found }
    return (0..<count).map { _ in generator.pick(found) }
  }
}

extension SampleCondition {
  /// Whether no other symbol occurs.
  fileprivate func isAbout(only number: Int) -> Bool {
    switch self {
    case .relation(_, let a, let b): a.isAbout(only: number) && b.isAbout(only: number)
    case .and(let a, let b), .or(let a, let b): a.isAbout(only: number) && b.isAbout(only: number)
    case .not(let part): part.isAbout(only: number)
    }
  }
}

extension SampleTerm {
  fileprivate func isAbout(only number: Int) -> Bool {
    switch self {
    case .symbol(let index): index == number
    case .constant: true
    case .call(_, let a, let b): a.isAbout(only: number) && b.isAbout(only: number)
    case .choice(let condition, let a, let b):
      condition.isAbout(only: number) && a.isAbout(only: number) && b.isAbout(only: number)
    }
  }
}
