import SwiftFX

/// `x: f32[s0, 4]`, `mask: bool[s0]` → the positions where the mask is true, those rows of `x`, and their
/// number.
///
///     nonzero  i64[u0, 1]
///     rows     f32[u0, 4]      x[mask]
///     count    u0              rows.size(0)
struct TestProgram {
  var graph = Graph()
  let mode = FakeTensorMode()
  let facts = TestFacts()
  let x: Node
  let mask: Node
  let nonzero: Node
  let rows: Node
  let count: Node
  let u0: SymExpr
  let inputs: [FakeValue]

  init() {
    x = graph.placeholder("x")
    mask = graph.placeholder("mask")
    nonzero = graph.callFunction("torch.ops.aten.nonzero.default", [.node(mask)])
    rows = graph.callFunction("torch.ops.aten.index.Tensor", [.node(x), .list([.node(mask)])])
    count = graph.callFunction("torch.ops.aten.sym_size.int", [.node(rows), 0])
    graph.output(.tuple([.node(nonzero), .node(rows), .node(count)]))
    let shapes = mode.shapes
    let s0 = shapes.symInt(shapes.createBackedSymbol("s0", hint: .int(8)))
    u0 = shapes.declare(
      "u0", [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 0, upper: 100)), hint: nil)
    inputs = [
      .tensor(mode.tensor([s0, 4], dtype: .float32)), .tensor(mode.tensor([s0], dtype: .bool)),
    ]
    bind("u0", at: nonzero, [.callMethod(.size), .sequence(0)])
  }

  var module: GraphModule { GraphModule(graph) }

  var context: PropagationContext { PropagationContext(module, mode: mode, table: .aten, facts: facts) }

  func bind(_ name: String, at node: Node, _ path: [BindingKey]) {
    guard let expression = try? mode.shapes.parse(name), let symbol = mode.shapes.arena.asSymbol(expression)
    else {
      return
    }
    facts.bindings[node, default: []].append(UnbackedBinding(symbol: symbol, path: path))
  }

  /// A value such as `i64[u0, 1]`; `none` for a node without a value.
  func text(_ result: Propagation, _ node: Node) -> String {
    result.values[node].flatMap { mode.shapes.shortText(of: $0) } ?? "none"
  }
}

/// The program facts of a test.
final class TestFacts: ProgramFacts {
  var bindings: [Node: [UnbackedBinding]] = [:]
  var recorded: [Node: FakeValue] = [:]
  var attributes: [String: FakeValue] = [:]

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? bindings[node] ?? [] : []
  }
  func recordedValue(of node: Node, in path: String) -> FakeValue? { path.isEmpty ? recorded[node] : nil }
  func attribute(_ name: String, in path: String) -> FakeValue? { attributes[name] }
}
