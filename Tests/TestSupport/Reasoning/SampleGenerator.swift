import SymbolicExpressions

/// Random terms and conditions about a few symbols.
struct SampleGenerator {
  var random: SplitMix64
  let symbolCount: Int

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func chance(_ percent: Int) -> Bool { int(0...99) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[int(0...elements.count - 1)] }

  mutating func symbol() -> SampleTerm { .symbol(int(0...symbolCount - 1)) }

  private mutating func term(depth: Int) -> SampleTerm {
    if depth == 0 || chance(25) { return chance(65) ? symbol() : .constant(int(-3...8)) }
    if chance(4) { return .choice(relation(depth: 0), term(depth: depth - 1), term(depth: depth - 1)) }
    let function = pick(SampleTerm.Function.allCases)
    let first = term(depth: depth - 1)
    switch function {
    case .floorDiv, .mod, .pythonMod, .cleanDiv:
      // In programs, most divisors are positive constants.
      return .call(function, first, chance(70) ? .constant(int(1...4)) : term(depth: depth - 1))
    case .product: return .call(function, first, chance(60) ? .constant(int(-2...4)) : term(depth: depth - 1))
    case .sum, .difference, .max, .min: return .call(function, first, term(depth: depth - 1))
    }
  }

  /// A term for a question; see ``SoundnessRule`` for what is excluded.
  mutating func question() -> SampleTerm {
    var term = term(depth: 2)
    while SoundnessRule.foldedDivision.leavesOut(term) { term = self.term(depth: 2) }
    return term
  }

  /// A condition for a question or a fact; see ``SoundnessRule`` for what is excluded.
  mutating func condition(asFact: Bool) -> SampleCondition {
    let rules = SoundnessRule.allCases.filter { asFact || !$0.isAboutFacts }
    var condition = condition()
    while rules.contains(where: { $0.leavesOut(condition) }) { condition = self.condition() }
    return condition
  }

  private mutating func relation(depth: Int) -> SampleCondition {
    let kind = pick(RelationKind.allCases)
    return .relation(kind, term(depth: depth), term(depth: Swift.max(0, depth - 1)))
  }

  private mutating func condition() -> SampleCondition {
    let first = relation(depth: 2)
    switch int(0...9) {
    case 0: return .or(first, relation(depth: 2))
    case 1: return .and(first, relation(depth: 2))
    case 2: return .not(first)
    default: return first
    }
  }
}
