import ATenOperators
import FX
import FakeTensors
import ShapePropagation
import SymbolicShapes
import TensorVocabulary
import Testing

/// Nodes made from expressions of sizes.
@Suite struct SizeNodeTests {
  private let mode: FakeTensorMode
  private let inputs: [FakeValue]

  init() {
    let mode = FakeTensorMode()
    self.mode = mode
    inputs = [("s0", 8), ("s1", 6)].map { name, hint in
      .tensor(mode.tensor([mode.size(name, hint: hint), 4], dtype: .float32))
    }
  }

  private func program() throws -> (graph: Graph, values: NodeMap<FakeValue>, relu: Node) {
    var graph = Graph()
    let x = graph.placeholder("x")
    _ = graph.placeholder("y")
    let relu = graph.call("aten.relu.default", x)
    graph.output(relu)
    return (graph, try values(of: graph), relu)
  }

  private func values(of graph: Graph) throws -> NodeMap<FakeValue> {
    let run = PropagateUnbackedSymInts(
      GraphModule(graph), mode: mode, table: .aten, garbageCollectValues: false)
    try run.run(inputs)
    var values: NodeMap<FakeValue> = [:]
    for node in graph.nodes { values[node] = run.env[node].map { FakeValue($0, mode.shapes) } }
    return values
  }

  @Test func computesTheExpression() throws {
    var (graph, values, relu) = try program()
    let shapes = mode.shapes
    let size = try shapes.size("2*s0 + s1//3").value
    let argument = try graph.materialize(size, before: relu, values: values, shapes: shapes)
    try graph.lint()
    guard case .node(let node) = argument else {
      Issue.record("no node computes the size")
      return
    }
    let x = graph.findNodes(.placeholder)[0]
    let view = graph.inserting(before: relu) {
      $0.callFunction("torch.ops.aten.new_empty.default", [.node(x), .list([argument])])
    }
    values = try self.values(of: graph)
    guard case .symInt(let found)? = values[node] else {
      Issue.record("the node has no number")
      return
    }
    #expect(shapes.resolve(found) == shapes.resolve(size))
    #expect(values[view]?.tensor?.sizes.first.map { shapes.resolve($0) } == shapes.resolve(size))
    #expect(graph.findNodes(.callFunction, target: "torch.ops.aten.sym_size.int").count == 2)
  }

  @Test func numbersNeedNoNodeAndUnknownSymbolsAreRefused() throws {
    var (graph, values, relu) = try program()
    let before = graph
    #expect(try graph.materialize(7, before: relu, values: values, shapes: mode.shapes) == 7)
    let unknown = mode.unbackedSize("u9")
    #expect(throws: PropagationError.self) {
      try graph.materialize(unknown, before: relu, values: values, shapes: mode.shapes)
    }
    #expect(graph == before)
  }
}
