import FX
import TensorVocabulary

/// Writes graphs in the form in which they were recorded.
enum GraphAnswer {
  static func module(_ module: GraphModule, tags: (Node) -> String? = { _ in nil }) -> OrderedJSON {
    var graphs: [OrderedJSON.Entry] = []
    module.forEachModule { path, inner in
      if !path.isEmpty, !inner.isContainer {
        graphs.append(.init(key: path, value: graph(inner.graph)))
      }
    }
    var entries = graph(module.graph).entries
    entries.insert(.init(key: "text", value: .string(module.graph.description)), at: 0)
    entries.append(.init(key: "graphs", value: .object(graphs)))
    return .object(entries)
  }

  static func graph(_ graph: Graph) -> OrderedJSON {
    .dictionary(["nodes": .array(graph.nodes.map { node($0, graph) })])
  }

  private static func node(_ node: Node, _ graph: Graph) -> OrderedJSON {
    .dictionary([
      "name": .string(graph.name(of: node)), "op": .string(graph.op(of: node).name),
      "target": .string(graph.target(of: node).text),
      "args": .array(graph.args(of: node).map { argument($0, graph) }),
      "kwargs": .object(
        graph.kwargs(of: node).map { .init(key: $0.name, value: argument($0.value, graph)) }),
    ])
  }

  static func argument(_ argument: Node.Argument, _ graph: Graph) -> OrderedJSON {
    let items = { (items: [Node.Argument]) in OrderedJSON.array(items.map { Self.argument($0, graph) }) }
    return switch argument {
    case .node(let node): ["node": .string(graph.name(of: node))]
    case .none: .null
    case .ellipsis: ["ellipsis": true]
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): ["float": value.isFinite ? .double(value) : .string("\(value)")]
    case .complex(let real, let imaginary): ["complex": .array([.double(real), .double(imaginary)])]
    case .string(let text): .string(text)
    case .dtype(let type): ["dtype": .string(type.name)]
    case .device(let device): ["device": .string("\(device)")]
    case .layout(let layout): ["layout": .string(layout.name)]
    case .memoryFormat(let format): ["memory_format": .string(format.name)]
    case .operator(let target): ["target": .string(target.text)]
    case .symInt(let value), .symFloat(let value), .symBool(let value): ["symint": .string("\(value)")]
    case .tuple(let list): ["tuple": items(list)]
    case .list(let list): items(list)
    case .dict(let entries):
      ["dict": .object(entries.map { .init(key: "\($0.key)", value: Self.argument($0.value, graph)) })]
    case .slice(let slice): ["slice": items([slice.start, slice.stop, slice.step])]
    case .range(let range): ["range": .array([.int(range.start), .int(range.stop), .int(range.step)])]
    case .submodule(let path), .tensorConstant(let path): ["attribute": .string(path)]
    case .opaque(let opaque): ["opaque": .string(opaque.text)]
    }
  }
}

extension OrderedJSON: ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral {
  init(dictionaryLiteral elements: (String, OrderedJSON)...) {
    self = .object(elements.map { Entry(key: $0, value: $1) })
  }

  init(booleanLiteral value: Bool) { self = .bool(value) }
}
