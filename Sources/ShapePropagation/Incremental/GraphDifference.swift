import FX
import FakeTensors

/// Which nodes of an edited graph are what they were in the graph that a record is of.
struct GraphDifference {
  private(set) var same: NodeSet
  private let record: RunRecord
  private let plan: PropagationPlan
  private let graph: Graph
  /// The number that a target of the edited graph had, by its number now.
  private let targets: ContiguousArray<TargetID?>
  private let hasOtherSubmodules: Bool

  /// Compares the graph of `plan` with that of `record`; `inputs` are those of the run to come.
  init(_ record: RunRecord, _ plan: PropagationPlan, _ inputs: [FakeValue]) {
    self.record = record
    self.plan = plan
    graph = plan.module.graph
    same = NodeSet(for: graph)
    var numbers: [Node.Target: TargetID] = [:]
    for (index, target) in record.module.graph.targets.enumerated() {
      numbers[target] = TargetID(index: UInt32(index))
    }
    targets = ContiguousArray(graph.targets.map { numbers[$0] })
    hasOtherSubmodules = record.module.submodules != plan.module.submodules
    for step in plan.steps where isSame(step, inputs) { same.insert(step.node) }
  }

  private func isSame(_ step: PropagationPlan.Step, _ inputs: [FakeValue]) -> Bool {
    let (old, node) = (record.module.graph, step.node)
    guard record.trace(of: node) != nil, old.op(of: node) == graph.op(of: node),
      old.targetID(of: node) == targets[Int(graph.targetID(of: node).index)],
      old.args(of: node) == graph.args(of: node), old.kwargs(of: node) == graph.kwargs(of: node),
      record.bindings(of: node) == step.bindings.map({ plan.bindings[Int($0)] })
    else { return false }
    switch step.code {
    case .placeholder(let input):
      guard Int(input) < inputs.count, let value = record.value(of: node) else { return false }
      return inputs[Int(input)].isSame(as: value)
    // What an archive recorded is found by name.
    case .opaque, .unsupported: return old.name(of: node) == graph.name(of: node)
    case .higherOrder, .attribute: return !hasOtherSubmodules
    case .call, .getitem, .output: return true
    }
  }
}
