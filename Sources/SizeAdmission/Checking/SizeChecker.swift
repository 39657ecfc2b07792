import ATenOperators
public import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Answers whether a program takes given sizes, and with which shapes.
///
/// Formulas decide first. Sizes that they accept are then propagated as numbers, which gives the shapes of the
/// results, and refuses what only an operator at these very sizes refuses.
///
/// ```swift
/// let checker = SizeChecker(try FakeProgram(exported), table: .aten)
/// let answer = checker.check(try SizeRequest([SizePattern("x=8x128")], checker.rules))
/// ```
public final class SizeChecker {
  /// What the program demands.
  public let rules: SizeRules
  /// What stopped the propagation of the symbolic shapes, if something did; guards behind it are unknown.
  public let propagationError: PropagationError?
  private let derivation: ShapeDerivation
  private let refusals: RefusalTest
  /// The paths through the program, explored on first use.
  private var explorer: PathExplorer?

  /// Propagates the program once, to know its guards.
  ///
  /// Nodes without a rule take the values that the archive recorded.
  public init(_ program: FakeProgram, table: OperatorTable) {
    derivation = ShapeDerivation(program, table)
    propagationError = derivation.propagateSymbolically()
    refusals = RefusalTest(program, stop: propagationError)
    rules = derivation.rules()
    derivation.restart()
  }

  /// The check of all sizes as a value.
  ///
  /// - Parameters:
  ///   - inputs: the inputs that are given, by position among ``SizeRules/inputs``; all when absent. Constraints
  ///     that need others are not decided.
  ///   - policy: which constraints count.
  /// - Returns: the check, which shares nothing with the checker.
  /// - Complexity: a few dozen propagations at the first call.
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

  /// Explores the paths that sizes take, up to `limit` of them.
  ///
  /// - Returns: how many new paths were found.
  func explore(_ sizes: [GivenSizes], limit: Int) -> Int {
    var explorer = explored()
    explorer.allow(limit)
    let found = sizes.count { explorer.values($0).map { explorer.follow($0) } ?? false }
    self.explorer = explorer
    return found
  }

  /// Decides about the sizes of `request`, whose ranges count with their first number.
  ///
  /// `policy` says whether sizes that PyTorch runs are accepted, or only those that the written shapes hold for;
  /// `findsNearest` whether the nearest accepted sizes are looked for after a refusal.
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

  /// The shapes at these sizes, or the refusal of an operator.
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

  /// Why an operator does not take the sizes, whatever those are that are not given.
  func refusal(_ sizes: GivenSizes) -> PropagationError? {
    guard case .failed(let error, _) = derivation.derive(sizes.symbolValues(rules)),
      refusals.isRefusal(error), isCertain(sizes)
    else { return nil }
    return error
  }

  /// The most sizes that are not given for which a refusal can be certain.
  private static let openLimit = 3

  /// Whether an operator refuses the sizes whatever those are that are not given.
  ///
  /// An open size stands for all from its lower bound on, as long as nothing is decided about it; the numbers 0 and
  /// 1 below it are tried one by one.
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
