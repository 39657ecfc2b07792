import FX
import Foundation
import TensorVocabulary

/// A recorded pass: a module, the request, and tensors by number.
struct PassCase {
  let id: String
  let kind: String
  let parameters: OrderedJSON
  let archive: String?
  let graph: OrderedJSON
  var module: GraphModule
  var tensors = KnownTensors()

  init(_ json: OrderedJSON) throws {
    id = json["id"]?.text ?? ""
    kind = json["kind"]?.text ?? ""
    parameters = json["parameters"] ?? .null
    archive = json["archive"]?.text
    graph = json["graph_before"] ?? .null
    module = GraphModule()
    module = try readModule(graph)
  }

  /// Reads a graph with the modules and attributes it refers to.
  mutating func readModule(_ json: OrderedJSON) throws -> GraphModule {
    var module = GraphModule(try GraphReader().graph(json))
    for entry in json["graphs"]?.entries ?? [] {
      module.setSubmodule(try readModule(entry.value), at: entry.key)
    }
    for entry in json["modules"]?.entries ?? [] {
      var opaque = GraphModule(className: "Module")
      opaque.isImpure = entry.value["impure"]?.bool ?? false
      module.setSubmodule(opaque, at: entry.key)
    }
    for entry in json["attributes"]?.entries ?? [] {
      module.setAttribute(tensors.add(entry.value), at: entry.key)
    }
    return module
  }

  /// The node with this name, which the case must have.
  func node(_ name: String?) throws -> Node {
    guard let name, let node = module.graph.node(named: name) else {
      throw CaseError("there is no node \(name ?? "without name")")
    }
    return node
  }
}

/// Reads the nodes of a recorded graph, which may be in any order.
struct GraphReader {
  func graph(_ json: OrderedJSON) throws -> Graph {
    var graph = Graph()
    var nodes: [String: Node] = [:]
    for item in json["nodes"]?.items ?? [] {
      guard let name = item["name"]?.text, let op = item["op"]?.text.flatMap({ Graph.Op(name: $0) }),
        let target = item["target"]?.text
      else { throw CaseError("a node without name, op or target") }
      let node = graph.createNode(op, Node.Target(target), name: name)
      if graph.name(of: node) != name, !graph.rename(node, exactly: name) {
        throw CaseError("two nodes are named '\(name)'")
      }
      nodes[name] = node
    }
    for item in json["nodes"]?.items ?? [] {
      guard let node = item["name"]?.text.flatMap({ nodes[$0] }) else { continue }
      graph.setArgs(try (item["args"]?.items ?? []).map { try argument($0, nodes) }, of: node)
      graph.setKwargs(
        try (item["kwargs"]?.entries ?? []).map { Named($0.key, try argument($0.value, nodes)) }, of: node)
    }
    return graph
  }

  func argument(_ json: OrderedJSON, _ nodes: [String: Node]) throws -> Node.Argument {
    switch json {
    case .null: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .float(value)
    case .string(let text): return .string(text)
    case .array(let items): return .list(try items.map { try argument($0, nodes) })
    case .object: break
    }
    guard let entry = json.entries.first else { throw CaseError("an argument without a kind") }
    let text = entry.value.text ?? ""
    let value: Node.Argument?
    switch entry.key {
    case "node":
      guard let node = nodes[text] else { throw CaseError("there is no node '\(text)'") }
      value = .node(node)
    case "float": value = entry.value.number.map { .float($0) }
    case "tuple": value = .tuple(try entry.value.items.map { try argument($0, nodes) })
    case "dict":
      value = .dict(try entry.value.entries.map { DictEntry(.string($0.key), try argument($0.value, nodes)) })
    case "slice":
      let bounds = try entry.value.items.map { try argument($0, nodes) }
      value = bounds.count == 3 ? .slice(.init(bounds[0], bounds[1], bounds[2])) : nil
    case "dtype": value = ScalarType(name: text).map { .dtype($0) }
    case "device": value = Device(text).map { .device($0) }
    case "layout": value = Layout(name: text).map { .layout($0) }
    case "memory_format":
      value = (MemoryFormat(name: text) ?? MemoryFormat(name: text + "_format")).map { .memoryFormat($0) }
    case "target": value = .operator(Node.Target(text))
    case "ellipsis": value = .ellipsis
    case "symint", "symfloat", "symbool": value = .opaque(.init(tag: entry.key, text: "\(entry.value)"))
    default: value = nil
    }
    guard let value else { throw CaseError("an argument of kind \(entry.key): \(entry.value)") }
    return value
  }
}
