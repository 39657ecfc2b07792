import FX
import GraphPasses
import Testing

/// Laws for every graph: a pass done twice equals a pass done once, and a pass that throws changes nothing.
@Suite struct LawTests {
  @Test(arguments: 0..<40)
  func aPassTwiceIsAPassOnce(seed: Int) throws {
    for entry in PassTable.structural.entries where entry.parameters.allSatisfy({ $0.name != "module" }) {
      if entry.name == "split" { continue }
      let pass = try PassTable.structural.pass(entry.name)
      var once = GraphModule(RandomGraph.make(seed: seed))
      try pass(&once)
      try once.lint()
      var twice = once
      #expect(try pass(&twice).isEmpty, "\(entry.name) changes what it has just made")
      #expect(twice == once)
    }
  }

  @Test(arguments: 0..<40)
  func splittingAndInliningComputesTheSame(seed: Int) throws {
    let whole = GraphModule(RandomGraph.make(seed: seed))
    var split = whole
    try PassTable.structural.pass("split=size:3")(&split)
    #expect(RandomGraph.expression(of: split) == RandomGraph.expression(of: whole))
    while let call = split.graph.findNodes(.callModule).first {
      try split.inlineSubmodule(split.graph.target(of: call).text)
    }
    try split.lint()
    #expect(RandomGraph.expression(of: split) == RandomGraph.expression(of: whole))
  }

  @Test(arguments: 0..<40)
  func passesDoNotChangeWhatAGraphComputes(seed: Int) throws {
    let whole = GraphModule(RandomGraph.make(seed: seed))
    for name in ["canonicalize", "cse", "dead-code", "sort"] {
      var module = whole
      try PassTable.structural.pass(name)(&module)
      #expect(RandomGraph.expression(of: module) == RandomGraph.expression(of: whole), "\(name)")
    }
    var fused = whole
    let groups = CapabilityPartitioner().partitions(of: whole.graph) {
      whole.graph.op(of: $0) == .callFunction
    }
    try fused.fuse(groups)
    #expect(RandomGraph.expression(of: fused) == RandomGraph.expression(of: whole))
  }

  @Test func aFailedPassLeavesTheModule() throws {
    var module = GraphModule(RandomGraph.make(seed: 1))
    let before = module
    let failing = GraphPass("failing") { module in
      if let output = module.graph.outputNode { try module.graph.erase(output) }
      throw GraphPassError(.emptyPattern)
    }
    let breaking = GraphPass("breaking") { module in
      guard let first = module.graph.nodes.first, let last = module.graph.outputNode else { return }
      module.graph.move(last, before: first)
    }
    #expect(throws: GraphPassError(.emptyPattern)) { try failing(&module) }
    #expect(module == before)
    let manager = PassManager([try PassTable.structural.pass("cse"), breaking])
    let failure = try #require(throws: PassFailure.self) { try manager(&module) }
    #expect(failure.pass == "breaking")
    #expect(module == before)
  }

  @Test func orderConstraintsAreCheckedAndFulfilled() throws {
    let (one, two) = (GraphPass("one") { _ in }, GraphPass("two") { _ in })
    var manager = PassManager([two, one])
    manager.require("one", before: "two")
    #expect(throws: GraphPassError(.order(pass: "two", needs: "one"))) { try manager.validateOrder() }
    try manager.sort()
    #expect(manager.passes.map(\.name) == ["one", "two"])
    manager.require("two", before: "one")
    #expect(throws: GraphPassError.self) { try manager.sort() }
  }
}

/// Random graphs by seed, and what they compute as text.
enum RandomGraph {
  static func make(seed: Int) -> Graph {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var graph = Graph()
    var nodes = [graph.placeholder("x"), graph.placeholder("y")]
    for _ in 0..<(6 + random(12)) {
      let (one, other) = (nodes[random(nodes.count)], nodes[random(nodes.count)])
      switch random(4) {
      case 0: nodes.append(graph.call("aten.neg.default", one))
      case 1: nodes.append(graph.call("aten.relu.default", one))
      case 2: nodes.append(graph.call("aten.add.Tensor", one, other))
      default: nodes.append(graph.call("aten.cat.default", [one, other, one], 1))
      }
    }
    graph.output(.tuple([.node(nodes[random(nodes.count)]), .node(nodes[nodes.count - 1])]))
    return graph
  }

  /// The outputs in terms of the inputs, with the calls of submodules inlined.
  static func expression(of module: GraphModule, _ inputs: [String]? = nil) -> [String] {
    let graph = module.graph
    var texts: NodeMap<[String]> = [:]
    func text(_ argument: Node.Argument) -> String {
      switch argument {
      case .node(let node): (texts[node] ?? []).joined(separator: ";")
      case .list(let items): "[\(items.map(text).joined(separator: ","))]"
      default: "\(argument)"
      }
    }
    var position = 0
    for node in graph.nodes {
      let target = graph.target(of: node)
      switch graph.op(of: node) {
      case .placeholder:
        texts[node] = [inputs?[position] ?? target.text]
        position += 1
      case .output:
        guard let result = graph.argument(0, of: node) else { return [] }
        if case .tuple(let items) = result { return items.map(text) }
        return [text(result)]
      case .callModule:
        let inner = module.submodule(at: target.text) ?? GraphModule()
        texts[node] = expression(of: inner, graph.args(of: node).map(text))
      case .callFunction where target == .getitem:
        guard case .node(let source)? = graph.argument(0, of: node),
          case .int(let index)? = graph.argument(1, of: node)
        else { continue }
        texts[node] = texts[source].map { [$0[index]] }
      default: texts[node] = ["\(target)(\(graph.args(of: node).map(text).joined(separator: ",")))"]
      }
    }
    return []
  }
}
