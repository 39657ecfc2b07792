import Testing

@testable import FX

@Suite struct UseListsTests {
  private let nodes = (0..<4).map { Node(index: UInt32($0)) }

  private func lists() -> UseLists {
    var uses = UseLists()
    for _ in nodes { uses.appendNode() }
    return uses
  }

  private func inputs(_ uses: UseLists, _ node: Node) -> [Node] {
    var inputs: [Node] = []
    uses.forEachInput(at: Int(node.index)) { inputs.append(Node(index: $0)) }
    return inputs
  }

  private func users(_ uses: UseLists, _ node: Node) -> [Node] {
    var users: [Node] = []
    uses.forEachUser(at: Int(node.index)) { users.append(Node(index: $0)) }
    return users
  }

  @Test func keepsBothListsInOrder() {
    var uses = lists()
    uses.add(nodes[0], usedBy: nodes[2])
    uses.add(nodes[1], usedBy: nodes[2])
    uses.add(nodes[0], usedBy: nodes[2])
    uses.add(nodes[0], usedBy: nodes[3])
    #expect(users(uses, nodes[0]) == [nodes[2], nodes[3]])
    #expect(uses.userCount(at: 0) == 2)
    #expect(inputs(uses, nodes[2]) == [nodes[0], nodes[1]])
  }

  @Test func unlinksFromTheMiddleAndReusesRecords() {
    var uses = lists()
    for user in nodes[1...] { uses.add(nodes[0], usedBy: user) }
    uses.removeInputs(of: nodes[2])
    #expect(users(uses, nodes[0]) == [nodes[1], nodes[3]])
    uses.removeInputs(of: nodes[1])
    uses.removeInputs(of: nodes[3])
    #expect(users(uses, nodes[0]).isEmpty)
    uses.add(nodes[0], usedBy: nodes[3])
    uses.add(nodes[1], usedBy: nodes[3])
    #expect(users(uses, nodes[0]) == [nodes[3]])
    #expect(inputs(uses, nodes[3]) == [nodes[0], nodes[1]])
  }
}
