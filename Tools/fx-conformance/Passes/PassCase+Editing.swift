import FX

/// Edits of a graph, up to the first that is refused.
extension PassCase {
  mutating func edit() throws -> OrderedJSON {
    var log: [OrderedJSON] = []
    for (number, command) in (parameters["commands"]?.items ?? []).enumerated() {
      do {
        if let entry = try perform(command) { log.append(entry) }
      } catch let error as CaseError { throw error } catch {
        log.append(["error": .string("\(error)"), "command": .int(number)])
        break
      }
    }
    let graph = module.graph
    func table(_ neighbours: (Node) -> [Node]) -> OrderedJSON {
      .object(
        graph.nodes.map { node in
          .init(key: graph.name(of: node), value: .strings(neighbours(node).map { graph.name(of: $0) }))
        })
    }
    return ["log": .array(log), "users": table(graph.users), "inputs": table(graph.inputs)]
  }

  private mutating func perform(_ command: OrderedJSON) throws -> OrderedJSON? {
    let graph = module.graph
    func nodes(_ nodes: some Sequence<Node>) -> OrderedJSON {
      .strings(nodes.map { module.graph.name(of: $0) })
    }
    func subject() throws -> Node { try node(command["node"]?.text) }
    func argument(_ json: OrderedJSON?) throws -> Node.Argument {
      try GraphReader().argument(json ?? .null, namedNodes)
    }
    switch command["do"]?.text {
    case "insert_arg":
      let (node, position) = (try subject(), command["index"]?.int ?? 0)
      guard (0...graph.argumentCount(of: node)).contains(position) else {
        throw Refusal("no argument can be inserted at \(position)")
      }
      module.graph.insertArgument(try argument(command["arg"]), at: position, of: node)
    case "update_arg":
      let (node, position) = (try subject(), command["index"]?.int ?? 0)
      guard graph.args(of: node).indices.contains(position) else { throw Refusal("no argument \(position)") }
      module.graph.setArgument(try argument(command["arg"]), at: position, of: node)
    case "update_kwarg":
      module.graph.setKwarg(command["key"]?.text ?? "", to: try argument(command["arg"]), of: try subject())
    case "set_args":
      module.graph.setArgs(try (command["args"]?.items ?? []).map { try argument($0) }, of: try subject())
    case "set_kwargs":
      let entries = command["kwargs"]?.entries ?? []
      module.graph.setKwargs(try entries.map { Named($0.key, try argument($0.value)) }, of: try subject())
    case "set_target":
      module.graph.setTarget(Node.Target(operator: command["target"]?.text ?? ""), of: try subject())
    case "replace_input_with":
      module.graph.replaceInput(
        try node(command["old"]?.text), with: try node(command["new"]?.text), in: try subject())
    case "replace_all_uses_with":
      let only = command["only"].map { Set($0.items.compactMap(\.text)) }
      return nodes(
        module.graph.replaceAllUses(of: try subject(), with: try node(command["new"]?.text)) {
          only?.contains(graph.name(of: $0)) ?? true
        })
    case "prepend": module.graph.move(try node(command["other"]?.text), before: try subject())
    case "append": module.graph.move(try node(command["other"]?.text), after: try subject())
    case "erase": try module.graph.erase(try subject())
    case "rename": return .string(module.graph.rename(try subject(), to: command["name"]?.text ?? ""))
    case "set_name":
      let name = command["name"]?.text ?? ""
      guard module.graph.rename(try subject(), exactly: name) else {
        throw CaseError("names of a graph are unique here: '\(name)' is taken")
      }
      return .string(name)
    case "create":
      let node = try create(command)
      return .string(module.graph.name(of: node))
    case "node_copy":
      let copy = module.graph.copyNode(try subject(), from: graph) { .node($0) }
      return .string(module.graph.name(of: copy))
    case "copy_graph":
      var (copy, copies) = (Graph(), NodeMap<Node>(for: graph))
      _ = try copy.copyNodes(from: graph, copies: &copies)
      return .strings(copy.nodes.map { copy.name(of: $0) })
    default: return try query(command)
    }
    return nil
  }

  private mutating func query(_ command: OrderedJSON) throws -> OrderedJSON? {
    let graph = module.graph
    func subject() throws -> Node { try node(command["node"]?.text) }
    func nodes(_ nodes: some Sequence<Node>) -> OrderedJSON { .strings(nodes.map { graph.name(of: $0) }) }
    switch command["do"]?.text {
    case "users": return nodes(graph.users(of: try subject()))
    case "all_input_nodes": return nodes(graph.inputs(of: try subject()))
    case "find_nodes":
      guard let op = command["op"]?.text.flatMap({ Graph.Op(name: $0) }) else { throw CaseError("no op") }
      return nodes(graph.findNodes(op, target: command["target"]?.text.map { Node.Target(operator: $0) }))
    case "output_node":
      guard let output = graph.outputNode else { throw Refusal("the last node is no output") }
      return .string(graph.name(of: output))
    case "before":
      let other = try node(command["other"]?.text)
      return .bool(graph.nodes.first { $0 == other || $0 == (try? subject()) } == (try subject()))
    case "is_impure": return .bool(module.isImpure(try subject()))
    case "eliminate_dead_code": return .bool(try module.eliminateDeadCode())
    case "lint":
      _ = try lint()
      return .string("fine")
    case let other: throw CaseError("no command '\(other ?? "")'")
    }
  }

  private mutating func create(_ command: OrderedJSON) throws -> Node {
    let nodes = namedNodes
    let argument = { (json: OrderedJSON) in try GraphReader().argument(json, nodes) }
    let op = command["op"]?.text.flatMap { Graph.Op(name: $0) } ?? .callFunction
    let target = Node.Target(operator: command["target"]?.text ?? "")
    let args = try (command["args"]?.items ?? []).map { try argument($0) }
    let kwargs = try (command["kwargs"]?.entries ?? []).map { Named($0.key, try argument($0.value)) }
    let make = { (graph: inout Graph) in
      graph.createNode(op, target, args: args, kwargs: kwargs, name: command["name"]?.text)
    }
    if let before = try command["before"]?.text.map({ try node($0) }) {
      return module.graph.inserting(before: before, make)
    }
    if let after = try command["after"]?.text.map({ try node($0) }) {
      return module.graph.inserting(after: after, make)
    }
    return make(&module.graph)
  }

  private var namedNodes: [String: Node] {
    Dictionary(module.graph.nodes.map { (module.graph.name(of: $0), $0) }) { first, _ in first }
  }
}

/// An edit that cannot be made, in PyTorch either.
struct Refusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
