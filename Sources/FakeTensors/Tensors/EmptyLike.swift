public import SymbolicShapes
public import TensorVocabulary

/// Fresh tensors with the layout of another.
extension OperatorCall {
  /// A dense tensor with the sizes of `input` and its order of dims in memory.
  ///
  /// Source: `empty_like`, `torch/_refs/__init__.py`.
  public func emptyLike(_ input: FakeTensor, dtype: ScalarType? = nil, device: Device? = nil) -> FakeTensor {
    if input.isBatched {
      return showingHiddenDims(of: [input]) { emptyLike($0[0], dtype: dtype, device: device) }
    }
    return mode.tensor(
      input.sizes, strides: shapes.geometry.elementwiseStrides([input], input.sizes),
      dtype: dtype ?? input.dtype,
      device: device ?? input.device)
  }

  /// A copy in a memory format; by default, dense strides are preserved.
  ///
  /// Source: `clone`, `aten/src/ATen/native/TensorFactories.cpp`; `_clone_meta`, `torch/_prims/__init__.py`.
  public func clone(_ input: FakeTensor, _ format: MemoryFormat? = nil) throws -> FakeTensor {
    if input.isBatched, format == nil || format == .preserve {
      return try showingHiddenDims(of: [input]) { try clone($0[0], format) }
    }
    let strides =
      if let format, format != .preserve { try strides(input.sizes, format) } else { preservedStrides(input) }
    return mode.tensor(input.sizes, strides: strides, dtype: input.dtype, device: input.device)
  }

  /// The strides of `sizes` in a memory format, which must fit the number of dims.
  public func strides(_ sizes: Sizes, _ format: MemoryFormat) throws -> Sizes {
    switch format {
    case .channelsLast: try require(sizes.count == 4, "required rank 4 tensor to use channels_last format")
    case .channelsLast3d:
      try require(sizes.count == 5, "required rank 5 tensor to use channels_last_3d format")
    default: break
    }
    return shapes.geometry.strides(sizes, format)
  }
}

extension OperatorCall {
  /// The strides of a copy that preserves the memory format.
  ///
  /// - Guards: whether the strides are dense, unless there is one dim, and whether a size is 0.
  /// - Source: `_clone_meta`, `torch/_prims`.
  public func preservedStrides(_ input: FakeTensor) -> Sizes {
    let strides = shapes.geometry.preservedStrides(input)
    askWhetherEmpty(input.sizes)
    return strides
  }
}

extension TensorGeometry {
  /// The strides of a copy that preserves the memory format: unchanged if they are dense.
  ///
  /// One dim of symbolic size has the stride 1 without a question.
  public func preservedStrides(_ input: FakeTensor) -> Sizes {
    (input.rank > 1 || !input.sizes.isSymbolic) && isNonOverlappingAndDense(input)
      ? input.strides : elementwiseStrides([input], input.sizes)
  }
}
