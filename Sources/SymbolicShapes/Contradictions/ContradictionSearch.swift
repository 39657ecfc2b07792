import SymbolicExpressions

extension ShapeEnv {
  /// How much is known now.
  var knownNow: KnownBefore {
    KnownBefore(
      guards: facts.guards.count, runtimeAsserts: facts.runtimeAsserts.count, history: facts.history.count)
  }

  /// The facts known `before` that contradict `condition`.
  func conflict(with condition: SymExpr, _ before: KnownBefore) -> Conflict {
    ContradictionSearch(self, before).conflict(with: condition)
  }
}

/// Finds the facts that contradict a condition by proving that it cannot hold.
struct ContradictionSearch {
  let shapes: ShapeEnv
  /// What was known before the condition was stated.
  let before: KnownBefore

  /// What the run might spend on proofs when the search began.
  private let proofsAtStart: Int

  init(_ shapes: ShapeEnv, _ before: KnownBefore) {
    self.shapes = shapes
    self.before = before
    proofsAtStart = shapes.runBudget.proofs
  }

  /// Enough for a refutation short enough for a person to follow.
  private static let conflictBudget = ProofBudget(work: 60_000, cases: 32, facts: 48)
  /// With more symbols than this, it is not tried which of their examples and bounds a refutation needs.
  private static let mostShortened = 24
  /// What a search may take from ``RunBudget/proofs`` before it keeps the rest of the examples and bounds untried.
  ///
  /// They are facts as well, so the explanation is only longer.
  private static let mostWork = 400_000

  private var mayShorten: Bool { proofsAtStart - shapes.runBudget.proofs < Self.mostWork }

  /// The facts that contradict `condition`.
  func conflict(with condition: SymExpr) -> Conflict {
    var forms = [condition]
    let named = inKnownNames(condition)
    if named != condition { forms.insert(named, at: 0) }
    for form in forms {
      guard let known = refutingFacts(form) else { continue }
      return Conflict(
        condition: form, text: shapes.arena.text(of: form), origin: shapes.origin, known: known,
        isProved: true)
    }
    return Conflict(
      condition: condition, text: shapes.arena.text(of: condition), origin: shapes.origin,
      known: suspectedFacts(condition), isProved: false)
  }

  /// `condition` with fresh symbols renamed to the symbols that the program knows.
  private func inKnownNames(_ condition: SymExpr) -> SymExpr {
    var names: [SymExpr.Symbol: SymExpr] = [:]
    for symbol in shapes.arena.freeSymbols(of: condition) {
      // A chain of names is at most as long as the number of renamings.
      var (name, rest) = (symbol, shapes.facts.renamings.count)
      while let next = shapes.facts.renamings[name], rest > 0 { (name, rest) = (next, rest - 1) }
      if name != symbol { names[symbol] = shapes.arena.handle(of: name) }
    }
    return names.isEmpty ? condition : shapes.arena.substitute(condition) { names[$0] }
  }

  /// Facts that leave no value for which `condition` holds; nil if no proof is found.
  private func refutingFacts(_ condition: SymExpr) -> [KnownFact]? {
    if let truth = shapes.arena.booleanValue(of: condition) { return truth ? nil : [] }
    let known = proofFacts()
    if let proof = refutation(of: condition, known) { return knownFacts(condition, proof, known) }
    // Only the hints contradict it, perhaps together with other facts.
    var examples = backedSymbols(of: condition)
    func withExamples(_ symbols: [SymExpr.Symbol]) -> SymExpr {
      shapes.arena.and([condition] + symbols.compactMap(exampleEquation))
    }
    guard !examples.isEmpty, var proof = refutation(of: withExamples(examples), known) else { return nil }
    for symbol in examples where mayShorten && (2...Self.mostShortened).contains(examples.count) {
      let fewer = examples.filter { $0 != symbol }
      if let shorter = refutation(of: withExamples(fewer), known) { (examples, proof) = (fewer, shorter) }
    }
    return examples.compactMap(exampleFact) + knownFacts(withExamples(examples), proof, known)
  }

  private func refutation(of condition: SymExpr, _ known: ProofFacts) -> ShapeEnv.Proof? {
    if shapes.arena.booleanValue(of: condition) == false {
      return ShapeEnv.Proof(condition: condition, holds: false, premises: [])
    }
    let proof = shapes.prove(condition, known, Self.conflictBudget)
    return proof?.holds == false ? proof : nil
  }

  private func proofFacts() -> ProofFacts {
    let known = shapes.proofFacts()
    let later =
      (before.guards..<shapes.facts.guards.count).compactMap { known.number(of: .guardTaken($0)) }
      + (before.runtimeAsserts..<shapes.facts.runtimeAsserts.count).compactMap {
        known.number(of: .runtimeAssert($0))
      }
    return later.isEmpty ? known : known.without(Set(later), shapes.facts.given.ranges, &shapes.arena)
  }

  private func backedSymbols(of condition: SymExpr) -> [SymExpr.Symbol] {
    shapes.arena.freeSymbols(of: condition).filter { exampleEquation($0) != nil }
  }

  private func exampleEquation(_ symbol: SymExpr.Symbol) -> SymExpr? {
    guard case .int(let value)? = shapes.hint(of: symbol) else { return nil }
    return shapes.arena.eq(shapes.arena.handle(of: symbol), shapes.arena.integer(value))
  }

  private func exampleFact(_ symbol: SymExpr.Symbol) -> KnownFact? {
    exampleEquation(symbol).map {
      KnownFact(
        text: shapes.arena.text(of: $0),
        reason: Learning.Reason(kind: .example, cause: nil, origin: shapes.birth(of: symbol)))
    }
  }

  // Premises

  /// The premises of `proof`, which refutes `condition`, without range bounds that it does not need.
  private func knownFacts(_ condition: SymExpr, _ proof: ShapeEnv.Proof, _ known: ProofFacts) -> [KnownFact] {
    var needed = ProofFacts()
    for (expression, premise) in known.conditions where proof.premises.contains(premise) {
      needed.add(expression, premise, shapes.arena)
    }
    return rangeFacts(condition, needed) + needed.conditions.map { fact(of: $0.expression, $0.premise) }
  }

  private func fact(of expression: SymExpr, _ premise: Premise) -> KnownFact {
    let reason: Learning.Reason
    switch premise {
    case .guardTaken(let index):
      reason = Learning.Reason(
        kind: .guardTaken, cause: expression, origin: shapes.facts.guards[index].origin)
    case .runtimeAssert(let index):
      reason = Learning.Reason(
        kind: .runtimeAssert, cause: expression, origin: shapes.facts.runtimeAsserts[index].assert.origin)
    case .definition(let symbol): reason = definitionReason(symbol)
    default: reason = Learning.Reason(kind: .declared, cause: nil, origin: .input)
    }
    return KnownFact(text: shapes.arena.text(of: expression), reason: reason)
  }

  private func definitionReason(_ symbol: SymExpr.Symbol) -> Learning.Reason {
    let learnt = shapes.facts.history.last { learnt in
      switch learnt.fact {
      case .renaming(let renaming): renaming.from == symbol
      case .replacement(symbol, _): true
      default: false
      }
    }
    return learnt?.reason ?? Learning.Reason(kind: .binding, cause: nil, origin: shapes.birth(of: symbol))
  }

  /// The bounds of declared ranges without which `conditions` do not refute `condition`.
  private func rangeFacts(_ condition: SymExpr, _ conditions: ProofFacts) -> [KnownFact] {
    var symbols = Set(shapes.arena.freeSymbols(of: condition))
    for fact in conditions.conditions { symbols.formUnion(shapes.arena.freeSymbols(of: fact.expression)) }
    var (given, needed) = (shapes.facts.given.ranges, [KnownFact]())
    func refuting(without side: RangeSide, _ symbol: SymExpr.Symbol) -> SymbolRanges? {
      var (wider, fewer) = (given, conditions)
      wider.widen(symbol, side)
      fewer.deriveRanges(wider, &shapes.arena)
      return refutation(of: condition, fewer) == nil ? nil : wider
    }
    for symbol in symbols.sorted() {
      guard case .int(let range) = given.ranges[Int(symbol.index)] else { continue }
      for side in RangeSide.allCases where side.isBounded(range) {
        if mayShorten, symbols.count <= Self.mostShortened, let wider = refuting(without: side, symbol) {
          given = wider
        } else {
          needed.append(rangeFact(symbol, range, side))
        }
      }
    }
    return needed
  }

  private func rangeFact(_ symbol: SymExpr.Symbol, _ range: IntRange, _ side: RangeSide) -> KnownFact {
    let reason = shapes.facts.history.first { learnt in
      guard case .range(symbol, let learntRange) = learnt.fact,
        learnt.reason.kind == .declared || learnt.reason.kind == .constrained
      else { return false }
      return side.end(of: learntRange) == side.end(of: range)
    }?.reason
    let text = "\(shapes.arena.name(of: symbol)) \(side.sign) \(side.end(of: range))"
    return KnownFact(
      text: text,
      reason: reason ?? Learning.Reason(kind: .declared, cause: nil, origin: shapes.birth(of: symbol)))
  }
}

extension SymbolRanges {
  fileprivate mutating func widen(_ symbol: SymExpr.Symbol, _ side: RangeSide) {
    guard case .int(var range) = ranges[Int(symbol.index)] else { return }
    if side == .lower { range.lower = .min } else { range.upper = .max }
    ranges[Int(symbol.index)] = .int(range)
  }
}
