import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Proposes checks for open questions, and tries each by running the program with it.
struct FixTrial {
  private let surveyor: Surveyor
  private let baseline: SurveyRun
  private let answers: [QuestionSite: Bool]
  private let identifiers: [QuestionSite: String]
  private let writer: FindingWriter
  /// The checks behind the fixes that helped, by finding.
  private var helpful: [String: PropagationCheck] = [:]
  /// The remaining budget of steps for further runs.
  private var steps = 20_000_000

  init(
    _ surveyor: Surveyor, _ baseline: SurveyRun, _ answers: [QuestionSite: Bool],
    _ identifiers: [QuestionSite: String], _ writer: FindingWriter
  ) {
    self.surveyor = surveyor
    self.baseline = baseline
    self.answers = answers
    self.identifiers = identifiers
    self.writer = writer
  }

  private var shapes: ShapeEnv { surveyor.context.mode.shapes }

  private mutating func mayRun() -> Bool {
    steps -= max(1, surveyor.context.module.graph.nodeCount)
    return steps > 0 && shapes.mayBuildMore
  }

  /// The checks that may settle `question`, the best first.
  mutating func fixes(for question: OpenQuestion) -> [Finding.Fix] {
    surveyor.context.revisit(question.state)
    let candidates = FixCandidates(for: question, in: shapes).conditions.map { condition in
      (
        check: check(condition, question), text: writer.fixText(condition, question),
        forbids: writer.forbidden(by: condition, question)
      )
    }
    var fixes = candidates.map { check, text, forbids in (check, fix(question, check, text, forbids)) }
    // Checks that reach the end come first, then those that settle the question; ties keep the proposed
    // order.
    func rank(_ fix: Finding.Fix) -> Int { fix.outcome == .reachesEnd ? 0 : fix.isHelpful ? 1 : 2 }
    fixes = fixes.enumerated().sorted { (rank($0.1.1), $0.0) < (rank($1.1.1), $1.0) }.map(\.1)
    // `Mod` and `PythonMod` are written alike.
    var written: Set<String> = []
    fixes = fixes.filter { written.insert($0.1.code).inserted }
    if let (check, best) = fixes.first, best.isHelpful, let check,
      let identifier = identifiers[QuestionSite(question)]
    {
      helpful[identifier] = check
    }
    return fixes.map(\.1)
  }

  /// A check that is made as soon as all of its symbols are known.
  private func check(_ condition: SymExpr, _ question: OpenQuestion) -> PropagationCheck? {
    writer.place(of: condition, before: question.origin).map {
      PropagationCheck(condition: condition, after: $0.origin)
    }
  }

  private mutating func fix(
    _ question: OpenQuestion, _ check: PropagationCheck?,
    _ text: (condition: String, code: String, place: Provenance?), _ forbids: String
  ) -> Finding.Fix {
    var (outcome, settled) = (Finding.Fix.Outcome.untried, [String]())
    if let check, mayRun() {
      let run = surveyor.run(answers, checks: [check])
      settled = baseline.questions.map { QuestionSite($0) }.filter { !run.asks($0) }
        .compactMap { identifiers[$0] }
      outcome = self.outcome(of: run, question)
    }
    return Finding.Fix(
      condition: text.condition, code: text.code, place: text.place, forbids: forbids, outcome: outcome,
      settles: settled)
  }

  private func outcome(of run: SurveyRun, _ question: OpenQuestion) -> Finding.Fix.Outcome {
    let known = Set(baseline.failures.map(\.origin))
    if let failure = run.failures.first(where: {
      !known.contains($0.origin) || $0.origin == question.origin
    }) {
      return .refused(writer.text(of: failure))
    }
    guard let stop = run.firstStop else { return .reachesEnd }
    let next = writer.text(of: stop)
    return run.asks(QuestionSite(question)) ? .doesNotSettle(next: next) : .settles(next: next)
  }

  /// The best checks of all findings together, without those whose question another one settles; and the findings that
  /// remain with these checks in place.
  mutating func combined(_ findings: [Finding]) -> (checks: [Finding.Fix], remaining: [String]) {
    var (chosen, settled): ([(Finding.Fix, PropagationCheck)], Set<String>) = ([], [])
    for finding in findings where !settled.contains(finding.identifier) {
      guard let fix = finding.question?.fixes.first, let check = helpful[finding.identifier] else { continue }
      chosen.append((fix, check))
      settled.formUnion(fix.settles)
    }
    chosen = Self.withoutSuperfluous(chosen)
    let run = chosen.isEmpty ? baseline : surveyor.run(answers, checks: chosen.map(\.1))
    let remaining = run.questions.map { identifiers[QuestionSite($0)] ?? writer.text(of: .question($0)) }
    let failing = Set(run.failures.compactMap { surveyor.context.provenance(of: $0.origin) })
    return (
      chosen.map(\.0),
      remaining + findings.filter { $0.question == nil && isAmong(failing, $0) }.map(\.identifier)
    )
  }

  /// Leaves out checks that settle only what the others settle.
  private static func withoutSuperfluous(
    _ chosen: [(Finding.Fix, PropagationCheck)]
  ) -> [(Finding.Fix, PropagationCheck)] {
    var kept = chosen
    for (fix, check) in chosen {
      let others = kept.filter { $0.1 != check }
      if Set(fix.settles).isSubset(of: others.flatMap(\.0.settles)) { kept = others }
    }
    return kept
  }

  /// Whether a node that failed is among `places`; a missing rule is never settled.
  private func isAmong(_ places: Set<Provenance>, _ finding: Finding) -> Bool {
    guard finding.kind != .unsupported, let provenance = finding.provenance else { return true }
    return places.contains(provenance)
  }
}
