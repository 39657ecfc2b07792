import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// One call of an operator as a rule for its FLOPs reads it: arguments in the order of the schema, and the result.
struct CountedCall {
  let arguments: [FakeValue]
  let result: FakeValue
  let shapes: ShapeEnv

  /// The call of `node`; `nil` if its arguments do not fit the schema.
  init?(_ node: Node, in graph: Graph, _ values: NodeMap<FakeValue>, _ shapes: ShapeEnv) {
    guard let result = values[node], let arguments = try? graph.normalizedArguments(of: node) else {
      return nil
    }
    self.arguments = arguments.map { FakeValue($0.value, values, shapes) }
    self.result = result
    self.shapes = shapes
  }

  subscript(position: Int) -> FakeValue { position < arguments.count ? arguments[position] : .none }

  func tensor(_ position: Int) -> FakeTensor? { self[position].tensor }

  /// The sizes of a tensor argument, if it has `rank` dims.
  func sizes(_ position: Int, rank: Int) -> Sizes? {
    tensor(position).flatMap { $0.rank == rank ? $0.sizes : nil }
  }

  func tensors(_ position: Int) -> [FakeTensor]? { self[position].elements.map { $0.compactMap(\.tensor) } }

  func flag(_ position: Int) -> Bool {
    if case .bool(let flag) = self[position] { flag } else { false }
  }

  func integer(_ position: Int) -> SymInt? {
    if case .symInt(let value) = self[position] { value } else { nil }
  }

  func integers(_ position: Int) -> [SymInt]? {
    self[position].elements.map { elements in
      elements.compactMap { if case .symInt(let value) = $0 { value } else { nil } }
    }
  }

  /// The tensors of the result, in order; `None` stays in its place.
  var results: [FakeTensor?] {
    if let tensor = result.tensor { return [tensor] }
    return (result.elements ?? []).map(\.tensor)
  }

  func product(_ sizes: some Sequence<SymInt>) -> SymInt { shapes.product(sizes) }

  /// Two operations, a product and a sum, for each of the pairs of elements.
  func multiplyAdds(_ factors: SymInt...) -> SymInt { shapes.mul(2, shapes.product(factors)) }
}

extension FakeValue {
  /// The value of an argument, as far as FLOPs can depend on it.
  init(_ argument: Node.Argument, _ values: NodeMap<FakeValue>, _ shapes: ShapeEnv) {
    switch argument {
    case .node(let node): self = values[node] ?? .none
    case .list(let items), .tuple(let items): self = .list(items.map { FakeValue($0, values, shapes) })
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .symInt(let expression): self = .symInt(shapes.symInt(expression))
    case .string(let text): self = .string(text)
    case .submodule(let path): self = .submodule(path)
    default: self = .none
    }
  }
}
