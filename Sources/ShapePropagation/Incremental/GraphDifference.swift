import FX
import FakeTensors
import SymbolicShapes

/// Finds the nodes of an edited program that are unchanged from the program of a plan.
///
/// The inputs of the run are not compared.
struct GraphDifference {
  /// The unchanged nodes.
  private(set) var same: NodeSet

  /// Compares `module` with the module of `plan`; `bindings` gives the symbols that a node of `module` binds.
  init(_ plan: PropagationPlan, _ module: GraphModule, bindings: (Node) -> [UnbackedBinding]) {
    let (old, new) = (plan.module.graph, module.graph)
    let hasSameSubmodules = plan.module.submodules == module.submodules
    let targets = TargetMatch(old, new)
    let shared = new.sharedNodeCount(with: old)
    same = NodeSet(for: new)
    for step in plan.steps {
      let node = step.node
      guard Int(node.index) < shared, new.contains(node), old.op(of: node) == new.op(of: node),
        targets.isSame(node),
        new.hasEqualArguments(node, in: old),
        bindings(node) == step.bindings.value.map({ plan.bindings[Int($0)] }) ?? []
      else { continue }
      switch step.code {
      // Recorded values are found by name.
      case .opaque, .unsupported: if old.name(of: node) != new.name(of: node) { continue }
      case .higherOrder, .module, .attribute: if !hasSameSubmodules { continue }
      case .placeholder, .call, .getitem, .output, .refused: break
      }
      same.insert(node)
    }
  }
}

/// Compares the targets of nodes in two graphs, which may number them differently.
private struct TargetMatch {
  private let old: Graph
  private let new: Graph
  /// `nil` when the targets of `old` have the same numbers in `new`.
  private let numbers: [Node.Target: TargetID]?

  init(_ old: Graph, _ new: Graph) {
    self.old = old
    self.new = new
    if new.targets.starts(with: old.targets) {
      numbers = nil
    } else {
      let pairs = old.targets.enumerated().map { ($1, TargetID(index: UInt32($0))) }
      numbers = Dictionary(pairs) { first, _ in first }
    }
  }

  func isSame(_ node: Node) -> Bool {
    guard let numbers else { return old.targetID(of: node) == new.targetID(of: node) }
    return numbers[new.target(of: node)] == old.targetID(of: node)
  }
}
