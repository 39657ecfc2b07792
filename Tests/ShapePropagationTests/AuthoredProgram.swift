import SwiftFX

/// A program with source lines, built line by line.
///
///     rows = x[mask]        x: f32[s0, 4], s0 in 2 … 64      rows: f32[u0, 4]
struct AuthoredProgram {
  var graph = Graph()
  let mode = FakeTensorMode()
  let facts = TestFacts()
  let x: Node
  let rows: Node
  let u0: SymExpr
  let inputs: [FakeValue]
  private var nextLine = 10

  init() {
    x = graph.placeholder("x")
    let mask = graph.placeholder("mask")
    rows = graph.callFunction("torch.ops.aten.index.Tensor", [.node(x), .list([.node(mask)])])
    let shapes = mode.shapes
    let s0 = shapes.symInt(
      shapes.createBackedSymbol("s0", hint: .int(8), range: IntRange(lower: 2, upper: 64)))
    u0 = shapes.declare(
      "u0", [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 0, upper: .max)), hint: nil
    )
    inputs = [
      .tensor(mode.tensor([s0, 4], dtype: .float32)), .tensor(mode.tensor([s0], dtype: .bool)),
    ]
    if let symbol = shapes.arena.asSymbol(u0) {
      facts.bindings[rows] = [UnbackedBinding(symbol: symbol, path: [.callMethod(.size), .sequence(0)])]
    }
    write("rows = x[mask]", at: rows)
  }

  /// Records the source line that created `node`.
  mutating func write(_ code: String, at node: Node) {
    let trace = "  File \"/home/author/model.py\", line \(nextLine), in forward\n    \(code)\n"
    nextLine += 1
    graph.setMetadata(NodeMetadata([Named("stack_trace", trace)]), of: node)
  }

  /// A call made by a source line.
  mutating func call(_ code: String, _ target: String, _ arguments: [Node.Argument]) -> Node {
    let node = graph.callFunction(Node.Target("torch.ops.aten.\(target)"), arguments)
    write(code, at: node)
    return node
  }

  var context: PropagationContext {
    PropagationContext(GraphModule(graph), mode: mode, table: .aten, facts: facts)
  }

  /// A survey of the program, with `results` returned.
  mutating func survey(returning results: Node...) -> ProgramSurvey {
    graph.output(.tuple(results.map { .node($0) }))
    return context.survey(inputs)
  }

  func text(_ value: FakeValue?) -> String { value.flatMap { mode.shapes.shortText(of: $0) } ?? "none" }
}
