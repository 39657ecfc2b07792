public import FX
public import FakeTensors
import SymbolicShapes

/// An edited copy of a program's root graph, with what the archive knows about the nodes that it kept.
///
/// Each known symbol is bound by the first node of the edited graph that shows it, which need not be the one
/// that bound it before: that one may have been moved or removed.
final class EditedProgram: ProgramFacts {
  private let original: FakeProgram
  private let graph: Graph
  private let root: NodeMap<[UnbackedBinding]>?

  init(_ original: FakeProgram, _ module: GraphModule) {
    self.original = original
    graph = module.graph
    root = original.findBindings(in: module, at: "")
  }

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? root?[node] ?? [] : original.bindings(of: node, in: path)
  }

  func recordedValue(of node: Node, in path: String) -> FakeValue? {
    path.isEmpty
      ? original.recordedValue(of: node, in: graph, at: "") : original.recordedValue(of: node, in: path)
  }

  func attribute(_ name: String, in path: String) -> FakeValue? { original.attribute(name, in: path) }

  func facts(for edited: GraphModule) -> any ProgramFacts { EditedProgram(original, edited) }
}

extension FakeProgram {
  /// An edited `module` of this program with everything that a run needs.
  ///
  /// Nodes that are new have no recorded value, and the symbols they make are reported as fresh.
  public func context(for module: GraphModule, table: OperatorTable) -> PropagationContext {
    PropagationContext(
      module, mode: mode, table: profile.adjusting(table), facts: EditedProgram(self, module))
  }
}
