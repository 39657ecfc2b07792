import FX
import Testing

/// Computes the number of calls on the longest path to each node.
private struct Depth: NodeEvaluator {
  var evaluations = 0

  mutating func evaluate(_ node: Node, in graph: Graph, _ values: NodeMap<Int>) throws -> Int {
    evaluations += 1
    if graph.target(of: node) == .div { throw DivisionByZero() }
    return graph.inputs(of: node).reduce(0) { max($0, (values[$1] ?? 0) + 1) }
  }
}

@Suite struct NodeEvaluatorTests {
  @Test func evaluatesInOrder() throws {
    let chain = Chain()
    var depth = Depth()
    var values = NodeMap<Int>(for: chain.graph)
    try chain.graph.run(&depth, values: &values)
    #expect(values[chain.x] == 0)
    #expect(values[chain.mul] == 3)
    #expect(values.count == 6)
  }

  @Test func skipsKnownValuesAndReleasesOthers() throws {
    let chain = Chain()
    var depth = Depth()
    var values: NodeMap<Int> = [chain.x: 5]
    try chain.graph.run(&depth, values: &values, releasing: LastUses(of: chain.graph))
    #expect(depth.evaluations == 5)
    #expect(values.count == 1)
    #expect(values[chain.graph.outputNode ?? chain.x] == 9)
  }

  @Test func namesTheNodeThatFailed() {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.callFunction(.div, [.node(x), 0])
    var depth = Depth()
    var values = NodeMap<Int>(for: graph)
    let error = #expect(throws: InterpreterError.self) { try graph.run(&depth, values: &values) }
    #expect(error?.target == "torch.ops.aten.div.Tensor")
    #expect(error?.underlying is DivisionByZero)
  }
}

@Suite struct LastUsesTests {
  @Test func findsTheLastUser() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y")
    let first = graph.callFunction(.add, [.node(x), .node(y)])
    let second = graph.callFunction(.add, [.node(x), .node(first)])
    let output = graph.output(.node(second))
    let uses = LastUses(of: graph)
    #expect(Array(uses[first]) == [y])
    #expect(Array(uses[second]) == [x, first])
    #expect(Array(uses[output]) == [second])
    #expect(uses[x].isEmpty)
  }

  @Test func acceptsEmptyGraphs() {
    #expect(LastUses(of: Graph())[Node(index: 0)].isEmpty)
  }
}
