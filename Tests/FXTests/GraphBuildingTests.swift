import FX
import Testing

@Suite struct GraphBuildingTests {
  @Test func answersQuestionsAboutNodes() throws {
    let chain = Chain()
    let graph = chain.graph
    #expect(graph.op(of: chain.add) == .callFunction)
    #expect(graph.target(of: chain.add) == .add)
    #expect(graph.name(of: chain.add) == "add_tensor")
    #expect(Array(graph.args(of: chain.mul)) == [.node(chain.neg), 2])
    #expect(graph.kwargs(of: chain.mul).isEmpty)
    #expect(graph.argument(1, of: chain.mul) == 2)
    #expect(graph.argument(2, of: chain.mul) == nil)
    #expect(graph.inputs(of: chain.add) == [chain.x, chain.y])
    #expect(graph.users(of: chain.add) == [chain.neg])
    #expect(graph.node(named: "mul_tensor") == chain.mul)
    #expect(graph.node(named: "nothing") == nil)
    #expect(graph.findNodes(.placeholder) == [chain.x, chain.y])
    #expect(graph.findNodes(.callFunction, target: .neg) == [chain.neg])
    #expect(graph.outputNode == graph.nodes.last)
    try graph.lint()
  }

  @Test func givesEachTargetOneNumber() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let first = graph.callFunction(.relu, [.node(x)])
    let second = graph.callFunction(.relu, [.node(first)])
    #expect(graph.targetID(of: first) == graph.targetID(of: second))
    #expect(graph.targets[Int(graph.targetID(of: first).index)] == .relu)
  }

  @Test func walksBothWays() {
    let graph = Chain().graph
    let names = graph.nodes.map { graph.name(of: $0) }
    #expect(names == ["x", "y", "add_tensor", "neg_default", "mul_tensor", "output"])
    #expect(graph.nodes.reversed().map { graph.name(of: $0) } == names.reversed())
    #expect(graph.nodes.count == 6)
  }

  @Test func countsEachUserOnce() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let square = graph.callFunction(.mul, [.node(x), .node(x)])
    let list = graph.callFunction(
      .sum, [.list([.node(x), .node(square), .node(x)])], kwargs: ["k": .node(x)])
    #expect(graph.users(of: x) == [square, list])
    #expect(graph.userCount(of: x) == 2)
    #expect(graph.inputs(of: list) == [x, square])
    try graph.lint()
  }

  @Test func insertsBeforeAndAfter() throws {
    var chain = Chain()
    let before = chain.graph.inserting(before: chain.neg) { graph in
      (graph.callFunction(.abs, [.node(chain.x)]), graph.callFunction(.abs, [.node(chain.y)]))
    }
    let after = chain.graph.inserting(after: chain.neg) { $0.callFunction(.relu, [.node(chain.neg)]) }
    let last = chain.graph.callMethod("late", [.node(chain.x)])
    let order = chain.graph.nodes.dropFirst(2)
    let output = try #require(chain.graph.node(named: "output"))
    #expect(Array(order) == [chain.add, before.0, before.1, chain.neg, after, chain.mul, output, last])
  }

  @Test func restoresTheInsertionPointAfterAnError() {
    var chain = Chain()
    #expect(throws: DivisionByZero.self) {
      try chain.graph.inserting(before: chain.add) { (_: inout Graph) throws -> Void in throw DivisionByZero()
      }
    }
    #expect(chain.graph.insertionPoint == .end)
  }

  @Test func insertsAtTheStart() {
    var graph = Graph()
    let y = graph.placeholder("y")
    graph.insertionPoint = .start
    let x = graph.placeholder("x")
    #expect(Array(graph.nodes) == [x, y])
  }

  @Test func acceptsInternedTargetsAndNames() throws {
    var graph = Graph()
    let bytes = Array("input".utf8)
    let name = bytes.withUnsafeBufferPointer { graph.internName($0) }
    let target = bytes.withUnsafeBufferPointer { graph.internTarget($0) }
    let created = graph.createNode(.placeholder, target: target, name: name, args: [], kwargs: [])
    let node = try #require(created)
    #expect(graph.name(of: node) == "input")
    #expect(graph.node(named: name) == node)
    let second = graph.createNode(.placeholder, target: target, name: name, args: [], kwargs: [])
    #expect(second == nil)
  }

  @Test func isAValue() {
    let chain = Chain()
    var copy = chain.graph
    copy.callMethod("extra", [.node(chain.x)])
    #expect(chain.graph.nodes.count == 6)
    #expect(chain.graph.userCount(of: chain.x) == 1)
    #expect(copy != chain.graph)
  }
}
