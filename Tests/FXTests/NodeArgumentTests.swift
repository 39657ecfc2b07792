import FX
import TensorVocabulary
import Testing

@Suite struct NodeArgumentTests {
  private let x = Node(index: 0)
  private let y = Node(index: 1)

  private var nested: Node.Argument {
    .tuple([
      .list([.node(x), 1]), .dict([DictEntry("k", .node(y))]), .slice(.init(.node(x), .none, 2)),
      .range(.init(0, 3)), "text",
    ])
  }

  @Test func visitsNodesInOrder() {
    var seen: [Node] = []
    nested.forEachNode { seen.append($0) }
    #expect(seen == [x, y, x])
    #expect(!nested.isConstant)
    #expect(Node.Argument.list([1, .none]).isConstant)
  }

  @Test func replacesNodesAndKeepsTheStructure() {
    let swapped = nested.mapNodes { .node($0 == x ? y : x) }
    let expected: Node.Argument = .tuple([
      .list([.node(y), 1]), .dict([DictEntry("k", .node(x))]), .slice(.init(.node(y), .none, 2)),
      .range(.init(0, 3)), "text",
    ])
    #expect(swapped == expected)
  }

  @Test func replacesNodesByConstants() {
    #expect(Node.Argument.list([.node(x)]).mapNodes { _ in 7 } == .list([7]))
  }

  /// Graphs hold millions of arguments, so their size is guaranteed.
  @Test func staysSmall() {
    #expect(MemoryLayout<Node.Argument>.stride <= 24)
  }
}
