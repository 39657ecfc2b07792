import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Records calls as nodes of a new graph, and knows which node has which value.
///
/// Tensors are distinguished by identity, numbers by their expression, as in `make_fx`.
///
/// - Source: `track_tensor_tree` and `set_proxy_slot` in `torch/fx/experimental/proxy_tensor.py`, v2.13.
final class GraphTracer {
  /// Where a symbolic number comes from.
  private enum NumberSource {
    case node(Node)
    /// A property of a tensor, read when it is first needed.
    case read(Node.Target, Node, [Node.Argument])
  }

  var graph = Graph()
  let mode: FakeTensorMode
  /// The graph that the new one is made from.
  private let source: Graph
  /// The node of `source` that new nodes come from, whose metadata they get.
  var origin: Node?
  /// The values of the new nodes.
  private(set) var values: NodeMap<FakeValue> = [:]
  /// The nodes of submodules by path.
  var submodules: [String: Node] = [:]
  private var tensors: [ObjectIdentifier: (tensor: FakeTensor, node: Node)] = [:]
  private var numbers: [SymExpr: NumberSource] = [:]
  private var lowering = ExpressionLowering()

  var shapes: ShapeEnv { mode.shapes }

  /// How many nodes the new graph may have at most.
  private let mostNodes: Int

  /// Creates a tracer for a graph that is made from `source`.
  init(_ mode: FakeTensorMode, from source: Graph) {
    self.mode = mode
    self.source = source
    // Bound: the nodes of a graph are numbered by 32 bits.
    mostNodes = Self.freeNodes + Self.nodesForEach * source.nodeCount
  }

  /// How many nodes a new graph may have whatever it is made from, and how many more for each node that it is made from.
  private static let freeNodes = 1 << 14
  private static let nodesForEach = 16

  /// Refuses a call whose result would make the graph grow out of proportion to the one that it is made from.
  func requireRoom(for result: FakeValue, of target: Node.Target) throws {
    let (items, count) = (result.elements?.count ?? 0, graph.nodeCount)
    guard items >= mostNodes - count else { return }
    throw ProgramPassError(
      "\(target) would make \(items + 1) nodes, and the new graph has \(count) of the \(mostNodes) that it may have"
    )
  }

  /// Creates a node and records its value.
  func record(
    _ op: Graph.Op, _ target: Node.Target, _ args: [Node.Argument], _ kwargs: [Node.KeywordArgument],
    name: String? = nil, value: FakeValue
  ) -> Node {
    let node = graph.createNode(op, target, args: args, kwargs: kwargs, name: name)
    // The signature refers to inputs by name, even by a name that Python reserves.
    if op == .placeholder, let name { _ = graph.rename(node, exactly: name) }
    takeMetadata(node)
    note(value, node)
    return node
  }

  /// Records the value of a node, and where the numbers in it can be read.
  func note(_ value: FakeValue, _ node: Node) {
    values[node] = value
    switch value {
    case .tensor(let tensor): note(tensor, node)
    case .symInt(let number): number.symbolicExpression.map { note($0, .node(node)) }
    case .symFloat(let number): note(number.expression, .node(node))
    case .symBool(let condition): note(condition.expression, .node(node))
    case .tuple(let items), .list(let items):
      for (index, item) in items.enumerated() where !item.isNone {
        note(item, makeItem(index, of: node))
      }
    case .sizes(let sizes):
      for (index, size) in sizes.enumerated() where size.isSymbolic {
        note(.symInt(size), makeItem(index, of: node))
      }
    default: break
    }
  }

  private func makeItem(_ index: Int, of node: Node) -> Node {
    let item = graph.callFunction(.getitem, [.node(node), .int(index)])
    takeMetadata(item)
    return item
  }

  private func takeMetadata(_ node: Node) {
    if let origin { graph.copyMetadata(of: origin, from: source, to: node) }
  }

  private func note(_ tensor: FakeTensor, _ node: Node) {
    tensors[ObjectIdentifier(tensor)] = (tensor, node)
    for (dim, size) in tensor.sizes.enumerated() {
      size.symbolicExpression.map { note($0, .read("torch.ops.aten.sym_size.int", node, [.int(dim)])) }
    }
    guard tensor.layout == .strided else { return }
    for (dim, stride) in tensor.strides.enumerated() {
      stride.symbolicExpression.map { note($0, .read("torch.ops.aten.sym_stride.int", node, [.int(dim)])) }
    }
    tensor.storageOffset.symbolicExpression.map {
      note($0, .read("torch.ops.aten.sym_storage_offset.default", node, []))
    }
  }

  /// The first node that has a number keeps it.
  private func note(_ expression: SymExpr, _ source: @autoclosure () -> NumberSource) {
    let expression = shapes.resolve(expression)
    if numbers[expression] == nil { numbers[expression] = source() }
  }

  /// The node that has a tensor as its value, or `nil`.
  func node(of tensor: FakeTensor) -> Node? { tensors[ObjectIdentifier(tensor)]?.node }

  /// The node that has a number as its value, or `nil`; a size is read from its tensor.
  func knownNode(of expression: SymExpr) -> Node? {
    let expression = shapes.resolve(expression)
    if numbers[expression] == nil {
      // A symbol may have been renamed since.
      for (known, source) in numbers where shapes.resolve(known) == expression {
        numbers[expression] = source
      }
    }
    switch numbers[expression] {
    case .node(let node)?: return node
    case .read(let target, let tensor, let arguments)?:
      let node = graph.createNode(
        .callFunction, target, args: [.node(tensor)] + arguments, name: Self.name(of: target))
      values[node] = .symInt(shapes.symInt(expression))
      numbers[expression] = .node(node)
      return node
    case nil: return nil
    }
  }

  /// The name that PyTorch's tracer gives to the result of a function.
  static func name(of target: Node.Target) -> String? {
    if target.text.hasPrefix("torch.ops.aten.sym_size") { return "sym_size_int" }
    return OperatorName(target.text)?.base
  }
}

extension GraphTracer {
  /// A value as an argument of a node.
  ///
  /// - Throws: ``ProgramPassError`` for a value that no node has.
  func argument(_ value: FakeValue) throws -> Node.Argument {
    switch value {
    case .tensor(let tensor):
      guard let node = node(of: tensor) else {
        throw ProgramPassError("a tensor that no node of the new graph makes is used")
      }
      return .node(node)
    case .symInt(let number): return try argument(number)
    case .symFloat(let number): return .node(try node(for: number.expression))
    case .symBool(let condition):
      if let constant = condition.constant { return .bool(constant) }
      return .node(try node(for: condition.expression))
    case .float(let value): return .float(value)
    case .bool(let value): return .bool(value)
    case .complex(let real, let imaginary): return .complex(real, imaginary)
    case .string(let text): return .string(text)
    case .none: return .none
    case .dtype(let dtype): return .dtype(dtype)
    case .device(let device): return .device(device)
    case .layout(let layout): return .layout(layout)
    case .memoryFormat(let format): return .memoryFormat(format)
    case .list(let items): return .list(try items.map(argument))
    case .tuple(let items): return .tuple(try items.map(argument))
    case .sizes(let sizes): return .list(try sizes.map { try argument($0) })
    case .dictionary(let entries): return .dict(try entries.map { DictEntry($0.key, try argument($0.value)) })
    case .slice(let bounds):
      let mapped = try bounds.map(argument)
      return mapped.count == 3 ? .slice(.init(mapped[0], mapped[1], mapped[2])) : .none
    case .submodule(let path):
      guard let node = submodules[path] else { throw ProgramPassError("the submodule '\(path)' has no node") }
      return .node(node)
    case .opaque(let text): return .operator(Node.Target(text))
    }
  }

  /// A size as an argument: a number, or the node that has it.
  func argument(_ number: SymInt) throws -> Node.Argument {
    if let constant = number.constant { return .int(constant) }
    guard let expression = number.symbolicExpression.map({ shapes.resolve($0) }) else { return .int(0) }
    if let constant = shapes.arena.integerValue(of: expression) { return .int(constant) }
    return .node(try node(for: expression))
  }

  /// The node that has a number, created from the nodes of its symbols if there is none.
  func node(for expression: SymExpr) throws -> Node {
    if let known = knownNode(of: expression) { return known }
    let expression = shapes.resolve(expression)
    for symbol in shapes.arena.freeSymbols(of: expression) {
      let handle = shapes.arena.handle(of: symbol)
      if let node = knownNode(of: handle) { lowering.note(node, for: handle) }
    }
    guard lowering.canLower(expression, shapes.arena),
      case .node(let node) = lowering.lower(expression, into: &graph, shapes.arena, { _, _ in })
    else { throw ProgramPassError("no node computes '\(shapes.text(of: expression))'") }
    values[node] = .symInt(shapes.symInt(expression))
    note(expression, .node(node))
    return node
  }
}
