import FakeTensors
import OrderedCollections
import SymbolicShapes

/// A question or a failure in a run.
enum SurveyEvent {
  case question(OpenQuestion)
  case failure(NodeFailure)
  /// A missing rule, in one sentence, with all nodes that need it and the failures of those that the run reached.
  case unsupported(String, nodes: [Provenance], reached: [NodeFailure])

  var site: QuestionSite? {
    if case .question(let question) = self { QuestionSite(question) } else { nil }
  }
}

extension SurveyRun {
  /// The events of the run, in order.
  ///
  /// Nodes that fail for lack of the same rule are one event, at the first of them. `unsupported` contains all
  /// operators without a rule with the nodes that call them; those that were not reached come last.
  func events(unsupported: OrderedDictionary<String, [Provenance]>) -> [SurveyEvent] {
    var groups = EventGroups(failures, unsupported)
    var (events, next) = ([SurveyEvent](), 0)
    for (number, question) in questions.enumerated() {
      while next < failures.count, failures[next].questionsBefore <= number {
        if let event = groups.event(for: failures[next]) { events.append(event) }
        next += 1
      }
      events.append(.question(question))
    }
    return events + failures[next...].compactMap { groups.event(for: $0) } + groups.unreached
  }
}

/// Groups failures for lack of the same rule.
private struct EventGroups {
  private let failures: [NodeFailure]
  /// The missing rules that no event covers yet, with the nodes that need them.
  private var untold: OrderedDictionary<String, [Provenance]> = [:]
  private var told: Set<String> = []

  init(_ failures: [NodeFailure], _ unsupported: OrderedDictionary<String, [Provenance]>) {
    self.failures = failures
    for (target, nodes) in unsupported { untold[PropagationError.lack(ofRuleFor: target)] = nodes }
  }

  /// The event that begins with `failure`; `nil` when an earlier one covers it.
  mutating func event(for failure: NodeFailure) -> SurveyEvent? {
    guard let lack = failure.error.lack else { return .failure(failure) }
    guard told.insert(lack).inserted else { return nil }
    let reached = failures.filter { $0.error.lack == lack }
    let nodes = untold.removeValue(forKey: lack) ?? reached.compactMap(\.error.provenance)
    return .unsupported(lack, nodes: nodes, reached: reached)
  }

  var unreached: [SurveyEvent] {
    untold.map { .unsupported($0.key, nodes: $0.value, reached: []) }
  }
}

extension PropagationError {
  /// The missing rule, if that is the reason: an operator, or a use of one.
  var lack: String? {
    switch kind {
    case .unsupportedOperators(let operators): return operators.first.map { Self.lack(ofRuleFor: $0.target) }
    case .operatorFailed(let error):
      switch error.kind {
      case .noRule: return Self.lack(ofRuleFor: error.operator)
      case .unsupported: return message
      default: return nil
      }
    default: return nil
    }
  }

  fileprivate static func lack(ofRuleFor target: String) -> String { "no shape rule for \(target)" }
}
