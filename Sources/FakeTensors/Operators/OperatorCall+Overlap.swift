import SymbolicShapes

extension OperatorCall {
  /// Refuses to write to `target` if it is a leaf that requires grad or if its elements overlap.
  public func requireWritable(_ target: FakeTensor) throws {
    try requireNoGradient(target)
    try requireDistinctElements(target)
  }

  /// Refuses to write to a leaf that requires grad.
  public func requireNoGradient(_ target: FakeTensor) throws {
    try require(
      !(target.requiresGrad && target.isLeaf && mode.isGradEnabled),
      "a leaf Variable that requires grad is being used in an in-place operation.")
  }

  /// Refuses to write to `target` if a dim is expanded, so that several elements share one memory location.
  ///
  /// Source: `assert_no_internal_overlap`, `aten/src/ATen/MemoryOverlap.cpp`.
  public func requireDistinctElements(_ target: FakeTensor) throws {
    try require(
      !hasRepeatedElements(target),
      "unsupported operation: more than one element of the written-to tensor refers to a single memory "
        + "location. Please clone() the tensor before performing the operation.")
  }

  /// Whether a dim is known to be expanded.
  public func hasRepeatedElements(_ tensor: FakeTensor) -> Bool {
    for dim in 0..<tensor.rank where tensor.strides[dim] == 0 {
      if shapes.guardOrFalse(shapes.gt(tensor.sizes[dim], 1)) { return true }
    }
    return false
  }
}
