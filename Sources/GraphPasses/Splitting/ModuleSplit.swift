import FX
import OrderedCollections

/// The state of splitting one module.
struct ModuleSplit {
  private let module: GraphModule
  private let options: ModuleSplitter
  private var parts: [SplitPart] = []
  private var partOfNode: NodeMap<Int> = [:]
  private var nodeOfSymbol: [String: Node] = [:]
  private var regions: StateRegions

  private var graph: Graph { module.graph }

  init(_ module: GraphModule, _ options: ModuleSplitter, _ partNumber: (Node) throws -> Int) throws {
    self.module = module
    self.options = options
    regions = try StateRegions(module.graph, partNumber)
    var indices: [Int: Int] = [:]
    for node in module.graph.nodes {
      if let symbol = options.symbols?.defined(node), nodeOfSymbol[symbol] == nil {
        nodeOfSymbol[symbol] = node
      }
      guard ![.placeholder, .getAttr, .output].contains(module.graph.op(of: node)) else { continue }
      let number = try partNumber(node)
      if indices[number] == nil {
        indices[number] = parts.count
        parts.append(SplitPart(name: options.affix.map { "\($0)_\(number)" } ?? "\(number)"))
      }
      partOfNode[node] = indices[number]
    }
    regions.indices = indices
  }

  mutating func result() throws -> SplitResult {
    noteUses()
    let order = try topologicalOrder()
    regions.enter(&parts, graph)
    for part in order { addInputs(part) }
    var moved: [(new: String, old: String)] = []
    for node in graph.nodes {
      if let part = partOfNode[node] { try copy(node, to: part, &moved) }
    }
    regions.exit(&parts, graph)
    let callOrder = options.keepsOrder ? Array(parts.indices) : order
    return SplitResult(
      module: try outerModule(callOrder), parts: callOrder.map { "submod_\(parts[$0].name)" },
      movedPaths: moved)
  }
}

extension ModuleSplit {
  private mutating func noteUses() {
    for node in graph.nodes {
      switch graph.op(of: node) {
      case .placeholder, .getAttr: continue
      case .output: for input in graph.inputs(of: node) { noteUse(of: input, by: nil) }
      default:
        if StateRegions.isStateful(node, graph) { continue }
        for input in graph.inputs(of: node) { noteUse(of: input, by: partOfNode[node]) }
      }
    }
  }

  private mutating func noteUse(of node: Node, by used: Int?) {
    let defined = partOfNode[node]
    guard defined != used else { return }
    if let defined {
      parts[defined].addOutput(node)
      if let used { parts[defined].addDependent(used) }
    }
    guard let used else { return }
    parts[used].addInput(node)
    for symbol in options.symbols?.free(node).sorted() ?? [] {
      guard let source = nodeOfSymbol[symbol] else { continue }
      if graph.op(of: source) == .placeholder || partOfNode[source] != used { parts[used].addInput(source) }
      if let origin = partOfNode[source], origin != used {
        parts[origin].addOutput(source)
        parts[origin].addDependent(used)
        parts[used].dependencies.insert(origin)
      }
    }
    if let defined { parts[used].dependencies.insert(defined) }
  }

  private mutating func topologicalOrder() throws(GraphPassError) -> [Int] {
    var missing = parts.map(\.dependencies)
    var roots = parts.indices.filter { missing[$0].isEmpty }
    var order: [Int] = []
    while let root = roots.popLast() {
      order.append(root)
      for dependent in parts[root].dependents {
        missing[dependent].remove(root)
        if missing[dependent].isEmpty { roots.append(dependent) }
      }
    }
    guard order.count == parts.count else {
      let stuck = parts.indices.filter { !missing[$0].isEmpty }
      throw GraphPassError(.cyclicParts(stuck.map { "submod_\(parts[$0].name)" }))
    }
    return order
  }

  /// Inputs come before the submodules that the part refers to, so that its placeholders come first.
  private mutating func addInputs(_ part: Int) {
    let isModule = { [module, graph] (node: Node) in
      graph.op(of: node) == .getAttr && module.submodule(at: graph.target(of: node).text) != nil
    }
    let modules = parts[part].inputs.filter(isModule)
    let values = parts[part].inputs.filter { !isModule($0) }
    for (number, node) in values.enumerated() {
      let name = options.keepsInputNames ? graph.name(of: node) : "arg_\(number)"
      let input = parts[part].graph.placeholder(name)
      parts[part].note(input, for: node, of: graph)
    }
    for node in modules {
      let path = graph.target(of: node).text
      let copy = parts[part].graph.getAttr(path)
      if let submodule = module.submodule(at: path) { parts[part].module.setSubmodule(submodule, at: path) }
      parts[part].note(copy, for: node, of: graph)
    }
    parts[part].inputs = values
  }

  private mutating func copy(
    _ node: Node, to part: Int, _ moved: inout [(new: String, old: String)]
  ) throws(GraphPassError) {
    let copies = parts[part].copies
    func lookUp(_ input: Node) throws(GraphPassError) -> Node.Argument {
      guard let copy = copies[input] else { throw GraphPassError(.unknownNode(graph.name(of: input))) }
      return .node(copy)
    }
    var args: [Node.Argument] = []
    for argument in graph.args(of: node) { args.append(try argument.mapNodes(lookUp)) }
    var kwargs: [Node.KeywordArgument] = []
    for entry in graph.kwargs(of: node) { kwargs.append(Named(entry.name, try entry.value.mapNodes(lookUp))) }
    var target = graph.target(of: node)
    if graph.op(of: node) == .callModule {
      let path = target.text
      target = Node.Target(
        path.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "_"))
      guard let submodule = module.submodule(at: path) else {
        throw GraphPassError(.missingTarget(node: graph.name(of: node), path: path))
      }
      parts[part].module.submodules[target.text] = submodule
      let path2 = "submod_\(parts[part].name).\(target.text)"
      if !moved.contains(where: { $0.new == path2 }) { moved.append((path2, path)) }
    }
    let name = options.keepsNodeNames ? graph.name(of: node) : nil
    let copy = parts[part].graph.createNode(
      graph.op(of: node), target, args: args, kwargs: kwargs, name: name)
    parts[part].note(copy, for: node, of: graph)
  }
}

extension ModuleSplit {
  private func outerModule(_ order: [Int]) throws -> GraphModule {
    var outer = GraphModule(className: module.className)
    outer.signature = module.signature
    var values: NodeMap<Node> = [:]
    for node in graph.nodes where !options.keepsOrder || graph.op(of: node) == .placeholder {
      addSource(node, to: &outer, &values)
    }
    for part in order {
      if options.keepsOrder {
        for node in parts[part].inputs where values[node] == nil { addSource(node, to: &outer, &values) }
      }
      try call(parts[part], in: &outer, &values)
    }
    if let output = graph.outputNode {
      for node in graph.inputs(of: output) where values[node] == nil {
        addSource(node, to: &outer, &values)
      }
      let result = try graph.argument(0, of: output)?.mapNodes { (node) throws(GraphPassError) in
        guard let value = values[node] else { throw GraphPassError(.unknownNode(graph.name(of: node))) }
        return Node.Argument.node(value)
      }
      let copy = outer.graph.output(result ?? .none)
      outer.graph.setMetadata(graph.metadata(of: output), of: copy)
    }
    return outer
  }

  /// Copies an input or attribute, and what it refers to.
  private func addSource(_ node: Node, to outer: inout GraphModule, _ values: inout NodeMap<Node>) {
    let target = graph.target(of: node)
    let copy: Node
    switch graph.op(of: node) {
    case .placeholder:
      let name = options.keepsNodeNames ? graph.name(of: node) : target.text
      copy = outer.graph.placeholder(name, default: graph.argument(0, of: node))
    case .getAttr:
      copy = outer.graph.getAttr(target.text)
      switch module.member(at: target.text).member {
      case .attribute(let attribute): outer.setAttribute(attribute, at: target.text)
      case .submodule(let submodule): outer.setSubmodule(submodule, at: target.text)
      case nil: break
      }
    default: return
    }
    outer.graph.setMetadata(graph.metadata(of: node), of: copy)
    values[node] = copy
  }

  private func call(
    _ part: SplitPart, in outer: inout GraphModule, _ values: inout NodeMap<Node>
  ) throws(GraphPassError) {
    var part = part
    let returned = part.outputs.compactMap { part.copies[$0] }.map { Node.Argument.node($0) }
    let isSingle = returned.count == 1 && !options.returnsTuples
    part.graph.output(isSingle ? returned[0] : .tuple(returned))
    part.module.graph = part.graph
    outer.submodules["submod_\(part.name)"] = part.module
    var args: [Node.Argument] = []
    for input in part.inputs {
      guard let value = values[input] else { throw GraphPassError(.unknownNode(graph.name(of: input))) }
      args.append(.node(value))
    }
    let call = outer.graph.callModule("submod_\(part.name)", args)
    for (index, output) in part.outputs.enumerated() {
      values[output] = isSingle ? call : outer.graph.callFunction(.getitem, [.node(call), .int(index)])
    }
  }
}

extension SplitPart {
  mutating func note(_ copy: Node, for node: Node, of whole: Graph) {
    graph.setMetadata(whole.metadata(of: node), of: copy)
    copies[node] = copy
  }
}
