import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Finds where the symbols of values can be read.
extension RuntimeAssertInserter {
  /// Records where the symbols of an input's sizes, strides and offset can be read.
  mutating func bindSizes(of node: Node) {
    guard let value = values[node] else { return }
    if case .symInt(let number) = value, let symbol = loneSymbol(number) { note(node, for: symbol) }
    guard case .tensor(let tensor) = value else { return }
    for (dim, size) in tensor.sizes.enumerated() {
      read("torch.ops.aten.sym_size.int", of: node, [.int(dim)], size)
    }
    guard tensor.layout == .strided else { return }
    for (dim, stride) in tensor.strides.enumerated() {
      read("torch.ops.aten.sym_stride.int", of: node, [.int(dim)], stride)
    }
    read("torch.ops.aten.sym_storage_offset.default", of: node, [], tensor.storageOffset)
  }

  mutating func read(
    _ target: Node.Target, of node: Node, _ arguments: [Node.Argument], _ number: SymInt
  ) {
    guard let symbol = loneSymbol(number), lowering.node(for: symbol) == nil else { return }
    note(make(target, [.node(node)] + arguments, at: node), for: symbol)
  }

  func loneSymbol(_ number: SymInt) -> SymExpr? {
    guard let expression = number.symbolicExpression else { return nil }
    let renamed = shapes.arena.asSymbol(expression).flatMap { shapes.arena.asSymbol(shapes.find($0)) }
    return renamed.map { shapes.arena.handle(of: $0) }
  }

  mutating func note(_ node: Node, for expression: SymExpr) {
    if lowering.node(for: expression) == nil { lowering.note(node, for: expression) }
  }

  mutating func make(_ target: Node.Target, _ arguments: [Node.Argument], at node: Node) -> Node {
    let made = graph.callFunction(target, arguments)
    Self.copyPlace(of: node, to: made, &graph)
    return made
  }

  /// Gives a new node the stack trace, module stack and custom metadata of `node`.
  static func copyPlace(of node: Node, to made: Node, _ graph: inout Graph) {
    let origin = graph.metadata(of: node)
    let kept = ["stack_trace", "nn_module_stack", "custom"].compactMap { key in
      origin[key].map { Named(key, $0) }
    }
    if !kept.isEmpty { graph.setMetadata(NodeMetadata(kept), of: made) }
  }

  /// Makes the symbols that `node` binds available, and returns them.
  mutating func bind(_ node: Node) -> [SymExpr.Symbol] {
    shapes.resolveUnbackedBindings(bindings(node)).map { binding in
      let symbol = current(binding.symbol)
      let handle = shapes.arena.handle(of: symbol)
      if lowering.node(for: handle) == nil { note(follow(binding.path, from: node), for: handle) }
      return symbol
    }
  }

  /// Creates the nodes that follow a path, and returns the last.
  mutating func follow(_ path: [BindingKey], from node: Node) -> Node {
    var here = node
    var rest = path[...]
    while let key = rest.popFirst() {
      switch key {
      case .callMethod(let method):
        var arguments: [Node.Argument] = [.node(here)]
        if method != .storageOffset, case .sequence(let index)? = rest.first {
          rest.removeFirst()
          arguments.append(.int(index))
        }
        here = make(Self.target(of: method), arguments, at: node)
      case .sequence(let index): here = make(.getitem, [.node(here), .int(index)], at: node)
      case .mapping(let name): here = make(.getitem, [.node(here), .string(name)], at: node)
      case .innerTensor(let name): here = make("getattr", [.node(here), .string(name)], at: node)
      case .divideBy(let divisor):
        let expression = shapes.resolve(shapes.expression(divisor))
        here = make("_operator.floordiv", [.node(here), lower(expression, at: node)], at: node)
      case .convertInt: here = make("torch.sym_ite", [.node(here), 1, 0], at: node)
      }
    }
    return here
  }

  static func target(of method: BindingKey.Method) -> Node.Target {
    switch method {
    case .size: "torch.ops.aten.sym_size.int"
    case .stride: "torch.ops.aten.sym_stride.int"
    case .storageOffset: "torch.ops.aten.sym_storage_offset.default"
    }
  }

  mutating func lower(_ expression: SymExpr, at node: Node) -> Node.Argument {
    lowering.lower(expression, into: &graph, shapes.arena) { Self.copyPlace(of: node, to: $1, &$0) }
  }
}
