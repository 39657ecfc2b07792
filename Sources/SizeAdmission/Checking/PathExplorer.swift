import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Finds the paths through a program by propagating it at examples that no known path covers.
///
/// The first example is the exporter's. The others are small numbers, numbers in the constraints, and pairs of these.
struct PathExplorer {
  /// The maximum number of runs, and of nodes in all runs together.
  private static let runLimit = 64
  private static let nodeLimit = 200_000
  /// The maximum number of examples considered in one round, and of parts of expressions evaluated for them.
  private static let attemptLimit = 60_000
  private static let stepLimit = 1_500_000

  private let rules: SizeRules
  private let derivation: ShapeDerivation
  private let space: SymbolSpace
  private let names: [String]
  private let ranges: [IntRange]
  private let refusals: RefusalTest
  private let demands: AdmissionCheck
  private var coverage: RegisterCompiler
  private var covered: RegisterProgram
  private var seen: Set<[Int]> = []
  private var runsLeft: Int
  private var attemptsLeft = 0
  /// The known paths.
  private(set) var paths: [PropagationPath] = []

  init(_ rules: SizeRules, _ derivation: ShapeDerivation, _ refusals: RefusalTest) {
    self.rules = rules
    self.derivation = derivation
    self.refusals = refusals
    space = SymbolSpace(rules, rules.parameters)
    names = space.symbols.map { rules.shapes.arena.name(of: $0) }
    let sizes = Set(
      rules.parameters.filter { $0.dim != nil }.flatMap { rules.shapes.arena.freeSymbols(of: $0.expected) })
    ranges = zip(names, space.symbols).map { name, symbol in
      let range = derivation.range(of: name)
      // Some rules decide as if sizes were never 0 or 1, without a guard.
      return sizes.contains(symbol) ? IntRange(lower: max(range.lower, 2), upper: range.upper) : range
    }
    demands = AdmissionCheck(rules, policy: .stated)
    coverage = RegisterCompiler(parameterCount: space.symbols.count)
    for (index, symbol) in space.symbols.enumerated() {
      coverage.bind(rules.shapes.arena.handle(of: symbol), toParameter: index)
    }
    covered = coverage.finished()
    covered.admitsByPath = true
    runsLeft = min(Self.runLimit, max(8, Self.nodeLimit / max(1, derivation.nodeCount)))
  }

  /// Explores, starting from the exporter's example.
  mutating func explore() {
    let start = names.map { derivation.hint(of: $0) }
    follow(start)
    for _ in 0..<3 {
      let before = paths.count
      attemptsLeft = space.attempts(
        within: Self.stepLimit, atMost: Self.attemptLimit, checking: demands.program)
      explore(around: start)
      if paths.count == before { return }
    }
  }

  private mutating func explore(around start: [Int]) {
    let special = [0, 1, 2]
    let landmarks = rules.landmarks(paths.flatMap(\.conditions))
    let near = Array(0...9) + landmarks.filter { $0 > 9 }.prefix(24)
    let far = Array(0...40) + [48, 64, 100, 128, 200, 256, 512, 1_000, 4_096] + landmarks + [-1]
    for value in special { attempt(start.map { _ in value }) }
    vary(start, special)
    varyPairs(start, special)
    vary(start, far)
    varyPairs(start, near)
  }

  private mutating func vary(_ start: [Int], _ numbers: [Int]) {
    for position in start.indices {
      var values = start
      for number in numbers {
        values[position] = number
        attempt(values)
      }
    }
  }

  private mutating func varyPairs(_ start: [Int], _ numbers: [Int]) {
    for first in start.indices {
      for second in start.indices.dropFirst(first + 1) {
        if attemptsLeft <= 0 { return }
        var values = start
        for a in numbers {
          values[first] = a
          for b in numbers {
            values[second] = b
            attempt(values)
          }
        }
      }
    }
  }

  /// Propagates at these values, unless the program rules them out or a known path covers them.
  private mutating func attempt(_ values: [Int]) {
    guard attemptsLeft > 0 else { return }
    attemptsLeft -= 1
    follow(values)
  }

  /// Propagates at these values of the program's symbols.
  ///
  /// - Returns: whether a new path was found.
  @discardableResult
  mutating func follow(_ values: [Int]) -> Bool {
    guard runsLeft > 0, derivation.mayRunAgain,
      values.withUnsafeBufferPointer({ covered.run($0) }) == .uncovered,
      zip(values, ranges).allSatisfy({ $0 <= $1.upper }), let sizes = space.sizes(values),
      demands.check(sizes) == .admitted, seen.insert(values).inserted
    else { return false }
    runsLeft -= 1
    let found = self.paths(values)
    // What a run decided without a budget says nothing about other sizes.
    guard derivation.mayRunAgain else { return false }
    paths += found
    guard let path = found.last else { return false }
    if coverage.admit(path.conditions, rules.shapes.arena) { covered = coverage.finished() }
    return true
  }

  /// Values of the program's symbols for which `parameters` have these numbers; `nil` if some are unknown.
  func values(_ sizes: GivenSizes) -> [Int]? {
    let known = Dictionary(sizes.symbolValues(rules).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let values = names.compactMap { known[$0] }
    return values.count == names.count ? values : nil
  }

  /// Raises the limit by this many runs.
  mutating func allow(_ runs: Int) { runsLeft += runs }

  /// The paths of a run at these values: first those on which an assert of the graph fails, then the one that the run
  /// took.
  private func paths(_ values: [Int]) -> [PropagationPath] {
    let shapes = rules.shapes
    var conditions: [SymExpr] = []
    var numbers: Set<String> = []
    for (position, value) in values.enumerated() {
      let handle = shapes.arena.handle(of: space.symbols[position])
      let lower = ranges[position].lower
      if value < lower {
        numbers.insert(names[position])
        conditions.append(shapes.arena.eq(handle, shapes.arena.integer(value)))
      } else if lower > IntRange.unbounded.lower {
        conditions.append(shapes.arena.ge(handle, shapes.arena.integer(lower)))
      }
    }
    let trace = derivation.trace(Array(zip(names, values)), numbers: numbers)
    let decisions = trace.guards.map { rules.imported($0.expression, from: derivation.shapes.arena) }
    conditions += decisions
    let outcome = outcome(trace.error, decisions.last ?? conditions.first)
    var paths: [PropagationPath] = []
    if case .passed = outcome {
      for assert in trace.asserts where refusals.isAlwaysRun(assert.place) {
        let demand = rules.imported(assert.demand, from: derivation.shapes.arena)
        var origins = [ConstraintOrigin.refusal(assert.message)]
        if let place = assert.place { origins.insert(ConstraintOrigin(place), at: 0) }
        paths.append(
          PropagationPath(
            conditions: conditions + [shapes.arena.not(demand)],
            outcome: .refused(Refusal(demand: demand, message: assert.message, origins: origins))))
      }
    }
    return paths + [PropagationPath(conditions: conditions, outcome: outcome)]
  }

  private func outcome(_ error: PropagationError?, _ decision: SymExpr?) -> PropagationPath.Outcome {
    guard let error, refusals.isRefusal(error) else { return .passed }
    var origins = [ConstraintOrigin.refusal(error.message)]
    if let origin = error.nodeOrigin { origins.insert(origin, at: 0) }
    let shapes = rules.shapes
    return .refused(
      Refusal(demand: decision.map { shapes.arena.not($0) }, message: error.message, origins: origins))
  }
}
