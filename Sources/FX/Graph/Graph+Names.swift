extension Graph {
  /// Gives each of two nodes the other's name.
  public mutating func exchangeNames(_ first: Node, _ second: Node) {
    let (firstName, secondName) = (nameID(of: first), nameID(of: second))
    records[livePosition(of: first)].name = secondName
    records[livePosition(of: second)].name = firstName
    setNode(first, named: secondName)
    setNode(second, named: firstName)
  }
}
