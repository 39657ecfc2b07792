import FX
import GraphPasses
import Testing

/// Cases of `TestSubgraphRewriter` and `TestMatcher` of PyTorch 2.13.
@Suite struct PatternTests {
  private let negRelu = GraphModule(tracing: "x") { $0.call("aten.neg.default").call("aten.relu.default") }
  private let gelu = GraphModule(tracing: "x") { $0.call("aten.gelu.default") }

  @Test func consecutiveMatchesUseWhatWasReplacedBefore() throws {
    var module = GraphModule(tracing: "x") {
      $0.call("aten.neg.default").call("aten.relu.default").call("aten.neg.default").call("aten.relu.default")
    }
    let places = try module.replacePattern(negRelu, with: gelu)
    #expect(places.count == 2)
    #expect(
      module.graph.nodes.map { module.graph.name(of: $0) } == [
        "x", "gelu_default", "gelu_default_1", "output",
      ])
  }

  @Test func aValueUsedOutsideIsNoMatch() throws {
    var module = GraphModule(tracing: "x") { x in
      let negative = x.call("aten.neg.default")
      return [negative.call("aten.relu.default"), negative]
    }
    #expect(try module.replacePattern(negRelu, with: gelu).isEmpty)
  }

  @Test func aPlaceholderStandsForAConstant() throws {
    let pattern = GraphModule(tracing: "x", "y") { x, y in x.call("aten.add.Tensor", y) }
    let replacement = GraphModule(tracing: "x", "y") { x, y in x.call("aten.sub.Tensor", y) }
    var module = GraphModule(tracing: "x") { $0.call("aten.add.Tensor", 3) }
    try module.replacePattern(pattern, with: replacement)
    let node = try #require(module.graph.node(named: "sub_tensor"))
    #expect(module.graph.args(of: node) == [.node(Node(index: 0)), 3])
  }

  @Test func refusesWhatDoesNotFit() throws {
    var module = GraphModule(tracing: "x") { $0.call("aten.neg.default").call("aten.relu.default") }
    let before = module
    let two = GraphModule(tracing: "x", "y") { x, y in x.call("aten.add.Tensor", y) }
    #expect(throws: GraphPassError(.inputCount(pattern: 1, replacement: 2))) {
      try module.replacePattern(negRelu, with: two)
    }
    let twice = GraphModule(tracing: "x") { x in [x.call("aten.sin.default"), x.call("aten.cos.default")] }
    #expect(throws: GraphPassError(.outputCount(pattern: 1, replacement: 2))) {
      try module.replacePattern(negRelu, with: twice)
    }
    #expect(throws: GraphPassError(.emptyPattern)) { try module.replacePattern(GraphModule(), with: gelu) }
    let missing = GraphModule(tracing: "x") { x in x.call("aten.add.Tensor", x.attribute("nowhere")) }
    #expect(throws: (any Error).self) { try module.replacePattern(negRelu, with: missing) }
    #expect(module == before)
  }

  @Test func theReplacementBringsItsAttributes() throws {
    var scaled = GraphModule(tracing: "x") { x in x.call("aten.mul.Tensor", x.attribute("scale")) }
    scaled.setAttribute(AttributeID(7), at: "scale")
    var module = GraphModule(tracing: "x") { $0.call("aten.neg.default").call("aten.relu.default") }
    try module.replacePattern(negRelu, with: scaled)
    #expect(module.attribute(at: "scale") == AttributeID(7))
  }

  @Test func keywordAndPositionAreOneArgument() throws {
    let pattern = GraphModule(tracing: "x") { $0.call("aten.sum.dim_IntList", [1], true) }
    var module = GraphModule(tracing: "x") { x in
      x.call("aten.sum.dim_IntList", [1], kwargs: ["keepdim": true])
    }
    #expect(try module.replacePattern(pattern, with: gelu).count == 1)
  }

  @Test func standInsSayWhatTookThePlaceOfAValue() throws {
    var module = GraphModule(tracing: "x") { $0.call("aten.neg.default").call("aten.relu.default") }
    let pass = GraphPass(
      "fuse",
      reporting: { [negRelu, gelu] module, replaced in
        for place in try module.replacePattern(negRelu, with: gelu) {
          for node in place.standIns.nodes { replaced[node] = place.standIns[node] }
        }
      })
    let relu = try #require(module.graph.node(named: "relu_default"))
    let changes = try pass(&module)
    #expect(changes.standIns[relu] == module.graph.node(named: "gelu_default"))
    #expect(changes.erased == ["neg_default", "relu_default"])
  }
}
