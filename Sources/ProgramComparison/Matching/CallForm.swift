import FX
import OperatorSchemas

/// What a node does: the target and the literals, argument by argument, and the nodes it reads.
///
/// Two forms are equal if they do the same, whichever nodes they read.
struct CallForm {
  /// One argument.
  struct Slot {
    let name: String
    let isKeyword: Bool
    /// The argument as it is printed, with `%` for each node.
    let literal: String
    /// The nodes in it, in order.
    let nodes: [Node]
  }

  let op: Graph.Op
  let target: String
  let slots: [Slot]
  /// The positions of the slots that the call writes to.
  let written: [Int]

  /// All nodes that are read, in order.
  var inputs: [Node] { slots.flatMap(\.nodes) }

  /// Arguments of a call of an operator are put into the order of its schema, with its defaults.
  init(_ node: Node, in graph: borrowing Graph, _ schemas: inout SchemaCache) {
    op = graph.op(of: node)
    target = op == .placeholder || op == .getAttr ? "" : graph.target(of: node).text
    var slots: [Slot] = []
    var written: [Int] = []
    slots.reserveCapacity(8)
    let given = graph.kwargs(of: node)
    if op == .callFunction, let schema = schemas.schema(of: graph.target(of: node)),
      let arguments = try? graph.normalizedArguments(of: node, schema: schema)
    {
      for argument in arguments where argument.name != Self.message {
        let isKeyword = given.contains { $0.name == argument.name }
        if schema.isMutable,
          schema.position(of: argument.name).map({ schema.arguments[$0].isMutated }) == true
        {
          written.append(slots.count)
        }
        slots.append(Slot(argument.name, isKeyword, argument.value))
      }
    } else if op != .placeholder {
      for (position, argument) in graph.args(of: node).enumerated() {
        slots.append(Slot("\(position)", false, argument))
      }
      for entry in given { slots.append(Slot(entry.name, true, entry.value)) }
    }
    self.slots = slots
    self.written = written
  }

  /// What an assert says when it fails names symbols and nodes, and does not count.
  private static let message = "assert_msg"
}

extension CallForm: Hashable {
  static func == (a: CallForm, b: CallForm) -> Bool {
    a.op == b.op && a.target == b.target && a.slots == b.slots
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(op)
    hasher.combine(target)
    for slot in slots { hasher.combine(slot) }
  }
}

extension CallForm.Slot: Hashable {
  static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.literal == b.literal }

  func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(literal)
  }
}

extension CallForm.Slot {
  /// What a node is printed as.
  private static let anyNode = Node.Argument.opaque(.init(tag: "", text: "%"))

  fileprivate init(_ name: String, _ isKeyword: Bool, _ argument: Node.Argument) {
    self.name = name
    self.isKeyword = isKeyword
    if case .node(let node) = argument {
      (nodes, literal) = ([node], "%")
      return
    }
    var nodes: [Node] = []
    argument.forEachNode { nodes.append($0) }
    self.nodes = nodes
    literal = (nodes.isEmpty ? argument : argument.mapNodes { _ in Self.anyNode }).description
  }
}

/// The schemas of the operators that two programs call.
struct SchemaCache {
  private var schemas: [Node.Target: FunctionSchema?] = [:]

  mutating func schema(of target: Node.Target) -> FunctionSchema? {
    if let known = schemas[target] { return known }
    let schema = SchemaTable.schema(named: target.text)
    schemas[target] = .some(schema)
    return schema
  }
}
