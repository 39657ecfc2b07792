public import FX
import OrderedCollections

/// A module without the calls that depend only on its own tensors, and a graph that computes those.
public struct FoldedModule: Sendable {
  /// The module; it reads ``attribute`` in place of constant values.
  public var module: GraphModule
  /// The graph that computes the constant values, or `nil` if there are none.
  public var constants: GraphModule?
  /// The path at which the module expects the constant value, or a list of several.
  public var attribute: String?
}

extension GraphModule {
  /// Moves calls that depend only on the module's tensors out of the graph.
  ///
  ///     %w = get_attr[w]
  ///     %n = neg(%w)                   %c = get_attr[_FX_CONST_FOLDED_ATTRS]
  ///     %a = add(%x, %n)               %a = add(%x, %c)
  ///
  /// Nothing is computed here: run ``FoldedModule/constants`` and store the result at ``FoldedModule/attribute``.
  ///
  /// - Parameter isSkipped: whether a node stays in the graph; by default none does.
  /// - Returns: the rest, and the graph of the constants.
  /// - Throws: ``GraphPassError`` or ``GraphError``.
  /// - Source: `split_const_subgraphs` in `torch/fx/experimental/const_fold.py`, v2.13.
  public func splitConstantSubgraphs(
    skipping isSkipped: (Node) -> Bool = { _ in false }
  ) throws -> FoldedModule {
    let constant = constantNodes(isSkipped)
    guard constant.nodes.contains(where: { graph.op(of: $0) != .getAttr }) else {
      return FoldedModule(module: self, constants: nil, attribute: nil)
    }
    var split = try ModuleSplitter().split(self) { constant.set.contains($0) ? 0 : 1 }.module
    guard var constants = split.submodule(at: "submod_0"),
      let call = split.graph.findNodes(.callModule, target: "submod_0").first
    else { throw GraphPassError(.notCalled(module: "submod_0")) }
    try split.replaceInputsByAttributes(of: &constants, call)
    let name = freeAttributeName("_FX_CONST_FOLDED_ATTRS")
    let attribute = split.graph.inserting(before: call) { $0.getAttr(name) }
    split.graph.setMetadata(split.graph.metadata(of: call), of: attribute)
    split.graph.replaceAllUses(of: call, with: attribute)
    for (path, module) in split.submodule(at: "submod_1")?.submodules ?? [:] {
      split.setSubmodule(module, at: path)
    }
    // The attribute does not exist yet, so nothing can be linted before it is set.
    if split.submodule(at: "submod_1") != nil { try split.inlineSubmodule("submod_1") }
    try split.eliminateDeadCode()
    return FoldedModule(
      module: GraphModule(split.graph, of: split, className: className), constants: constants, attribute: name
    )
  }

  private func constantNodes(_ isSkipped: (Node) -> Bool) -> (nodes: [Node], set: NodeSet) {
    var set = NodeSet(for: graph)
    var nodes: [Node] = []
    for node in graph.nodes where ![.placeholder, .output].contains(graph.op(of: node)) {
      let isConstant =
        graph.op(of: node) == .getAttr || graph.inputs(of: node).allSatisfy { set.contains($0) }
      guard isConstant, !isSkipped(node), !isImpure(node) else { continue }
      if case .symInt? = graph.kwargs(of: node)["fill_value"] { continue }
      if graph.op(of: node) == .callModule, submodule(at: graph.target(of: node).text)?.hasImpureCalls == true
      {
        continue
      }
      set.insert(node)
      nodes.append(node)
    }
    return (nodes, set)
  }

  private var hasImpureCalls: Bool {
    graph.nodes.contains { node in
      switch graph.op(of: node) {
      case .callFunction: graph.isImpure(node)
      case .callModule: submodule(at: graph.target(of: node).text)?.hasImpureCalls == true
      default: false
      }
    }
  }

  /// Makes a part refer directly to the attributes that its call passes in.
  private func replaceInputsByAttributes(of part: inout GraphModule, _ call: Node) throws {
    for (position, input) in part.graph.findNodes(.placeholder).enumerated() {
      guard case .node(let source)? = graph.argument(position, of: call), graph.op(of: source) == .getAttr
      else {
        throw GraphPassError(.missingInput(part.graph.name(of: input), call: graph.name(of: call)))
      }
      let path = graph.target(of: source).text
      let attribute = part.graph.inserting(before: input) { $0.getAttr(path) }
      part.graph.setMetadata(part.graph.metadata(of: input), of: attribute)
      part.graph.replaceAllUses(of: input, with: attribute)
      try part.graph.erase(input)
      part.adopt(path, of: self)
    }
  }

  /// The name, with a number if the module already has something with this name.
  private func freeAttributeName(_ name: String) -> String {
    guard member(at: name).member != nil else { return name }
    var number = 1
    while member(at: "\(name)_\(number)").member != nil { number += 1 }
    return "\(name)_\(number)"
  }
}
