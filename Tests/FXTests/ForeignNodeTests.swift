import FX
import Testing

/// Nodes of one graph used in another.
///
/// Debug builds distinguish them; release builds compare only their numbers.
@Suite struct ForeignNodeTests {
  @Test func aNodeTakesFourBytesInReleaseBuilds() {
    #if DEBUG
      #expect(MemoryLayout<Node>.size == 8)
    #else
      #expect(MemoryLayout<Node>.size == 4)
      #expect(MemoryLayout<NodeSet>.size == MemoryLayout<ContiguousArray<UInt64>>.size)
    #endif
  }

  @Test func numbersAloneStandForNodesOfAnyGraph() {
    let chain = Chain()
    let node = Node(index: chain.add.index)
    #expect(node == chain.add)
    #expect(node.hashValue == chain.add.hashValue)
    #expect(chain.graph.contains(node))
    #expect(chain.graph.name(of: node) == "add_tensor")
  }

  @Test func copiesAndDescendantsShareTheirNodes() throws {
    let chain = Chain()
    var edited = chain.graph
    let relu = edited.callFunction(.relu, [.node(chain.add)])
    #expect(edited.name(of: chain.neg) == "neg_default")
    #expect(!chain.graph.contains(relu))
    var map = NodeMap<Int>(for: chain.graph)
    map[chain.add] = 1
    map[relu] = 2
    #expect(map[try #require(edited.node(named: "add_tensor"))] == 1)
    #expect(edited.inputs(of: relu) == [chain.add])
  }

  @Test func numbersBeyondTheGraphAreUnknown() {
    let chain = Chain()
    var graph = chain.graph
    let beyond = Node(index: 1000)
    #expect(!graph.contains(beyond))
    let error = #expect(throws: GraphError.self) { try graph.erase(beyond) }
    #expect(error?.kind == .unknownNode("number 1000"))
  }

  @Test func numbersBeyondTheGraphStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Chain().graph.op(of: Node(index: 1000)) }
    await #expect(processExitsWith: .failure) { _ = Chain().graph.users(of: Node(index: 1000)) }
    await #expect(processExitsWith: .failure) { _ = Chain().graph.metadata(of: Node(index: 1000)) }
    await #expect(processExitsWith: .failure) {
      var graph = Chain().graph
      graph.insertionPoint = .after(Node(index: 1000))
      graph.placeholder("z")
    }
  }

  @Test func erasedNodesCanBeAskedButNotChanged() async throws {
    var chain = Chain()
    let relu = chain.graph.callFunction(.relu, [.node(chain.x)])
    try chain.graph.erase(relu)
    #expect(chain.graph.name(of: relu) == "relu_default")
    #expect(chain.graph.args(of: relu).isEmpty)
    #expect(chain.graph.next(after: relu) == nil)
    await #expect(processExitsWith: .failure) {
      var chain = Chain()
      let relu = chain.graph.callFunction(.relu, [.node(chain.x)])
      try chain.graph.erase(relu)
      chain.graph.setArgs([.node(chain.y)], of: relu)
    }
    await #expect(processExitsWith: .failure) {
      var chain = Chain()
      let relu = chain.graph.callFunction(.relu, [.node(chain.x)])
      try chain.graph.erase(relu)
      chain.graph.move(relu, before: chain.add)
    }
  }

  #if DEBUG
    @Test func nodesOfAnotherGraphAreUnknown() {
      let chain = Chain()
      var other = Chain().graph
      #expect(!other.contains(chain.add))
      #expect(throws: GraphError.self) { try other.erase(chain.add) }
    }

    @Test func nodesOfAnotherGraphStopTheProgram() async {
      await #expect(processExitsWith: .failure) { _ = Chain().graph.name(of: Chain().add) }
      await #expect(processExitsWith: .failure) {
        var graph = Chain().graph
        graph.callFunction(.relu, [.node(Chain().add)])
      }
      await #expect(processExitsWith: .failure) {
        let chain = Chain()
        let map: NodeMap<Int> = [chain.add: 1]
        _ = map[Chain().add]
      }
      await #expect(processExitsWith: .failure) {
        let chain = Chain()
        var set = NodeSet(for: chain.graph)
        set.insert(chain.add)
        set.insert(Chain().add)
      }
      await #expect(processExitsWith: .failure) {
        _ = LastUses(of: Chain().graph)[Chain().add]
      }
    }

    @Test func copiesThatGrowApartTellTheirNodesApart() async {
      let chain = Chain()
      var (first, second) = (chain.graph, chain.graph)
      let inFirst = first.callFunction(.relu, [.node(chain.x)])
      let inSecond = second.callFunction(.abs, [.node(chain.x)])
      #expect(first.contains(inFirst) && !first.contains(inSecond))
      #expect(second.contains(inSecond) && !second.contains(inFirst))
      await #expect(processExitsWith: .failure) {
        let chain = Chain()
        var (first, second) = (chain.graph, chain.graph)
        let inFirst = first.callFunction(.relu, [.node(chain.x)])
        second.callFunction(.abs, [.node(chain.x)])
        _ = second.target(of: inFirst)
      }
    }
  #endif
}
