import SymbolicExpressions

/// Finds the facts that contradict a condition by proving that it cannot hold.
extension ShapeEnv {
  /// How much is known now.
  var knownNow: KnownBefore {
    KnownBefore(
      guards: facts.guards.count, runtimeAsserts: facts.runtimeAsserts.count, history: facts.history.count)
  }

  /// Enough for a refutation short enough for a person to follow.
  private static let conflictBudget = ProofBudget(work: 60_000, cases: 32, facts: 48)

  /// The facts known `before` that contradict `condition`.
  func conflict(with condition: SymExpr, _ before: KnownBefore) -> Conflict {
    var forms = [condition]
    let named = inKnownNames(condition)
    if named != condition { forms.insert(named, at: 0) }
    for form in forms {
      guard let known = refutingFacts(form, before) else { continue }
      return Conflict(
        condition: form, text: arena.text(of: form), origin: origin, known: known, isProved: true)
    }
    return Conflict(
      condition: condition, text: arena.text(of: condition), origin: origin,
      known: suspectedFacts(condition, before), isProved: false)
  }

  /// `condition` with fresh symbols renamed to the symbols that the program knows.
  private func inKnownNames(_ condition: SymExpr) -> SymExpr {
    var names: [SymExpr.Symbol: SymExpr] = [:]
    for symbol in arena.freeSymbols(of: condition) {
      // A chain of names is at most as long as the number of renamings.
      var (name, rest) = (symbol, facts.renamings.count)
      while let next = facts.renamings[name], rest > 0 { (name, rest) = (next, rest - 1) }
      if name != symbol { names[symbol] = arena.handle(of: name) }
    }
    return names.isEmpty ? condition : arena.substitute(condition) { names[$0] }
  }

  /// Facts that leave no value for which `condition` holds; nil if no proof is found.
  private func refutingFacts(_ condition: SymExpr, _ before: KnownBefore) -> [KnownFact]? {
    if let truth = arena.booleanValue(of: condition) { return truth ? nil : [] }
    let known = proofFacts(before)
    if let proof = refutation(of: condition, known) { return knownFacts(condition, proof, known) }
    // Only the hints contradict it, perhaps together with other facts.
    var examples = backedSymbols(of: condition)
    func withExamples(_ symbols: [SymExpr.Symbol]) -> SymExpr {
      arena.and([condition] + symbols.compactMap(exampleEquation))
    }
    guard !examples.isEmpty, var proof = refutation(of: withExamples(examples), known) else { return nil }
    for symbol in examples where examples.count > 1 {
      let fewer = examples.filter { $0 != symbol }
      if let shorter = refutation(of: withExamples(fewer), known) { (examples, proof) = (fewer, shorter) }
    }
    return examples.compactMap(exampleFact) + knownFacts(withExamples(examples), proof, known)
  }

  private func refutation(of condition: SymExpr, _ known: ProofFacts) -> Proof? {
    if arena.booleanValue(of: condition) == false {
      return Proof(condition: condition, holds: false, premises: [])
    }
    let proof = prove(condition, known, Self.conflictBudget)
    return proof?.holds == false ? proof : nil
  }

  private func proofFacts(_ before: KnownBefore) -> ProofFacts {
    let known = proofFacts()
    let later =
      (before.guards..<facts.guards.count).compactMap { known.number(of: .guardTaken($0)) }
      + (before.runtimeAsserts..<facts.runtimeAsserts.count).compactMap {
        known.number(of: .runtimeAssert($0))
      }
    return later.isEmpty ? known : known.without(Set(later), facts.given.ranges, &arena)
  }

  private func backedSymbols(of condition: SymExpr) -> [SymExpr.Symbol] {
    arena.freeSymbols(of: condition).filter { exampleEquation($0) != nil }
  }

  private func exampleEquation(_ symbol: SymExpr.Symbol) -> SymExpr? {
    guard case .int(let value)? = hint(of: symbol) else { return nil }
    return arena.eq(arena.handle(of: symbol), arena.integer(value))
  }

  private func exampleFact(_ symbol: SymExpr.Symbol) -> KnownFact? {
    exampleEquation(symbol).map {
      KnownFact(
        text: arena.text(of: $0),
        reason: Learning.Reason(kind: .example, cause: nil, origin: birth(of: symbol)))
    }
  }

  // Premises

  /// The premises of `proof`, which refutes `condition`, without range bounds that it does not need.
  private func knownFacts(_ condition: SymExpr, _ proof: Proof, _ known: ProofFacts) -> [KnownFact] {
    var needed = ProofFacts()
    for (expression, premise) in known.conditions where proof.premises.contains(premise) {
      needed.add(expression, premise, arena)
    }
    return rangeFacts(condition, needed) + needed.conditions.map { fact(of: $0.expression, $0.premise) }
  }

  private func fact(of expression: SymExpr, _ premise: Premise) -> KnownFact {
    let reason: Learning.Reason
    switch premise {
    case .guardTaken(let index):
      reason = Learning.Reason(kind: .guardTaken, cause: expression, origin: facts.guards[index].origin)
    case .runtimeAssert(let index):
      reason = Learning.Reason(
        kind: .runtimeAssert, cause: expression, origin: facts.runtimeAsserts[index].assert.origin)
    case .definition(let symbol): reason = definitionReason(symbol)
    default: reason = Learning.Reason(kind: .declared, cause: nil, origin: .input)
    }
    return KnownFact(text: arena.text(of: expression), reason: reason)
  }

  private func definitionReason(_ symbol: SymExpr.Symbol) -> Learning.Reason {
    let learnt = facts.history.last { learnt in
      switch learnt.fact {
      case .renaming(let renaming): renaming.from == symbol
      case .replacement(symbol, _): true
      default: false
      }
    }
    return learnt?.reason ?? Learning.Reason(kind: .binding, cause: nil, origin: birth(of: symbol))
  }

  /// The bounds of declared ranges without which `conditions` do not refute `condition`.
  private func rangeFacts(_ condition: SymExpr, _ conditions: ProofFacts) -> [KnownFact] {
    var symbols = Set(arena.freeSymbols(of: condition))
    for fact in conditions.conditions { symbols.formUnion(arena.freeSymbols(of: fact.expression)) }
    var (given, needed) = (facts.given.ranges, [KnownFact]())
    for symbol in symbols.sorted() {
      guard case .int(let range) = given.ranges[Int(symbol.index)] else { continue }
      for side in RangeSide.allCases where side.isBounded(range) {
        var wider = given
        wider.widen(symbol, side)
        var fewer = conditions
        fewer.deriveRanges(wider, &arena)
        if refutation(of: condition, fewer) != nil {
          given = wider
        } else {
          needed.append(rangeFact(symbol, range, side))
        }
      }
    }
    return needed
  }

  private func rangeFact(_ symbol: SymExpr.Symbol, _ range: IntRange, _ side: RangeSide) -> KnownFact {
    let reason = facts.history.first { learnt in
      guard case .range(symbol, let learntRange) = learnt.fact,
        learnt.reason.kind == .declared || learnt.reason.kind == .constrained
      else { return false }
      return side.end(of: learntRange) == side.end(of: range)
    }?.reason
    let text = "\(arena.name(of: symbol)) \(side.sign) \(side.end(of: range))"
    return KnownFact(
      text: text, reason: reason ?? Learning.Reason(kind: .declared, cause: nil, origin: birth(of: symbol)))
  }
}

/// The lower or the upper bound of a range.
enum RangeSide: CaseIterable {
  case lower, upper

  var sign: String { self == .lower ? ">=" : "<=" }

  func end(of range: IntRange) -> Int { self == .lower ? range.lower : range.upper }

  /// Bounds near the limits of 64 bits mean "no bound".
  func isBounded(_ range: IntRange) -> Bool {
    self == .lower ? range.lower > .min + 8 : range.upper < .max - 8
  }
}

extension SymbolRanges {
  fileprivate mutating func widen(_ symbol: SymExpr.Symbol, _ side: RangeSide) {
    guard case .int(var range) = ranges[Int(symbol.index)] else { return }
    if side == .lower { range.lower = .min } else { range.upper = .max }
    ranges[Int(symbol.index)] = .int(range)
  }
}
