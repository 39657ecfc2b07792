import ATenOperators
public import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Answers whether a program accepts given sizes, and what shapes its results have.
///
/// Compiled constraints decide first. Sizes that they accept are then propagated as numbers, which gives the shapes of
/// the results and finds refusals by operators at exactly these sizes.
///
/// ```swift
/// let checker = SizeChecker(try FakeProgram(exported), table: .aten)
/// let answer = checker.check(try SizeRequest([SizePattern("x=8x128")], checker.rules))
/// ```
public final class SizeChecker {
  /// What the program requires.
  public let rules: SizeRules
  /// The error that stopped the propagation of the symbolic shapes, if any; later guards are then unknown.
  public let propagationError: PropagationError?
  private let derivation: ShapeDerivation
  private let refusals: RefusalTest
  /// The paths through the program; explored on first use.
  private var explorer: PathExplorer?

  /// Propagates the program once to find its guards.
  ///
  /// Nodes without a rule get their recorded values.
  public init(_ program: FakeProgram, table: OperatorTable) {
    derivation = ShapeDerivation(program, table)
    propagationError = derivation.propagateSymbolically()
    refusals = RefusalTest(program, stop: propagationError)
    rules = derivation.rules()
    derivation.restart()
  }

  /// Whether a run has spent one of its budgets, so that something is left unknown or unexplored.
  public var hasSpentBudget: Bool { rules.shapes.hasSpentAnyBudget }

  /// The check of all sizes as a value.
  ///
  /// - Parameters:
  ///   - inputs: the inputs that are given, by position in ``SizeRules/inputs``; by default all. Constraints that need
  ///     other inputs are not decided.
  ///   - policy: which constraints to enforce.
  /// - Returns: the check, which shares nothing with the checker.
  /// - Complexity: a few dozen propagations in the first call.
  public func admissionCheck(
    inputs: Set<Int>? = nil, policy: AdmissionPolicy = .accepted
  ) -> AdmissionCheck {
    check(of: rules.parameters.filter { inputs?.contains($0.input) ?? true }, policy)
  }

  func check(of parameters: [SizeRules.Parameter], _ policy: AdmissionPolicy) -> AdmissionCheck {
    switch policy {
    case .strict: AdmissionCheck(rules, given: parameters, policy: .strict)
    case .accepted: AdmissionCheck(rules, given: parameters, policy: .explored(explored().paths))
    }
  }

  private func explored() -> PathExplorer {
    if let explorer { return explorer }
    var explorer = PathExplorer(rules, derivation, refusals)
    explorer.explore()
    self.explorer = explorer
    return explorer
  }

  /// Explores the paths that `sizes` take, running the program at most `limit` times.
  ///
  /// - Returns: how many new paths were found.
  func explore(_ sizes: [GivenSizes], limit: Int) -> Int {
    var explorer = explored()
    explorer.allow(limit)
    let found = sizes.count { explorer.values($0).map { explorer.follow($0) } ?? false }
    self.explorer = explorer
    return found
  }

  /// Checks the sizes of `request`; of a range, its first number.
  ///
  /// `policy` says whether all sizes that PyTorch runs are accepted, or only those for which the written shapes hold;
  /// `findsNearest`, whether to search for the nearest accepted sizes after a refusal.
  public func check(
    _ request: SizeRequest, policy: AdmissionPolicy = .accepted, findsNearest: Bool = true
  ) -> SizeAnswer {
    let sizes = GivenSizes(request, rules)
    let check = AdmissionCheck(rules, given: sizes.parameters, policy: .strict, keepsImplied: true)
    var answer = SizeAnswer(check, sizes, rules, policy: policy)
    answer.violations += request.mismatches.map(Self.finding)
    if answer.violations.isEmpty { derive(&answer, sizes) }
    if !answer.violations.isEmpty {
      answer.verdict = .refused
      answer.beyond = []
      if findsNearest { answer.nearest = nearest(to: sizes, policy) }
    } else {
      answer.verdict = answer.undecided.isEmpty ? .accepted : .undecided
    }
    return answer
  }

  private static func finding(_ mismatch: SizeRequest.Mismatch) -> SizeAnswer.Finding {
    SizeAnswer.Finding(
      text: "\(mismatch.input) == \(mismatch.expected)", values: "\(mismatch.given) == \(mismatch.expected)",
      origins: [.input(mismatch.input, dim: nil)], reason: "")
  }

  /// Derives the shapes at these sizes, or an operator's refusal.
  private func derive(_ answer: inout SizeAnswer, _ sizes: GivenSizes) {
    switch derivation.derive(sizes.symbolValues(rules)) {
    case .completed(let outputs): answer.outputs = outputs
    case .failed(let error, _):
      guard refusals.isRefusal(error) else { return }
      if isCertain(sizes) {
        answer.violations.append(SizeAnswer.Finding(refusal: error, answer.beyond))
      } else {
        answer.undecided.append(SizeAnswer.Finding(refusal: error, [], reason: SizeAnswer.needsInputs))
      }
    }
  }

  /// The error of an operator that refuses the sizes, whatever the sizes that are not given.
  func refusal(_ sizes: GivenSizes) -> PropagationError? {
    guard case .failed(let error, _) = derivation.derive(sizes.symbolValues(rules)),
      refusals.isRefusal(error), isCertain(sizes)
    else { return nil }
    return error
  }

  /// The maximum number of open sizes for which a refusal can be certain.
  private static let openLimit = 3

  /// Whether an operator refuses the sizes whatever the open sizes are.
  ///
  /// An open size stands for all values from its lower bound on, as long as nothing is decided about it; the numbers 0
  /// and 1 below that bound are tried one by one.
  private func isCertain(_ sizes: GivenSizes) -> Bool {
    let known = sizes.symbolValues(rules)
    let open = SymbolSpace(rules, rules.parameters).symbols.map { rules.shapes.arena.name(of: $0) }
      .filter { name in !known.contains { $0.name == name } }
    if open.isEmpty { return true }
    if open.count > Self.openLimit { return false }
    var choices = [known]
    for name in open {
      let lower = derivation.range(of: name).lower
      let numbers = lower > 0 && lower <= 2 ? Array(0..<lower) : []
      choices += choices.flatMap { choice in numbers.map { choice + [(name: name, value: $0)] } }
    }
    return choices.allSatisfy { choice in
      if case .failed(let error, dependsOnOpenSizes: false) = derivation.derive(choice) {
        refusals.isRefusal(error)
      } else {
        false
      }
    }
  }
}
