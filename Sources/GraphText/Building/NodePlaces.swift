public import FX

/// Where a text says what about each node of a graph.
public struct NodePlaces: Sendable {
  private struct Place {
    var name: TextPosition
    var target: TextPosition
    var annotation: TextPosition?
  }

  /// By node number.
  private var places: ContiguousArray<Place> = []

  init() {}

  mutating func append(name: TextPosition, target: TextPosition) {
    places.append(Place(name: name, target: target))
  }

  mutating func setAnnotation(_ position: TextPosition, of node: Node) {
    if Int(node.index) < places.count { places[Int(node.index)].annotation = position }
  }

  private func place(of node: Node) -> Place? {
    Int(node.index) < places.count ? places[Int(node.index)] : nil
  }

  /// Where the node's name stands; `nil` for a node that the text does not have.
  public func name(of node: Node) -> TextPosition? { place(of: node)?.name }

  /// Where the function stands that the node calls.
  public func target(of node: Node) -> TextPosition? { place(of: node)?.target }

  /// Where the annotation of the node's value stands.
  public func annotation(of node: Node) -> TextPosition? { place(of: node)?.annotation }
}
