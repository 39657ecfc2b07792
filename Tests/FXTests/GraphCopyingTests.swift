import FX
import Testing

@Suite struct GraphCopyingTests {
  @Test func copiesAWholeGraph() throws {
    let chain = Chain()
    var copy = Graph()
    var copies = NodeMap<Node>(for: chain.graph)
    let result = try copy.copyNodes(from: chain.graph, copies: &copies)
    copy.output(try #require(result))
    #expect(copy == chain.graph)
    #expect(copy.description == chain.graph.description)
    try copy.lint()
  }

  @Test func keepsMappedNodes() throws {
    let chain = Chain()
    var target = Graph()
    let z = target.placeholder("z")
    var copies: NodeMap<Node> = [chain.x: z, chain.y: z]
    let result = try target.copyNodes(from: chain.graph, copies: &copies)
    let add = try #require(copies[chain.add])
    #expect(target.inputs(of: add) == [z])
    #expect(result == copies[chain.mul].map { .tuple([.node($0)]) })
    #expect(target.nodes.count == 4)
  }

  @Test func copiesOneNodeWithItsMetadata() {
    var chain = Chain()
    chain.graph.setMetadata(NodeMetadata([Named("stack_trace", "here")]), of: chain.add)
    var other = Graph()
    let a = other.placeholder("a")
    let copy = other.copyNode(chain.add, from: chain.graph) { _ in .node(a) }
    #expect(other.name(of: copy) == "add_tensor")
    #expect(other.inputs(of: copy) == [a])
    #expect(other.stackTrace(of: copy) == "here")
  }

  @Test func failsOnGraphsOutOfOrder() {
    var chain = Chain()
    chain.graph.move(chain.mul, before: chain.neg)
    var copy = Graph()
    var copies: NodeMap<Node> = [:]
    let error = #expect(throws: GraphError.self) {
      try copy.copyNodes(from: chain.graph, copies: &copies)
    }
    #expect(error?.kind == .usedBeforeDefinition(node: "mul_tensor", argument: "neg_default"))
  }

  @Test func comparesStructureAndNotNumbers() throws {
    var chain = Chain()
    let dead = chain.graph.inserting(before: chain.add) { $0.callFunction(.abs, [.node(chain.x)]) }
    #expect(chain.graph != Chain().graph)
    try chain.graph.erase(dead)
    #expect(chain.graph == Chain().graph)
  }
}
