import FX
import TestSupport
import Testing

@Suite struct GraphLintTests {
  @Test func acceptsWellFormedGraphs() throws {
    try Graph().lint()
    try Chain().graph.lint()
  }

  @Test func findsUsesBeforeDefinitions() {
    var chain = Chain()
    chain.graph.move(chain.neg, before: chain.add)
    let error = #expect(throws: GraphError.self) { try chain.graph.lint() }
    #expect(error?.kind == .usedBeforeDefinition(node: "neg_default", argument: "add_tensor"))
    #expect(error?.description.contains("graph():") == true)
  }

  @Test func findsNodesAfterTheOutput() {
    var chain = Chain()
    chain.graph.callFunction(.abs, [.node(chain.x)])
    let error = #expect(throws: GraphError.self) { try chain.graph.lint() }
    #expect(error?.kind == .afterOutput(node: "abs_default"))
  }

  @Test func findsMethodCallsWithoutAnObject() {
    var graph = Graph()
    graph.callMethod("size", [])
    let error = #expect(throws: GraphError.self) { try graph.lint() }
    #expect(error?.kind == .malformed(node: "size", expectation: "the object as first argument"))
  }

  /// Random edits keep every invariant.
  @Test func holdsAfterRandomEdits() throws {
    var random = SplitMix64(seed: 0xF00D)
    for _ in 0..<40 {
      var graph = Graph()
      var live = [graph.placeholder("x")]
      for _ in 0..<120 {
        let node = live[Int.random(in: 0..<live.count, using: &random)]
        let other = live[Int.random(in: 0..<live.count, using: &random)]
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: live.append(graph.callFunction(.add, [.node(node), .list([.node(other)])]))
        case 2 where graph.userCount(of: node) == 0 && node != live[0]:
          try graph.erase(node)
          live.removeAll { $0 == node }
        case 3 where Array(graph.nodes.prefix { $0 != other }).contains(node):
          graph.replaceAllUses(of: other, with: node)
        case 4:
          live.append(graph.inserting(after: node) { $0.callFunction(.abs, [.node(node)]) })
        case 5 where graph.argumentCount(of: other) > 0:
          graph.setArgs([.node(live[0]), 3, .node(live[0])], of: other)
        default: break
        }
        try graph.lint()
      }
    }
  }
}
