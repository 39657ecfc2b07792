import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// Fresh results: tensors in memory of their own, and sizes that only a run knows.
extension OperatorCall {
  /// A contiguous tensor of the device of `base`, and of its dtype unless another is given.
  ///
  /// - Throws: a refusal when a size is negative; undecided sizes are asserted not to be.
  /// - Source: `Tensor.new_empty`.
  public func newEmpty(_ base: FakeTensor, _ sizes: Sizes, dtype: ScalarType? = nil) throws -> FakeTensor {
    try requireSizes(sizes)
    return mode.tensor(sizes, dtype: dtype ?? base.dtype, device: base.device)
  }

  /// Demands that every one of `sizes` is at least zero.
  public func requireSizes(_ sizes: Sizes) throws {
    for size in sizes {
      if let constant = size.constant, constant >= 0 { continue }
      try check(
        shapes.ge(size, 0),
        "Trying to create tensor with negative dimension \(shapes.text(of: size)): \(shapes.shortText(of: sizes))")
    }
  }

  /// A dense tensor whose dims lie in memory in the order of those of `base`.
  ///
  /// - Source: `empty_like` with `preserve_format`, `torch/_refs`.
  public func emptyLike(_ base: FakeTensor, dtype: ScalarType? = nil) -> FakeTensor {
    mode.tensor(
      base.sizes, strides: shapes.orderedStrides(of: base), dtype: dtype ?? base.dtype, device: base.device)
  }

  /// A size that only a run knows, from 0 to `limit`.
  ///
  /// - Throws: ``OperatorError/Kind/dynamicOutputShape`` where no shape environment allows such sizes.
  /// - Source: `create_unbacked_symint`, `_constrain_range_for_size`.
  public func freshSize(atLeast least: Int = 0, limit: Int = .max) throws -> SymInt {
    guard mode.allowsDynamicOutputs else { throw error(.dynamicOutputShape) }
    let size = shapes.createUnbackedInt()
    shapes.constrainRangeForSize(size, IntRange(lower: least, upper: limit))
    return size
  }

  /// Refuses symbolic sizes: PyTorch has no shape rule for the operator and runs its kernel on zeros instead.
  ///
  /// - Source: `run_fallback_kernel` (`torch/_subclasses/fake_tensor.py`).
  public func requireConcreteArguments() throws {
    for argument in arguments {
      var isSymbolic = false
      argument.forEachTensor { tensor in
        if tensor.sizes.contains(where: \.isSymbolic) || tensor.strides.contains(where: \.isSymbolic) {
          isSymbolic = true
        }
      }
      if case .symInt(let value) = argument, value.isSymbolic { isSymbolic = true }
      try require(!isSymbolic, "the operator has no shape rule for symbolic sizes")
    }
  }
}

extension ShapeEnv {
  /// The strides of a clone: the same ones when `tensor` is dense, else dense strides in the order of the old ones.
  ///
  /// - Source: `clone` with `preserve_format`, `aten/src/ATen/native/TensorFactories.cpp`.
  public func preservedStrides(of tensor: FakeTensor) -> Sizes {
    isNonOverlappingAndDense(tensor) ? tensor.strides : orderedStrides(of: tensor)
  }

  /// Dense strides in the order of those of `tensor`; where these tell two orders, neither is preferred.
  ///
  /// - Source: `compute_elementwise_output_logical_to_physical_perm`, `torch/_prims_common`.
  public func orderedStrides(of tensor: FakeTensor) -> Sizes {
    if tensor.rank <= 1 { return contiguousStrides(tensor.sizes) }
    switch (isContiguous(tensor), isChannelsLastContiguous(tensor)) {
    case (true, false): return contiguousStrides(tensor.sizes)
    case (false, true): return channelsLastStrides(tensor.sizes)
    default: return strides(tensor.sizes, fromInnermost: elementwiseOrder([tensor], tensor.sizes))
    }
  }
}
