import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes

extension Graph {
  /// Writes the facts that propagation leaves to run time as asserts, unless the graph states all of them already.
  ///
  /// The insertion reads sizes anew and moves what asserts them; done twice, it would only move and rename. The pass
  /// applied twice is the pass applied once.
  mutating func stateRuntimeAsserts(
    values: NodeMap<FakeValue>, bindings: @escaping (Node) -> [UnbackedBinding], shapes: ShapeEnv
  ) throws(GraphError) {
    var edited = self
    try edited.insertDeferredRuntimeAsserts(values: values, bindings: bindings, shapes: shapes)
    // Selections that only read a size which is now read elsewhere.
    for node in Array(edited.nodes).reversed()
    where edited.target(of: node) == .getitem && edited.userCount(of: node) == 0 && contains(node)
      && userCount(of: node) > 0
    {
      try edited.erase(node)
    }
    if edited.callCounts != callCounts || edited.statedConditions != statedConditions { self = edited }
  }

  /// How often each function is called.
  private var callCounts: [Node.Target: Int] {
    var counts: [Node.Target: Int] = [:]
    for node in nodes { counts[target(of: node), default: 0] += 1 }
    return counts
  }

  /// The messages of the asserts, without the name of a node that PyTorch ends them with, in alphabetical order.
  private var statedConditions: [String] {
    var messages: [String] = []
    for node in nodes where Assertion(target: target(of: node).text)?.isRuntimeAssert == true {
      guard case .string(let message)? = argument(1, of: node) else { continue }
      messages.append(message.split(separator: " on node '").first.map { String($0) } ?? message)
    }
    return messages.sorted()
  }
}
