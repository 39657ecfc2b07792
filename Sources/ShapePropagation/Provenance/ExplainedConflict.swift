import FakeTensors
import SymbolicShapes

/// A required condition and the facts that contradict it, as text, each with its node.
public struct ExplainedConflict: Sendable {
  /// The required condition.
  public let condition: String
  /// The node that required it.
  public let provenance: Provenance?
  /// The facts that leave no value for which the condition holds.
  ///
  /// The first ones, if there are many: a chain of equal sizes can be as long as the program, for each node that fails.
  public let known: [ExplainedFact]
  /// How many more there are.
  public let notListed: Int
  /// Whether `known` refutes the condition; otherwise, `known` is what the decision was based on.
  public let isProved: Bool

  /// How many facts an error tells.
  private static let mostFacts = 64

  /// Describes `conflict` with the nodes that `context` knows.
  init(_ conflict: Conflict, in context: PropagationContext) {
    condition = conflict.text
    provenance = context.provenance(of: conflict.origin)
    known = conflict.known.prefix(Self.mostFacts).map { ExplainedFact($0, in: context) }
    notListed = conflict.known.count - known.count
    isProved = conflict.isProved
  }

  /// The condition and the facts that contradict it.
  var details: [PropagationError.Detail] {
    func detail(_ label: String, _ text: String, _ provenance: Provenance?) -> PropagationError.Detail {
      PropagationError.Detail(label: label, text: text + (provenance.map { "   \($0.shortText)" } ?? ""))
    }
    let known = known.map { fact in
      detail(isProved ? "known" : "maybe", "\(fact.text)   \(fact.because)", fact.provenance)
    }
    return [detail("check", condition, provenance)]
      + (known.isEmpty ? [detail("known", "no value satisfies it", nil)] : known)
      + (notListed > 0 ? [detail("known", "… \(notListed) more", nil)] : [])
  }
}

extension ExplainedFact {
  fileprivate init(_ fact: KnownFact, in context: PropagationContext) {
    let provenance = context.provenance(of: fact.reason.origin)
    let because =
      switch fact.reason.kind {
      case .guardTaken: "guard"
      case .runtimeAssert: "assert"
      case .renaming, .binding, .replacement: "two names of one value"
      case .declared, .constrained, .example: context.mode.shapes.text(of: fact.reason, provenance)
      }
    self.init(fact.text, because: because, provenance: provenance)
  }
}
