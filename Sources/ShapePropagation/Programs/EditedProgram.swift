import ExportedPrograms
public import FX
public import FakeTensors
import SymbolicShapes

/// An edited copy of a program's root graph, with what the archive knows about the nodes that it kept.
///
/// Each known symbol is bound by the first node of the edited graph whose value contains it; the node that originally
/// bound it may have been moved or removed.
final class EditedProgram: ProgramFacts {
  private let original: FakeProgram
  /// The archive's node for each node of the edited graph; `nil` if nodes kept their numbers.
  private let originals: NodeMap<Node>?
  /// How many nodes the edited graph shares with the archive's; they have the lowest numbers.
  private let sharedCount: Int
  private var root: NodeMap<[UnbackedBinding]>?

  init(_ original: FakeProgram, _ module: GraphModule, originals: NodeMap<Node>? = nil) {
    self.original = original
    self.originals = originals
    sharedCount = module.graph.sharedNodeCount(with: original.exported.graphModule.graph)
    root = original.findBindings(in: module, at: "", archived)
  }

  /// The node of the archive that a node of the edited graph represents.
  private func archived(_ node: Node) -> Node? {
    if let originals { return originals[node] }
    return Int(node.index) < sharedCount ? node : nil
  }

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? root?[node] ?? [] : original.bindings(of: node, in: path)
  }

  func recordedValue(of node: Node, in path: String) -> FakeValue? {
    guard path.isEmpty else { return original.recordedValue(of: node, in: path) }
    return archived(node).flatMap { original.recordedValue(of: $0, in: path) }
  }

  func attribute(_ name: String, in path: String) -> FakeValue? { original.attribute(name, in: path) }

  func facts(for edited: GraphModule, originals newer: NodeMap<Node>?) -> any ProgramFacts {
    guard let newer else { return EditedProgram(original, edited, originals: originals) }
    var composed = NodeMap<Node>(for: edited.graph)
    for node in newer.nodes { composed[node] = newer[node].flatMap(archived) }
    return EditedProgram(original, edited, originals: composed)
  }
}

extension FakeProgram {
  /// A context for an edited `module` of this program.
  ///
  /// New nodes have no recorded value, and the symbols that they create are reported as fresh.
  ///
  /// - Throws: ``PropagationError`` of kind `foreignGraph` if the graph is not an edited copy of the program's.
  public func context(
    for module: GraphModule, table: OperatorTable
  ) throws(PropagationError) -> PropagationContext {
    let context = context(table: table)
    try context.replaceModule(module)
    return context
  }

  /// A context for the result of a transform of this program.
  ///
  /// `mapping` maps nodes of the program to the nodes of `module` that replace them, as returned by
  /// `Transformer.transform()`.
  public func context(
    for module: GraphModule, mapping: NodeMap<Node>, table: OperatorTable
  ) -> PropagationContext {
    let context = context(table: table)
    context.replaceModule(module, mapping: mapping)
    return context
  }
}
