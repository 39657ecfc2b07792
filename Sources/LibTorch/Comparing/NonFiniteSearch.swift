public import FX
import TensorVocabulary

/// Finds the first node that makes NaN or infinity of finite numbers.
public struct NonFiniteSearch {
  private let graph: Graph
  /// The nodes with a value that is not finite.
  private var tainted: NodeSet

  /// Makes the search through a run of `graph`.
  public init(_ graph: Graph) {
    self.graph = graph
    tainted = NodeSet(for: graph)
  }

  /// Looks at the value of a node.
  ///
  /// - Throws: ``LibTorchError/Kind/assertion(_:)`` when it has a number that is not finite, though all its inputs are.
  public mutating func note(_ node: Node, _ value: PyTree<RealTensor>) throws {
    guard try value.values.contains(where: { try !$0.isFinite }) else { return }
    var hasCause = graph.op(of: node) == .placeholder
    for argument in graph.args(of: node) + graph.kwargs(of: node).map(\.value) {
      argument.forEachNode { if tainted.contains($0) { hasCause = true } }
    }
    tainted.insert(node)
    guard hasCause else {
      throw LibTorchError(
        .assertion("\(value.text { $0.description }) has NaN or infinity, and none of its inputs has"),
        operator: graph.name(of: node))
    }
  }
}

extension RealTensor {
  /// Whether no element is NaN or infinite.
  public var isFinite: Bool {
    get throws {
      guard try dtype.isFloatingPoint || dtype.isComplex, try elementCount > 0 else { return true }
      let dispatcher = Dispatcher(library)
      let finite = try dispatcher.tensor("aten::isfinite", .value(self))
      return try dispatcher.tensor("aten::all", .value(finite)).item == .bool(true)
    }
  }
}
