import FX
import FakeTensors
import SymbolicShapes

/// A nested graph has no result because of a node whose failure is already recorded.
struct MissingResult: Error {}

/// Continuing past failed nodes, and making the checks of the options.
extension PropagationEngine {
  /// Continues with the recorded value of a failed node, or without a value.
  mutating func leaveBehind(_ node: Node, _ error: any Error) {
    _ = mode.shapes.takePendingFresh()
    let recorded = graph.op(of: node) == .output ? nil : program.recorded(node, plan.place.path)
    if !(error is MissingResult) {
      let failure = step.failure(of: node, error)
      program.note(
        NodeFailure(
          error: failure, hasStandIn: recorded != nil, origin: failure.origin,
          questionsBefore: mode.shapes.survey?.questions.count ?? 0))
    }
    values[Int(node.index)] = recorded
    if recorded == nil { skipped.insert(node) }
  }

  /// Whether `node` reads a node without a value.
  func needsSkipped(_ node: Node) -> Bool {
    var isNeeded = false
    graph.forEachInput(of: node) { input in isNeeded = isNeeded || skipped.contains(input) }
    return isNeeded
  }

  /// Makes the checks that belong after `node`.
  func make(_ checks: [PropagationCheck], after node: Node) throws {
    for check in checks where check.after.step == node.index {
      do { try make(check) } catch { throw step.failure(of: node, error) }
    }
  }

  /// Makes the checks that hold from the start.
  func make(_ checks: [PropagationCheck]) throws {
    mode.shapes.origin = .input
    for check in checks where check.after == .input { try make(check) }
  }

  private func make(_ check: PropagationCheck) throws(SymbolicShapeError) {
    try mode.shapes.require(
      SymBool(check.condition), "torch._check(\(mode.shapes.text(of: check.condition)))")
  }
}
