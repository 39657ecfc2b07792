import ATenOperators
import ExportedPrograms
import FX
import ShapePropagation
import SizeAdmission
import SymbolicExpressions
import SymbolicShapes

/// Looks for sizes that exactly one of two programs takes.
///
/// Sizes are tried at and around every number that a range or a constraint of either program speaks of. A difference
/// counts when ``SizeChecker`` confirms it. Without one, the programs take the same sizes when the constraints of each
/// follow from those of the other; else nobody knows. Programs with one graph and the same constraints need no search.
struct AcceptedSizes {
  private(set) var difference = ProgramDifference.AcceptedDifference()
  /// The guards of A that do not follow from what B demands.
  private(set) var removedGuards: [String] = []
  /// The guards of B that do not follow from what A demands.
  private(set) var addedGuards: [String] = []

  private let a: SizeChecker
  private let b: SizeChecker
  /// The inputs of both programs that have sizes: their places and their names.
  private let inputs: [(a: Int, b: Int)]
  private static let mostTrials = 600
  private static let mostConfirmations = 60

  /// `areOneProgram` says that the graphs, recorded values, ranges and asserts are the same up to names.
  init(
    _ programA: ComparedProgram, _ programB: ComparedProgram, _ pairs: [(Node, Node)], areOneProgram: Bool
  ) {
    guard let a = try? SizeChecker(FakeProgram(programA.exported), table: .aten),
      let b = try? SizeChecker(FakeProgram(programB.exported), table: .aten)
    else {
      difference.reason = "a program does not propagate"
      (self.a, self.b, inputs) = (
        SizeChecker(programA.program, table: .aten), SizeChecker(programB.program, table: .aten), []
      )
      return
    }
    (self.a, self.b) = (a, b)
    let names = Dictionary(
      pairs.map {
        (
          programA.exported.graphModule.graph.name(of: $0.0),
          programB.exported.graphModule.graph.name(of: $0.1)
        )
      }
    ) { first, _ in first }
    inputs = a.rules.inputs.indices.compactMap { place in
      guard let other = names[a.rules.inputs[place].name].flatMap({ b.rules.input(named: $0) }),
        a.rules.inputs[place].expressions.count == b.rules.inputs[other].expressions.count
      else { return nil }
      return (place, other)
    }
    let sizes = sizeNames
    if areOneProgram, inputs.count == a.rules.inputs.count, inputs.count == b.rules.inputs.count,
      a.propagationError == nil, b.propagationError == nil,
      ConstraintImplication.stateTheSame(
        (a.admissionCheck(policy: .strict), sizes.a), (b.admissionCheck(policy: .strict), sizes.b))
    {
      (difference.relation, difference.isWithinA, difference.isWithinB) = (.same, true, true)
      return
    }
    let (checkA, checkB) = (a.admissionCheck(), b.admissionCheck())
    let demands = ConstraintImplication((checkA, sizes.a), (checkB, sizes.b), minimums: sizes.minimums)
    removedGuards = demands.onlyA.filter(\.isGuard).map(\.text)
    addedGuards = demands.onlyB.filter(\.isGuard).map(\.text)
    guard inputs.count == a.rules.inputs.count, inputs.count == b.rules.inputs.count else {
      difference.reason = "the programs have other inputs"
      return
    }
    difference.isWithinA = demands.onlyA.isEmpty
    difference.isWithinB = demands.onlyB.isEmpty
    search(checkA, checkB)
    if difference.relation == .unknown {
      let unmatched = demands.onlyA.map { "A's \($0.text)" } + demands.onlyB.map { "B's \($0.text)" }
      difference.reason =
        "no sizes were found that only one accepts, but this does not follow from what the other requires: "
        + unmatched.joined(separator: ", ")
    }
  }

  /// Whether a run has spent one of its budgets.
  var isCutShort: Bool { a.hasSpentBudget || b.hasSpentBudget }

  /// One number for each size of each input, in A's order.
  private typealias Trial = [[Int]]

  private mutating func search(_ checkA: AdmissionCheck, _ checkB: AdmissionCheck) {
    var (onlyA, onlyB): (Trial?, Trial?) = (nil, nil)
    var confirmations = 0
    for trial in trials() {
      if onlyA != nil, onlyB != nil { break }
      let (x, y) = (verdict(trial, checkA, forA: true), verdict(trial, checkB, forA: false))
      let isSettled = x == y && x != nil
      if isSettled || confirmations >= Self.mostConfirmations { continue }
      confirmations += 1
      guard let takesA = accepts(trial, forA: true), let takesB = accepts(trial, forA: false),
        takesA != takesB
      else {
        continue
      }
      if takesA { onlyA = onlyA ?? trial } else { onlyB = onlyB ?? trial }
    }
    switch (onlyA, onlyB) {
    case (nil, nil):
      difference.relation = difference.isWithinA && difference.isWithinB ? .same : .unknown
    case (let trial?, nil): note(.fewer, trial)
    case (nil, let trial?): note(.more, trial)
    case (let trial?, _?): note(.incomparable, trial)
    }
  }

  private mutating func note(_ relation: ProgramDifference.AcceptedDifference.Relation, _ trial: Trial) {
    difference.relation = relation
    difference.counterexample = zip(inputs, trial).compactMap { places, sizes in
      let input = a.rules.inputs[places.a]
      switch input.kind {
      case .tensor: return .init(input: input.name, sizes: sizes, isInteger: false)
      case .integer: return .init(input: input.name, sizes: sizes, isInteger: true)
      case .fixed, .other: return nil
      }
    }
  }

  /// What the compiled check says; `nil` when it does not know.
  private func verdict(_ trial: Trial, _ check: AdmissionCheck, forA: Bool) -> Bool? {
    let rules = forA ? a.rules : b.rules
    var sizes: [Int] = []
    for parameter in check.parameters {
      guard let place = rules.input(named: parameter.input),
        let number = inputs.firstIndex(where: { (forA ? $0.a : $0.b) == place }),
        case let dim = parameter.dim ?? 0, dim < trial[number].count
      else { return nil }
      sizes.append(trial[number][dim])
    }
    switch check.check(sizes) {
    case .admitted: return true
    case .refused: return false
    case .undecided, .unexplored, .wrongCount: return nil
    }
  }

  /// What the checker says when it propagates these sizes; `nil` when it does not know.
  private func accepts(_ trial: Trial, forA: Bool) -> Bool? {
    let checker = forA ? a : b
    let patterns = zip(inputs, trial).compactMap { places, sizes -> SizePattern? in
      let input = checker.rules.inputs[forA ? places.a : places.b]
      switch input.kind {
      case .tensor, .integer:
        return try? SizePattern("\(input.name)=\(sizes.map { "\($0)" }.joined(separator: "x"))")
      case .fixed, .other: return nil
      }
    }
    guard let request = try? SizeRequest(patterns, checker.rules) else { return nil }
    switch checker.check(request, findsNearest: false).verdict {
    case .accepted: return true
    case .refused: return false
    default: return nil
    }
  }

  /// The names of all sizes in A and in B, with one number for a size that both have, and the least value of each.
  ///
  /// The name is empty in the program that has no such size.
  private var sizeNames: (a: [String], b: [String], minimums: [Int]) {
    var (namesA, namesB): ([String], [String]) = ([], [])
    for places in inputs {
      let (mine, other) = (a.rules.inputs[places.a], b.rules.inputs[places.b])
      namesA += mine.expressions.indices.map { mine.text(ofDim: $0) }
      namesB += other.expressions.indices.map { other.text(ofDim: $0) }
    }
    let (aloneA, aloneB) = (Self.names(a, but: inputs.map(\.a)), Self.names(b, but: inputs.map(\.b)))
    return (
      namesA + aloneA + aloneB.map { _ in "" }, namesB + aloneA.map { _ in "" } + aloneB,
      minimums.flatMap { $0 } + [Int](repeating: 0, count: aloneA.count + aloneB.count)
    )
  }

  /// The names of the sizes of a program's inputs, but for those at `places`.
  private static func names(_ checker: SizeChecker, but places: [Int]) -> [String] {
    checker.rules.inputs.indices.filter { !places.contains($0) }.flatMap { place in
      let input = checker.rules.inputs[place]
      return input.expressions.indices.map { input.text(ofDim: $0) }
    }
  }
}

/// Sizes to try.
extension AcceptedSizes {
  /// Sizes that either program expects, with its symbols at interesting numbers, and such with one size changed.
  private func trials() -> [Trial] {
    var seen: Set<Trial> = []
    var trials: [Trial] = []
    func add(_ trial: Trial?) {
      guard let trial, trials.count < Self.mostTrials, isInQuestion(trial) else { return }
      if seen.insert(trial).inserted { trials.append(trial) }
    }
    let numbers = interestingNumbers
    for forA in [true, false] {
      let rules = forA ? a.rules : b.rules
      let symbols = Set(
        rules.inputs.flatMap(\.expressions).flatMap { Array(rules.shapes.arena.freeSymbols(of: $0)) }
      ).sorted { rules.shapes.arena.name(of: $0) < rules.shapes.arena.name(of: $1) }
      for number in numbers { add(sizes(rules, forA: forA) { _ in number }) }
      for base in numbers.prefix(3) {
        for symbol in symbols {
          for number in numbers { add(sizes(rules, forA: forA) { $0 == symbol ? number : base }) }
        }
      }
    }
    for trial in trials.prefix(12) {
      for (input, dims) in trial.enumerated() {
        for dim in dims.indices {
          for number in numbers {
            var changed = trial
            changed[input][dim] = number
            add(changed)
          }
        }
      }
    }
    return trials
  }

  /// Whether no size is below 2, other than those that a program fixes there.
  private func isInQuestion(_ trial: Trial) -> Bool {
    zip(trial, minimums).allSatisfy { zip($0, $1).allSatisfy { $0 >= $1 } }
  }

  /// The least size that is in question for each size: 2, or less where a program demands such a number.
  private var minimums: [[Int]] {
    inputs.map { places in
      zip(a.rules.inputs[places.a].expressions, b.rules.inputs[places.b].expressions).map { x, y in
        let constants = [a.rules.shapes.arena.integerValue(of: x), b.rules.shapes.arena.integerValue(of: y)]
        return constants.compactMap { $0 }.reduce(2) { min($0, $1) }
      }
    }
  }

  /// The sizes of all inputs, in A's order, with symbols at these numbers; `nil` when an expression has no value.
  private func sizes(_ rules: SizeRules, forA: Bool, _ value: (SymExpr.Symbol) -> Int) -> Trial? {
    var trial: Trial = []
    for places in inputs {
      var dims: [Int] = []
      for expression in rules.inputs[forA ? places.a : places.b].expressions {
        guard case .int(let size)? = rules.shapes.arena.evaluate(expression, { .int(value($0)) }) else {
          return nil
        }
        dims.append(size)
      }
      trial.append(dims)
    }
    return trial
  }

  /// Small numbers first, then those in the constraints of both programs and their neighbours.
  private var interestingNumbers: [Int] {
    var mentioned: Set<Int> = []
    for rules in [a.rules, b.rules] {
      let texts =
        rules.constraints.compactMap(\.condition).map { rules.shapes.arena.text(of: $0) }
        + rules.inputs.flatMap(\.expressions).map { rules.shapes.arena.text(of: $0) }
      for text in texts {
        for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
          if let number = Int(word), number < 1 << 20 { mentioned.insert(number) }
        }
      }
    }
    let common = [4, 5, 2, 3, 8, 12, 16, 17]
    let around = mentioned.sorted().flatMap { [$0, $0 + 1, $0 - 1, 2 * $0] }.filter {
      $0 >= 2 && !common.contains($0)
    }
    var seen: Set<Int> = []
    return common + around.filter { seen.insert($0).inserted }.prefix(24)
  }
}
