import FX
public import FakeTensors
import OrderedCollections
import SymbolicExpressions
import SymbolicShapes

/// All findings about a program that cannot be propagated as it is.
public struct ProgramSurvey {
  /// The run that continued past every error; its values depend on what each finding assumed.
  public let propagation: Propagation
  /// The findings, in the order of the run.
  public let findings: [Finding]
  /// The checks that together settle what can be settled, in program order.
  public let checks: [Finding.Fix]
  /// The identifiers of findings that remain with all of `checks` in place.
  public let remaining: [String]
  /// Whether a budget was spent, so that checks were left untried or examples unfound; see ``RunBudget``.
  public let isCutShort: Bool
}

extension PropagationContext {
  /// Finds every data-dependent decision of the program and every node that cannot be propagated, in one pass.
  ///
  /// At an open decision, the run continues as if every data-dependent value were a typical one (see
  /// ``DecisionSurvey``). At a failing node, it continues with the recorded value; if there is none, everything that
  /// depends on the node is skipped. For each open decision, checks are proposed and tried: the program is propagated
  /// again with the check made where its newest symbol is bound.
  ///
  /// - Complexity: a few runs for each finding, up to a limit; checks beyond it are not tried.
  public func survey(
    _ inputs: [FakeValue], options: PropagationOptions = PropagationOptions()
  ) -> ProgramSurvey {
    beginRun(options)
    let surveyor = Surveyor(context: self, inputs: inputs, options: options)
    let (baseline, answers) = surveyor.bestRun()
    let end = mode.shapes.checkpoint()
    var writer = FindingWriter(self, baseline)
    let events = baseline.events(
      unsupported: options.trustsRecorded ? [:] : unsupportedOperators())
    var findings = events.map { writer.finding(for: $0) }
    let sites = Dictionary(
      zip(events, findings).compactMap { event, finding in event.site.map { ($0, finding.identifier) } },
      uniquingKeysWith: { first, _ in first })
    var trial = FixTrial(surveyor, baseline, answers, sites, writer)
    for (position, event) in events.enumerated() {
      guard case .question(let question) = event else { continue }
      findings[position].question?.fixes = trial.fixes(for: question)
    }
    let (checks, remaining) = trial.combined(findings)
    let isCutShort = mode.shapes.hasSpentRunBudget
    revisit(end)
    return ProgramSurvey(
      propagation: baseline.propagation, findings: findings, checks: checks,
      remaining: remaining, isCutShort: isCutShort)
  }
}
