import SymbolicExpressions

/// One attempt to show that conditions cannot hold together.
///
/// Every monomial of the conditions (a symbol, a product, a function call) is a variable of a ``LinearSystem``. The
/// meaning of functions and products is added as further rows (`Prover+Laws`). If a function means one of several
/// things, that becomes a choice, and every alternative must fail. A value type, so an alternative is tried on a copy.
struct Prover {
  /// A condition that is assumed to hold or not to hold.
  struct Assumption {
    var condition: SymExpr
    var holds: Bool
    var premise: Premise?
  }

  /// One of these alternatives holds; each is a list of assumptions or rows.
  struct Choice {
    var alternatives: [[Assumption]]
    var premise: Premise?
  }

  let shapes: ShapeEnv
  let facts: ProofFacts
  var system = LinearSystem()
  private(set) var variables: [SymExpr: Int32] = [:]
  /// The monomials that have a variable, in the order in which they were needed.
  private(set) var monomials: ContiguousArray<SymExpr> = []
  /// The monomial of each variable; nil for variables that the system introduced.
  private(set) var variableMonomials: ContiguousArray<SymExpr?> = []
  private var undefined: ContiguousArray<SymExpr> = []
  private var choices: ContiguousArray<Choice> = []
  /// Shared by all branches, so that numbers mean the same in each.
  let premises = PremiseTable()
  /// The symbols in the conditions.
  private var symbols: Set<SymExpr.Symbol> = []
  private var usedConditions: Set<Int32>
  /// Rows of facts, which products may multiply.
  private var factRows: ContiguousArray<(row: LinearRow, isEquation: Bool)> = []

  /// A problem without conditions.
  init(_ shapes: ShapeEnv, _ facts: ProofFacts) {
    self.shapes = shapes
    self.facts = facts
    usedConditions = facts.removed
  }

  // MARK: Conditions

  /// Adds the rows of one condition.
  mutating func assume(_ assumption: Assumption) {
    let condition = assumption.condition
    if let truth = shapes.arena.booleanValue(of: condition) {
      if truth != assumption.holds {
        system.require(nonNegative: resting(LinearRow(constant: -1), on: assumption.premise))
      }
      return
    }
    switch shapes.arena.view(of: condition) {
    case .not(let inner):
      assume(Assumption(condition: inner, holds: !assumption.holds, premise: assumption.premise))
    case .and(let parts), .or(let parts):
      let isConjunction = if case .and = shapes.arena.view(of: condition) { true } else { false }
      let assumptions = parts.map {
        Assumption(condition: $0, holds: assumption.holds, premise: assumption.premise)
      }
      if isConjunction == assumption.holds {
        for part in assumptions { assume(part) }
      } else {
        choices.append(Choice(alternatives: assumptions.map { [$0] }, premise: assumption.premise))
      }
    case .relation(let kind, let lhs, let rhs):
      relate(assumption.holds ? kind : kind.negated, lhs, rhs, assumption)
    default: break
    }
  }

  private mutating func relate(
    _ kind: RelationKind, _ lhs: SymExpr, _ rhs: SymExpr, _ assumption: Assumption
  ) {
    guard shapes.arena.isInteger(lhs), shapes.arena.isInteger(rhs) else { return }
    symbols.formUnion(shapes.arena.freeSymbols(of: lhs))
    symbols.formUnion(shapes.arena.freeSymbols(of: rhs))
    switch kind {
    case .eq: learn(zero: difference(lhs, rhs), assumption.premise)
    case .le: learn(nonNegative: difference(rhs, lhs), assumption.premise)
    case .ge: learn(nonNegative: difference(lhs, rhs), assumption.premise)
    case .lt: learn(nonNegative: difference(rhs, lhs, minus: 1), assumption.premise)
    case .gt: learn(nonNegative: difference(lhs, rhs, minus: 1), assumption.premise)
    case .ne:
      // Give its monomials their meaning now rather than in each branch.
      _ = difference(lhs, rhs)
      let (less, greater) = (shapes.arena.lt(lhs, rhs), shapes.arena.gt(lhs, rhs))
      choices.append(
        Choice(
          alternatives: [less, greater].map {
            [Assumption(condition: $0, holds: true, premise: assumption.premise)]
          }, premise: assumption.premise))
    }
  }

  private mutating func difference(_ a: SymExpr, _ b: SymExpr, minus constant: Int = 0) -> LinearRow? {
    let difference = shapes.arena.sub(shapes.arena.sub(a, b), shapes.arena.integer(constant))
    return linear(difference)
  }

  private mutating func learn(nonNegative row: LinearRow?, _ premise: Premise?) {
    guard let row = row.map({ resting($0, on: premise) }) else { return }
    system.require(nonNegative: row)
    factRows.append((row, false))
  }

  private mutating func learn(zero row: LinearRow?, _ premise: Premise?) {
    guard let row = row.map({ resting($0, on: premise) }) else { return }
    system.require(zero: row)
    factRows.append((row, true))
  }

  mutating func choose(_ choice: Choice) { choices.append(choice) }

  // MARK: Rows

  /// `expression` as a row; nil if it is not a sum of 64-bit multiples or the problem grows too large.
  mutating func linear(_ expression: SymExpr) -> LinearRow? {
    symbols.formUnion(shapes.arena.freeSymbols(of: expression))
    guard shapes.arena.isInteger(expression), let form = shapes.arena.linearForm(of: expression) else {
      return nil
    }
    var row = LinearRow(constant: form.constant)
    for term in form.terms {
      guard let variable = variable(of: term.monomial),
        let sum = row.adding(LinearRow(variable: variable), times: term.coefficient)
      else { return nil }
      row = sum
    }
    return row
  }

  private mutating func variable(of monomial: SymExpr) -> Int32? {
    if let known = variables[monomial] { return known }
    guard variables.count < ProofBudget.mostVariables, shapes.arena.hasSymbols(monomial) else { return nil }
    let variable = system.makeVariable()
    variables[monomial] = variable
    while variableMonomials.count < Int(variable) { variableMonomials.append(nil) }
    variableMonomials.append(monomial)
    monomials.append(monomial)
    undefined.append(monomial)
    return variable
  }

  /// `row` with `premise` added to its premises.
  func resting(_ row: LinearRow, on premise: Premise?) -> LinearRow {
    guard let premise else { return row }
    var row = row
    row.premises = row.premises.union(PremiseSet(premises.number(of: premise)))
    return row
  }

  // MARK: Meanings

  /// Adds the meaning of every new variable.
  mutating func defineVariables() {
    while let monomial = undefined.popLast() { addLaws(of: monomial) }
  }

  /// Adds facts about the symbols of the problem.
  ///
  /// - Returns: false if there are no more.
  mutating func addFacts(atMost limit: Int) -> Bool {
    let numbers = facts.conditions(about: symbols, except: usedConditions, atMost: limit, shapes.arena)
    for number in numbers {
      usedConditions.insert(number)
      let fact = facts.conditions[Int(number)]
      assume(Assumption(condition: fact.expression, holds: true, premise: fact.premise))
    }
    defineVariables()
    multiplyFacts(factRows)
    defineVariables()
    return !numbers.isEmpty
  }

  // MARK: Refuting

  /// The premises of a contradiction between the assumptions, if one is found within `budget`.
  func refutation(_ budget: inout ProofBudget) -> PremiseSet? {
    var rest = budget
    rest.work = budget.work / 4
    let before = rest.work
    let found = system.refutation(&rest)
    budget.work -= before - rest.work
    budget.scans = rest.scans
    if let found { return found }
    let byCount = { (a: Int, b: Int) in
      self.choices[a].alternatives.count < self.choices[b].alternatives.count
    }
    guard let smallest = choices.indices.min(by: byCount), budget.work > 0 else { return nil }
    var copy = self
    let choice = copy.choices.remove(at: smallest)
    guard budget.cases >= choice.alternatives.count else { return nil }
    budget.cases -= choice.alternatives.count
    var premises = PremiseSet()
    if let premise = choice.premise { premises = PremiseSet(self.premises.number(of: premise)) }
    for alternative in choice.alternatives {
      var branch = copy
      for assumption in alternative { branch.assume(assumption) }
      branch.defineVariables()
      guard let found = branch.refutation(&budget) else { return nil }
      premises = premises.union(found)
    }
    return premises
  }
}
