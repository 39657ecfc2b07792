public import FX
public import FakeTensors
public import SymbolicShapes

/// What the insertion of runtime asserts changed in a graph.
public struct RuntimeAssertChanges: Sendable {
  /// The asserts that were added, in order.
  public internal(set) var inserted: [Node] = []
  /// How many nodes were removed: sizes that another node computes, and asserts that repeat earlier ones.
  public internal(set) var removed = 0
}

extension Graph {
  /// Inserts the facts that propagation deferred to run time as asserts of the graph.
  ///
  ///     %nonzero = aten.nonzero(%mask)                %nonzero = aten.nonzero(%mask)
  ///     %index = aten.index(%x, [%nonzero])           %u0 = aten.sym_size.int(%nonzero, 0)
  ///                                                   %ge = operator.ge(%u0, 0)
  ///                                                   _assert_scalar(%ge, "… u0 >= 0 …")
  ///                                                   %le = operator.le(%u0, 7)
  ///                                                   _assert_scalar(%le, "… u0 <= 7 …")
  ///                                                   %index = aten.index(%x, [%nonzero])
  ///
  /// Each assert is placed where the last of its symbols is bound; the range of a symbol comes first. Asserts that
  /// repeat earlier ones are removed. Sizes that are read several times are read once, and sizes of intermediate
  /// tensors are computed from those of inputs if possible.
  ///
  /// - Parameters:
  ///   - values: the value of each node, from a propagation of this graph.
  ///   - bindings: the symbols that each node binds.
  ///   - shapes: the environment of that propagation, which holds the facts.
  /// - Returns: what was changed.
  /// - Throws: ``FX/GraphError`` if the graph is not well formed; it is then unchanged.
  /// - Complexity: linear in the nodes and in the size of the expressions.
  /// - Source: `insert_deferred_runtime_asserts`, `torch/fx/passes/runtime_assert.py`, v2.13.
  @discardableResult
  public mutating func insertDeferredRuntimeAsserts(
    values: NodeMap<FakeValue>, bindings: @escaping (Node) -> [UnbackedBinding], shapes: ShapeEnv
  ) throws(GraphError) -> RuntimeAssertChanges {
    try lint()
    var inserter = RuntimeAssertInserter(self, values, bindings, shapes)
    self = try inserter.run()
    return inserter.changes
  }
}
