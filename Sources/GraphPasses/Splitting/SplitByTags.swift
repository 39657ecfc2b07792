public import FX
import OrderedCollections

extension GraphModule {
  /// Moves the calls of the graph into submodules by tag, called in the order of the tags.
  ///
  /// Attributes are not passed in: a part that uses one refers to it directly.
  ///
  /// - Parameters:
  ///   - tags: the names of the parts, in the order in which they are called.
  ///   - returnsTuples: whether a part with one result returns it in a tuple.
  ///   - tag: the tag of a call.
  /// - Returns: the outer module and, for submodules and attributes, their path in the parts.
  /// - Throws: ``GraphPassError`` if a call has no tag or an unknown one, or uses a value of a later part.
  /// - Source: `split_by_tags` in `torch/fx/passes/split_utils.py`, v2.13.
  public func splitByTags(
    _ tags: [String], returnsTuples: Bool = false, tag: (Node) throws -> String?
  ) throws -> SplitResult {
    guard let output = graph.outputNode else { throw GraphPassError(.noOutput("the graph")) }
    var split = TagSplit(self, tags)
    for node in graph.nodes where node != output { try split.add(node, tag(node)) }
    return try split.result(output, returnsTuples)
  }
}

/// The state of splitting one module by tags.
private struct TagSplit {
  private let module: GraphModule
  private let tags: [String]
  private var parts: [SplitPart]
  private var partOfNode: NodeMap<Int> = [:]
  private var outer = GraphModule()
  private var values: NodeMap<Node> = [:]
  private var usedOutside: [Node] = []

  private var graph: Graph { module.graph }

  init(_ module: GraphModule, _ tags: [String]) {
    self.module = module
    self.tags = tags
    parts = tags.map { SplitPart(name: $0) }
    outer.className = module.className
    outer.signature = module.signature
  }

  mutating func add(_ node: Node, _ tag: String?) throws(GraphPassError) {
    switch graph.op(of: node) {
    case .placeholder:
      let copy = outer.graph.placeholder(graph.name(of: node))
      outer.graph.setMetadata(graph.metadata(of: node), of: copy)
      values[node] = copy
    case .getAttr, .output: break
    default: try addCall(node, tag)
    }
  }

  private mutating func addCall(_ node: Node, _ tag: String?) throws(GraphPassError) {
    let name = graph.name(of: node)
    guard let tag else { throw GraphPassError(.noTag(node: name)) }
    guard let part = tags.firstIndex(of: tag) else { throw GraphPassError(.unknownTag(tag, node: name)) }
    partOfNode[node] = part
    if let latest = graph.inputs(of: node).compactMap({ partOfNode[$0] }).max(), latest > part {
      throw GraphPassError(.tagOrder(tag: tag, node: name, laterTag: tags[latest]))
    }
    for input in graph.inputs(of: node) where parts[part].copies[input] == nil {
      let copy: Node
      if graph.op(of: input) == .getAttr {
        copy = parts[part].graph.getAttr(graph.target(of: input).text)
      } else {
        copy = parts[part].graph.placeholder(graph.name(of: input))
        parts[part].addInput(input)
        if !usedOutside.contains(input) { usedOutside.append(input) }
      }
      parts[part].note(copy, for: input, of: graph)
    }
    let (copies, graph) = (parts[part].copies, graph)
    let copy = try parts[part].graph.copyNode(node, from: graph) {
      (input: Node) throws(GraphPassError) -> Node.Argument in
      guard let copy = copies[input] else { throw GraphPassError(.unknownNode(graph.name(of: input))) }
      return .node(copy)
    }
    parts[part].copies[node] = copy
  }

  mutating func result(_ output: Node, _ returnsTuples: Bool) throws -> SplitResult {
    let result = graph.argument(0, of: output) ?? .none
    for node in graph.inputs(of: output) {
      if graph.op(of: node) == .getAttr {
        values[node] = outer.graph.getAttr(graph.target(of: node).text)
        outer.adopt(graph.target(of: node).text, of: module)
      } else if !usedOutside.contains(node) {
        usedOutside.append(node)
      }
    }
    for node in usedOutside { if let part = partOfNode[node] { parts[part].addOutput(node) } }
    var moved: [(new: String, old: String)] = []
    for part in parts { try call(part, returnsTuples, &moved) }
    outer.graph.output(try result.mapNodes { .node(try value(of: $0)) })
    return SplitResult(module: outer, parts: tags, movedPaths: moved)
  }

  private func value(of node: Node) throws(GraphPassError) -> Node {
    guard let value = values[node] else { throw GraphPassError(.unknownNode(graph.name(of: node))) }
    return value
  }

  private mutating func call(
    _ part: SplitPart, _ returnsTuples: Bool, _ moved: inout [(new: String, old: String)]
  ) throws(GraphPassError) {
    var part = part
    let returned = part.outputs.compactMap { part.copies[$0] }.map { Node.Argument.node($0) }
    let isSingle = returned.count == 1 && !returnsTuples
    part.graph.output(isSingle ? returned[0] : .tuple(returned))
    let lifted = GraphModule(part.graph, of: module)
    for path in lifted.referredPaths { moved.append(("\(part.name).\(path)", path)) }
    outer.submodules[part.name] = lifted
    var args: [Node.Argument] = []
    for input in part.inputs { args.append(.node(try value(of: input))) }
    let call = outer.graph.callModule(part.name, args)
    for (index, output) in part.outputs.enumerated() {
      values[output] = isSingle ? call : outer.graph.callFunction(.getitem, [.node(call), .int(index)])
    }
  }
}

extension GraphModule {
  /// Creates a module from a graph and from what it refers to in another module.
  init(_ graph: Graph, of other: GraphModule, className: String = "GraphModule") {
    self.init(graph, className: className)
    for path in referredPaths { adopt(path, of: other) }
  }

  /// The attributes and submodules that the nodes of the graph refer to, each once.
  var referredPaths: [String] {
    var paths: [String] = []
    let note = { (path: String) in if !paths.contains(path) { paths.append(path) } }
    for node in graph.nodes {
      if [.getAttr, .callModule].contains(graph.op(of: node)) { note(graph.target(of: node).text) }
      for argument in graph.args(of: node) { argument.forEachSubmodule(note) }
      for entry in graph.kwargs(of: node) { entry.value.forEachSubmodule(note) }
    }
    return paths
  }

  /// Copies what another module has at a path, if there is anything.
  mutating func adopt(_ path: String, of other: GraphModule) {
    switch other.member(at: path).member {
    case .attribute(let attribute): setAttribute(attribute, at: path)
    case .submodule(let submodule): setSubmodule(submodule, at: path)
    case nil: break
    }
  }
}
