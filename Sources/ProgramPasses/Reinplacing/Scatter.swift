import FX
import OperatorSchemas

/// A call that gives a tensor with a part of it replaced, such as `select_scatter(base, value, dim, index)`.
struct Scatter {
  var base: Node.Argument
  var value: Node.Argument
  /// The view operator that shows the part.
  var view: Node.Target
  /// The arguments of the view operator after the base.
  var place: [Node.Argument]

  /// `nil` for any other node.
  init?(_ node: Node, _ graph: Graph) {
    guard graph.op(of: node) == .callFunction, let view = Self.views[graph.target(of: node).text],
      let arguments = try? graph.normalizedArguments(of: node), arguments.count > 2
    else { return nil }
    base = arguments[0].value
    value = arguments[1].value
    self.view = Node.Target(view)
    place = arguments.dropFirst(2).map(\.value)
  }

  /// - Source: `_VIEW_INVERSE_MAP` in `torch/fx/passes/reinplace.py`, v2.13.
  private static let views = [
    "torch.ops.aten.as_strided_scatter.default": "torch.ops.aten.as_strided.default",
    "torch.ops.aten.diagonal_scatter.default": "torch.ops.aten.diagonal.default",
    "torch.ops.aten.select_scatter.default": "torch.ops.aten.select.int",
    "torch.ops.aten.slice_scatter.default": "torch.ops.aten.slice.Tensor",
  ]
}

/// The in-place form of an operator.
enum InPlaceVariant {
  /// `add_.Tensor` for `add.Tensor`, or `nil` if there is none with the same arguments.
  ///
  /// - Source: `_maybe_get_inplace_op` in `torch/fx/passes/reinplace.py`, v2.13.
  static func target(of target: Node.Target) -> Node.Target? {
    guard let name = OperatorName(target.text), let schema = SchemaTable.schema(for: name), !schema.isView
    else { return nil }
    let fitting = SchemaTable.overloads(of: name.packet + "_").filter { candidate in
      guard let other = SchemaTable.schema(for: candidate) else { return false }
      return other.isInplace && other.arguments.dropFirst().allSatisfy { $0.alias == nil }
        && other.arguments.map(\.type) == schema.arguments.map(\.type)
    }
    return fitting.count == 1 ? Node.Target("torch.ops.\(fitting[0])") : nil
  }
}
