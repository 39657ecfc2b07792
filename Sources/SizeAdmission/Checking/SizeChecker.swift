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
  public internal(set) var rules: SizeRules
  /// What stopped the propagation of the symbolic shapes, if something did; guards behind it are unknown.
  public let propagationError: PropagationError?
  let derivation: ShapeDerivation
  /// Whether it is known which guards of propagation are needed.
  var isClassified = false

  /// Propagates the program once, to know its guards.
  ///
  /// Nodes without a rule take the values that the archive recorded.
  public init(_ program: FakeProgram, table: OperatorTable) {
    derivation = ShapeDerivation(program, table)
    propagationError = derivation.propagateSymbolically()
    rules = derivation.rules()
    derivation.restart()
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
    case .success(let outputs): answer.outputs = outputs
    case .failure(let error):
      // What stops the symbolic run stops this one too, and says nothing about the sizes.
      if let propagationError, propagationError.node == error.node { return }
      answer.violations.append(
        SizeAnswer.Finding(
          text: error.message, values: "",
          origins: error.node.map { [.node($0, source: error.sourceLine)] } ?? [], reason: ""))
    }
  }
}
