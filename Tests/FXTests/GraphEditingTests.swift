import FX
import Testing

@Suite struct GraphEditingTests {
  @Test func replacesAllUses() throws {
    var chain = Chain()
    let changed = chain.graph.replaceAllUses(of: chain.add, with: chain.x)
    #expect(changed == [chain.neg])
    #expect(chain.graph.users(of: chain.add).isEmpty)
    #expect(chain.graph.users(of: chain.x) == [chain.add, chain.neg])
    try chain.graph.lint()
  }

  @Test func replacesUsesInsideContainers() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y")
    let nest = graph.callFunction(
      .sum, [.list([.node(x), .tuple([.node(x)])]), .slice(.init(.node(x), 1))], kwargs: ["k": .node(x)])
    graph.replaceAllUses(of: x, with: y)
    #expect(
      Array(graph.args(of: nest)) == [.list([.node(y), .tuple([.node(y)])]), .slice(.init(.node(y), 1))])
    #expect(graph.kwargs(of: nest)["k"] == .node(y))
    try graph.lint()
  }

  @Test func leavesTheReplacementUnchanged() throws {
    var chain = Chain()
    let relu = chain.graph.inserting(after: chain.add) { $0.callFunction(.relu, [.node(chain.add)]) }
    chain.graph.replaceAllUses(of: chain.add, with: relu) { $0 != relu }
    #expect(chain.graph.inputs(of: chain.neg) == [relu])
    #expect(chain.graph.inputs(of: relu) == [chain.add])
    try chain.graph.lint()
  }

  @Test func changesArguments() throws {
    var chain = Chain()
    chain.graph.setArgument(.node(chain.x), at: 1, of: chain.mul)
    chain.graph.setKwargs([Named("alpha", .node(chain.y))], of: chain.add)
    chain.graph.setTarget(.abs, of: chain.neg)
    #expect(chain.graph.users(of: chain.x) == [chain.mul, chain.add])
    #expect(chain.graph.kwargs(of: chain.add)["alpha"] == .node(chain.y))
    #expect(chain.graph.target(of: chain.neg) == .abs)
    chain.graph.setArgs([.node(chain.neg), .list([1, 2, 3]), 4, 5], of: chain.mul)
    #expect(chain.graph.argumentCount(of: chain.mul) == 4)
    #expect(chain.graph.argument(1, of: chain.mul) == .list([1, 2, 3]))
    chain.graph.setArgs([.node(chain.neg)], of: chain.mul)
    #expect(Array(chain.graph.args(of: chain.mul)) == [.node(chain.neg)])
    try chain.graph.lint()
  }

  @Test func movesNodes() throws {
    var chain = Chain()
    let sine = chain.graph.inserting(before: chain.mul) { $0.callFunction(.abs, [.node(chain.x)]) }
    chain.graph.move(sine, before: chain.add)
    #expect(Array(chain.graph.nodes.prefix(4)) == [chain.x, chain.y, sine, chain.add])
    chain.graph.move(sine, after: chain.x)
    #expect(Array(chain.graph.nodes.prefix(4)) == [chain.x, sine, chain.y, chain.add])
    chain.graph.move(sine, before: chain.x)
    #expect(chain.graph.nodes.first == sine)
    #expect(throws: GraphError.self) { try chain.graph.lint() }
    chain.graph.move(sine, after: sine)
    #expect(chain.graph.nodes.count == 7)
  }

  @Test func renamesNodes() throws {
    var chain = Chain()
    #expect(chain.graph.rename(chain.add, to: "x") == "x_1")
    #expect(chain.graph.node(named: "x_1") == chain.add)
    #expect(chain.graph.node(named: "add_tensor") == nil)
    let renamed = [chain.x, chain.y].map { chain.graph.rename($0, exactly: "input") }
    #expect(renamed == [true, false])
    #expect(chain.graph.name(of: chain.x) == "input")
    try chain.graph.lint()
  }
}

@Suite struct GraphEraseTests {
  @Test func refusesWhileThereAreUsers() {
    var chain = Chain()
    let error = #expect(throws: GraphError.self) { try chain.graph.erase(chain.add) }
    #expect(error?.kind == .hasUsers(node: "add_tensor", users: ["neg_default"]))
    #expect(error?.description == "cannot erase node 'add_tensor': it still has 1 users: neg_default")
    #expect(chain.graph.nodes.count == 6)
  }

  @Test func unlinksTheNodeAndItsUses() throws {
    var chain = Chain()
    chain.graph.replaceAllUses(of: chain.neg, with: chain.add)
    try chain.graph.erase(chain.neg)
    #expect(!chain.graph.contains(chain.neg))
    #expect(chain.graph.users(of: chain.add) == [chain.mul])
    #expect(chain.graph.node(named: "neg_default") == nil)
    #expect(chain.graph.nodes.count == 5)
    #expect(chain.graph.nodeCount == 6)
    try chain.graph.lint()
    #expect(throws: GraphError.self) { try chain.graph.erase(chain.neg) }
  }

  @Test func movesTheInsertionPointOn() throws {
    var chain = Chain()
    let dead = chain.graph.inserting(before: chain.neg) { $0.callFunction(.abs, [.node(chain.x)]) }
    chain.graph.insertionPoint = .before(dead)
    try chain.graph.erase(dead)
    #expect(chain.graph.insertionPoint == .before(chain.neg))
  }

  @Test func erasingWhileIteratingIsAllowed() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    for _ in 0..<10 { graph.callFunction(.relu, [.node(x)]) }
    for node in graph.nodes where graph.op(of: node) == .callFunction { try graph.erase(node) }
    #expect(Array(graph.nodes) == [x])
    #expect(graph.userCount(of: x) == 0)
  }
}
