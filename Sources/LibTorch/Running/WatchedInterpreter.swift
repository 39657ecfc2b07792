public import FX

/// Runs a module as ``RealInterpreter`` does, and shows each node to who watches the run.
public final class WatchedInterpreter: RealInterpreter {
  /// Is called before a node of the module's own graph runs.
  public var willRun: ((Node) -> Void)?
  /// Is called with the value of each node of the module's own graph; an error stops the run at the node.
  public var didRun: ((Node, PyTree<RealTensor>) throws -> Void)?
  /// How many nodes ran, those of nested graphs included.
  public private(set) var nodeCount = 0

  public override func runNode(_ node: Node) throws -> PyTree<RealTensor> {
    let isRoot = modulePath.isEmpty
    nodeCount += 1
    if isRoot { willRun?(node) }
    let value = try super.runNode(node)
    if isRoot { try didRun?(node, value) }
    return value
  }
}
