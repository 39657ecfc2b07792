import SwiftFX

/// Builds a synthetic program: nodes through the graph's public methods, inputs as fake tensors.
struct SyntheticBuilder {
  private(set) var graph = Graph()
  let mode = FakeTensorMode()
  private let facts = SyntheticFacts()
  private var inputs: [FakeValue] = []
  /// The value that the program returns.
  var result: Node?

  var shapes: ShapeEnv { mode.shapes }

  /// The number of nodes.
  var nodeCount: Int { graph.nodeCount }

  /// A size of an input, with a hint.
  func size(_ name: String, _ hint: Int) -> SymInt {
    shapes.symInt(shapes.createBackedSymbol(name, hint: .int(hint)))
  }

  /// A tensor input of the program.
  mutating func input(_ name: String, _ sizes: Sizes, _ dtype: ScalarType = .float32) -> Node {
    inputs.append(.tensor(mode.tensor(sizes, dtype: dtype)))
    return graph.placeholder(name)
  }

  /// A call of an ATen overload such as `add.Tensor`.
  @discardableResult
  mutating func aten(_ overload: String, _ arguments: Node.Argument...) -> Node {
    graph.callFunction(Node.Target("torch.ops.aten.\(overload)"), arguments)
  }

  /// A call of a Python function such as `_operator.ge`.
  mutating func python(_ function: String, _ arguments: Node.Argument...) -> Node {
    graph.callFunction(Node.Target(function), arguments)
  }

  /// `assert condition`.
  mutating func assert(_ condition: Node) {
    aten("_assert_scalar.default", .node(condition), "does not hold")
  }

  /// Records that `node` binds the symbol `name`, a size, at `size()[dim]` of its value.
  func bind(_ name: String, to node: Node, dim: Int) {
    let expression = shapes.declare(
      name, [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 0, upper: .max)), hint: nil
    )
    guard let symbol = shapes.arena.asSymbol(expression) else { return }
    facts.symbols[node] = [UnbackedBinding(symbol: symbol, path: [.callMethod(.size), .sequence(dim)])]
  }

  mutating func program(_ name: String) -> SyntheticProgram {
    graph.output(result.map { .node($0) } ?? .none)
    return SyntheticProgram(name: name, graph: graph, mode: mode, inputs: inputs, facts: facts)
  }
}
