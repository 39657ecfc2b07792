import FX
import Testing

@Suite struct NodeArgumentsTests {
  @Test func positionsCountFromZeroForEveryNode() {
    let chain = Chain()
    let graph = chain.graph
    // `mul` is the third call: its arguments are not at the start of the graph's pool.
    #expect(graph.args(of: chain.mul)[0] == .node(chain.neg))
    #expect(graph.args(of: chain.mul)[1] == 2)
    #expect(graph.args(of: chain.mul).indices == 0..<2)
    #expect(graph.args(of: chain.mul).first == .node(chain.neg))
    #expect(graph.args(of: chain.mul).last == 2)
    #expect(graph.args(of: chain.x).isEmpty)
    #expect(graph.args(of: chain.mul) == [.node(chain.neg), 2])
    #expect(graph.args(of: chain.mul) != [.node(chain.neg)])
  }

  @Test func keywordsCountFromZero() {
    var chain = Chain()
    chain.graph.setKwargs([Named("alpha", 3)], of: chain.add)
    chain.graph.setKwargs([Named("a", 1), Named("b", 2)], of: chain.mul)
    let kwargs = chain.graph.kwargs(of: chain.mul)
    #expect(kwargs[1] == Named("b", 2))
    #expect(kwargs["a"] == 1)
    #expect(kwargs["c"] == nil)
  }

  @Test func stayWhatTheyAreWhenTheGraphChanges() {
    var chain = Chain()
    let before = chain.graph.args(of: chain.mul)
    chain.graph.setArgs([7], of: chain.mul)
    #expect(before == [.node(chain.neg), 2])
    #expect(chain.graph.args(of: chain.mul) == [7])
  }

  @Test func positionsBeyondTheLastStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let chain = Chain()
      _ = chain.graph.args(of: chain.neg)[1]
    }
  }
}
