import SymbolicExpressions

/// The facts that proofs may use and the proofs found, for one version of the facts; it grows with them.
struct ProofMemo {
  private(set) var version: UInt64 = 0
  private(set) var facts = ProofFacts()
  /// A failed proof may succeed once more is known; a proof stays valid.
  private var answers: [SymExpr: (proof: ShapeEnv.Proof?, version: UInt64)] = [:]
  private(set) var redeclarations = 0
  // How many of each are in `facts`.
  private var guards = 0
  private var runtimeAsserts = 0
  private var conditions = 0
  private var definitions = 0
  private var constraints = 0

  /// Adds the new facts.
  mutating func add(_ all: ShapeFacts, _ arena: inout ExprArena) {
    var pending = addRanges(all.given)
    let known = facts.conditions.count
    for index in guards..<all.guards.count {
      facts.add(all.guards[index].expression, .guardTaken(index), arena)
    }
    for index in runtimeAsserts..<all.runtimeAsserts.count {
      facts.add(all.runtimeAsserts[index].assert.expression, .runtimeAssert(index), arena)
    }
    for condition in all.given.conditions[conditions...] {
      facts.add(condition, .declared(condition), arena)
    }
    for (symbol, value) in all.given.definitions[definitions...] {
      facts.add(arena.eq(arena.handle(of: symbol), value), .definition(of: symbol), arena)
    }
    pending += (known..<facts.conditions.count).map { Int32(truncatingIfNeeded: $0) }
    facts.narrow(by: pending, &arena)
    (guards, runtimeAsserts) = (all.guards.count, all.runtimeAsserts.count)
    (conditions, definitions) = (all.given.conditions.count, all.given.definitions.count)
    constraints = all.given.constrained.count
    redeclarations = all.given.redeclarations
    version = all.version
  }

  /// Adds the ranges of new symbols and those narrowed from outside.
  ///
  /// - Returns: the conditions that may now give tighter ranges.
  private mutating func addRanges(_ given: GivenFacts) -> [Int32] {
    facts.ranges.ranges.append(contentsOf: given.ranges.ranges[facts.ranges.ranges.count...])
    return given.constrained[constraints...].flatMap { symbol in
      let index = Int(symbol.index)
      if case .int(let range) = facts.ranges.ranges[index], case .int(let said) = given.ranges.ranges[index],
        !range.intersection(said).isEmpty
      {
        facts.ranges.ranges[index] = .int(range.intersection(said))
      }
      return facts.conditions(about: symbol)
    }
  }

  /// The stored answer; nil if the condition has not been tried with these facts.
  func answer(to condition: SymExpr) -> ShapeEnv.Proof?? {
    guard let answer = answers[condition], answer.proof != nil || answer.version == version else {
      return nil
    }
    return .some(answer.proof)
  }

  mutating func note(_ proof: ShapeEnv.Proof?, for condition: SymExpr) {
    answers[condition] = (proof, version)
  }
}
