import FX
import TestSupport
import Testing

@Suite struct LineageTests {
  @Test func editsDescendFromWhatTheyBeganWith() throws {
    let chain = Chain()
    var edited = chain.graph
    let relu = edited.inserting(before: chain.neg) { $0.callFunction(.relu, [.node(chain.add)]) }
    edited.replaceAllUses(of: chain.neg, with: relu)
    try edited.erase(chain.neg)
    edited.rename(relu, to: "r")
    #expect(edited.isDescendant(of: chain.graph))
    #expect(edited.isDescendant(of: edited))
    #expect(!chain.graph.isDescendant(of: edited))
    #expect(edited.sharedNodeCount(with: chain.graph) == chain.graph.nodeCount)
    #expect(chain.graph.sharedNodeCount(with: edited) == chain.graph.nodeCount)
  }

  @Test func equalGraphsThatWereBuiltApartShareNothing() {
    let (first, second) = (Chain().graph, Chain().graph)
    #expect(first == second)
    #expect(!first.isDescendant(of: second))
    #expect(first.sharedNodeCount(with: second) == 0)
  }

  @Test func copiesThatGrowApartShareWhatTheyBeganWith() {
    var first = Chain().graph
    let count = first.nodeCount
    var second = first
    #expect(first.isDescendant(of: second) && second.isDescendant(of: first))
    let inFirst = first.getAttr("a")
    let inSecond = second.getAttr("b")
    #expect(inFirst == inSecond)
    #expect(first.sharedNodeCount(with: second) == count)
    #expect(!first.isDescendant(of: second) && !second.isDescendant(of: first))
  }

  @Test func aLineOfCopiesIsOneLine() {
    var graph = Chain().graph
    let steps = (0..<20).map { _ in
      let before = graph
      graph.getAttr("a")
      return before
    }
    for (position, step) in steps.enumerated() {
      #expect(graph.isDescendant(of: step))
      #expect(graph.sharedNodeCount(with: step) == step.nodeCount)
      #expect(steps[..<position].allSatisfy { step.isDescendant(of: $0) && !$0.isDescendant(of: step) })
    }
  }

  @Test func sharedCountsAgreeWithWhoAddedEachNode() {
    // A model: each graph records a unique name for each of its nodes.
    var random = SplitMix64(seed: 16)
    var graphs: [(graph: Graph, births: [Int])] = [(Graph(), []), (Graph(), [])]
    for birth in 0..<400 {
      let chosen = Int.random(in: graphs.indices, using: &random)
      if birth % 3 == 0 { graphs.append(graphs[chosen]) }
      if birth % 17 == 0, graphs.count > 2 {
        graphs.remove(at: Int.random(in: graphs.indices, using: &random))
      }
      let grown = Int.random(in: graphs.indices, using: &random)
      graphs[grown].graph.getAttr("a")
      graphs[grown].births.append(birth)
    }
    for left in graphs {
      for right in graphs {
        let shared = zip(left.births, right.births).prefix { $0 == $1 }.count
        #expect(left.graph.sharedNodeCount(with: right.graph) == shared)
        #expect(left.graph.isDescendant(of: right.graph) == (shared == right.births.count))
      }
    }
  }

  @Test func everyGraphDescendsFromAnEmptyOne() {
    #expect(Chain().graph.isDescendant(of: Graph()))
    #expect(!Graph().isDescendant(of: Chain().graph))
  }
}
