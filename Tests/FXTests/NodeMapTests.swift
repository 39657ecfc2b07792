import FX
import Testing

@Suite struct NodeMapTests {
  @Test func holdsValuesByNode() {
    let chain = Chain()
    var map = NodeMap<String>(for: chain.graph)
    #expect(map[chain.add] == nil)
    map[chain.add] = "sum"
    map[chain.x] = "input"
    #expect(map[chain.add] == "sum")
    #expect(map.nodes == [chain.x, chain.add])
    map[chain.add] = nil
    #expect(map.count == 1)
  }

  @Test func growsWithTheGraph() {
    var graph = Graph()
    var map = NodeMap<Int>(for: graph)
    let x = graph.placeholder("x")
    #expect(map[x] == nil)
    map[x] = 3
    #expect(map == [x: 3])
  }

  @Test func comparesValuesAndNotCapacity() {
    let chain = Chain()
    var map = NodeMap<Int>(for: chain.graph)
    #expect(map == [:])
    map[chain.y] = 1
    #expect(map != [:])
  }
}

@Suite struct NodeSetTests {
  @Test func holdsNodes() {
    var graph = Graph()
    let nodes = (0..<130).map { graph.placeholder("x\($0)") }
    var set = NodeSet(for: graph)
    #expect([0, 129, 129].map { set.insert(nodes[$0]) } == [true, true, false])
    #expect(set.contains(nodes[129]))
    #expect(!set.contains(nodes[64]))
    #expect(set.count == 2)
    #expect([0, 0].map { set.remove(nodes[$0]) } == [true, false])
  }

  @Test func growsWithTheGraph() {
    var graph = Graph()
    var set = NodeSet(for: graph)
    let x = graph.placeholder("x")
    #expect(!set.contains(x))
    set.insert(x)
    #expect(set.contains(x))
  }
}
