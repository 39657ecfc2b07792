public import FX
import FakeTensors
import SymbolicShapes

/// Facts about nodes of the root graph, under the numbers that a transform gave them.
final class RenumberedFacts: ProgramFacts {
  private let base: any ProgramFacts
  /// The node of `base` that each node represents, if any.
  private let originals: NodeMap<Node>

  init(_ base: any ProgramFacts, _ originals: NodeMap<Node>) {
    self.base = base
    self.originals = originals
  }

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty
      ? originals[node].map { base.bindings(of: $0, in: path) } ?? [] : base.bindings(of: node, in: path)
  }

  func recordedValue(of node: Node, in path: String) -> FakeValue? {
    path.isEmpty
      ? originals[node].flatMap { base.recordedValue(of: $0, in: path) }
      : base.recordedValue(of: node, in: path)
  }

  func attribute(_ name: String, in path: String) -> FakeValue? { base.attribute(name, in: path) }
}

extension ProgramFacts {
  /// The same facts, under the new numbers of nodes that were renumbered.
  public func facts(for edited: GraphModule, originals: NodeMap<Node>?) -> any ProgramFacts {
    originals.map { RenumberedFacts(self, $0) } ?? self
  }
}
