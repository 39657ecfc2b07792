public import FX
public import FakeTensors
import ShapePropagation
public import SymbolicShapes

extension GraphModule {
  /// Writes results into the memory of arguments that nothing reads afterwards.
  ///
  ///     %a = sin(%x)                              %a = sin(%x)
  ///     %b = add(%a, 1)                           %b = add_(%a, 1)
  ///     return b                                  return a
  ///
  ///     %s = select(%a, 0, 1)                     %s = select(%a, 0, 1)
  ///     %m = mul(%s, 2)                           %m = mul_(%s, 2)
  ///     %w = select_scatter(%a, %m, 0, 1)
  ///     return w                                  return a
  ///
  /// Memory of inputs and attributes is not written to, nor memory of another dtype or of other sizes. A scatter that puts
  /// a value where it now is disappears; another one becomes a view and a copy into it. The result is meant for
  /// inference: gradients may need the values that are overwritten.
  ///
  /// PyTorch does not look at strides, nor at what a scatter puts back. Here, memory with other strides is written to only
  /// where nothing but such a scatter reads it.
  ///
  /// - Parameters:
  ///   - values: the value of each node.
  ///   - shapes: the environment of the values.
  ///   - view: the result of a view operator for these arguments.
  /// - Throws: ``ProgramPassError`` for a graph that writes already, or with calls of unknown operators; ``FX/GraphError``
  ///   when the graph is not well formed. The module is then unchanged.
  /// - Source: `reinplace` in `torch/fx/passes/reinplace.py`, v2.13.
  public mutating func reinplace(
    values: NodeMap<FakeValue>, _ shapes: ShapeEnv,
    view: @escaping (_ target: Node.Target, _ arguments: [FakeValue]) throws -> FakeValue
  ) throws {
    try lint()
    var writer = try MemoryWriter(graph, values, shapes, view: view)
    for node in graph.nodes { try writer.reinplace(node) }
    try writer.eraseUndone()
    try writer.graph.lint()
    graph = writer.graph
  }
}

extension ProgramPass {
  /// Writes results into memory that nothing reads afterwards; PyTorch loads the result if it was not decomposed before.
  public static var reinplace: ProgramPass {
    ProgramPass("reinplace") { module, known, _ in
      if let dialect = known.dialects.first(where: { $0 != "TRAINING" }) {
        throw ProgramPassError(
          "PyTorch does not load programs of the dialect \(dialect) that write to tensors; apply this pass to the "
            + "program as torch.export made it")
      }
      try module.reinplace(values: known.values, known.shapes, view: known.value(of:_:))
    }
  }
}
