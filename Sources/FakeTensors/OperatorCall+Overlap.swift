import SymbolicShapes

extension OperatorCall {
  /// Refuses to write to `target` when a dim is expanded, so that one memory location is several elements.
  ///
  /// Source: `assert_no_internal_overlap`, `aten/src/ATen/MemoryOverlap.cpp`.
  public func requireDistinctElements(_ target: FakeTensor) throws {
    for dim in 0..<target.rank where target.strides[dim] == 0 {
      try require(
        !shapes.guardOrFalse(shapes.gt(target.sizes[dim], 1)),
        "unsupported operation: more than one element of the written-to tensor refers to a single memory "
          + "location. Please clone() the tensor before performing the operation.")
    }
  }
}
