/// The place of a graph in its program.
struct GraphPlace {
  /// The dotted path of the graph's module; empty for the root graph.
  let path: String
  /// The graph's number in the origins of facts; 0 for the root graph.
  let number: UInt32

  /// The root graph.
  static let root = GraphPlace(path: "", number: 0)

  var isRoot: Bool { number == 0 }

  /// The path from the root of the submodule that the graph calls `name`.
  func path(of name: String) -> String { isRoot ? name : "\(path).\(name)" }
}
