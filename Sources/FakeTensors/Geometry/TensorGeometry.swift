public import SymbolicShapes
public import TensorVocabulary

extension ShapeEnv {
  /// The rules of strides for sizes of this environment.
  @inlinable public var geometry: TensorGeometry { TensorGeometry(self) }
}

/// Strides of fresh tensors, and what the strides of a tensor say about its memory layout.
///
/// Data-dependent questions are answered "no", as in PyTorch's `…_or_false` functions.
///
/// Source: `torch._prims_common`: `make_contiguous_strides_for`, `is_contiguous_for_memory_format_or_false`,
/// `is_non_overlapping_and_dense_or_false`; `c10/core/SymbolicShapeMeta.cpp`.
public struct TensorGeometry {
  /// The environment of the sizes.
  @usableFromInline let shapes: ShapeEnv

  @inlinable init(_ shapes: ShapeEnv) { self.shapes = shapes }

  /// `strides[i] = Π_{j > i} max(1, sizes[j])`.
  public func contiguousStrides(_ sizes: Sizes) -> Sizes {
    sizes.count > 2 && sizes.isSymbolic
      ? shapes.remembering(.contiguousStrides, sizes) { nestedStrides(sizes) } : nestedStrides(sizes)
  }

  private func nestedStrides(_ sizes: Sizes) -> Sizes {
    var strides = sizes
    var stride: SymInt = 1
    for dim in strides.indices.reversed() {
      strides[dim] = stride
      if dim > 0 { stride = shapes.mul(stride, atLeastOne(sizes[dim])) }
    }
    return strides
  }

  /// `max(1, size)`: the size itself unless it may be zero.
  public func atLeastOne(_ size: SymInt) -> SymInt {
    if let constant = size.constant { return SymInt(Swift.max(1, constant)) }
    return shapes.max(1, size)
  }

  /// Strides with the channels, dim 1, innermost.
  ///
  /// `sizes` has at least three dims.
  ///
  /// A size of zero makes the strides outside it zero, unlike in ``strides(_:fromInnermost:)``.
  public func channelsLastStrides(_ sizes: Sizes) -> Sizes {
    // Bound: the rank of a shape that there is.
    var strides = Sizes(repeating: 1, count: sizes.count)
    var stride: SymInt = 1
    for dim in channelsLastOrder(rank: sizes.count) {
      strides[dim] = stride
      stride = shapes.mul(stride, sizes[dim])
    }
    return strides
  }

  /// Dims from the innermost to the outermost: 1, then the last to the third, then 0.
  func channelsLastOrder(rank: Int) -> [Int] {
    [1] + stride(from: rank - 1, through: 2, by: -1) + [0]
  }

  /// Dense strides for dims that lie in memory in `order`, innermost first.
  public func strides(_ sizes: Sizes, fromInnermost order: [Int]) -> Sizes {
    // Bound: the rank of a shape that there is.
    var strides = Sizes(repeating: 1, count: sizes.count)
    var stride: SymInt = 1
    for dim in order {
      strides[dim] = stride
      stride = shapes.mul(stride, atLeastOne(sizes[dim]))
    }
    return strides
  }

  /// The strides of `sizes` in a memory format; `preserve` counts as contiguous.
  public func strides(_ sizes: Sizes, _ format: MemoryFormat) -> Sizes {
    switch format {
    case .channelsLast where sizes.count == 4, .channelsLast3d where sizes.count == 5:
      channelsLastStrides(sizes)
    default: contiguousStrides(sizes)
    }
  }

  /// Whether the elements lie in memory in index order.
  public func isContiguous(_ tensor: FakeTensor) -> Bool { isContiguous(tensor.sizes, tensor.strides) }

  /// Whether elements of these sizes and strides lie in memory in index order.
  public func isContiguous(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    guard sizes.isSymbolic || strides.isSymbolic else {
      return nestsExactly(sizes, strides) || findIsContiguous(sizes, strides)
    }
    return shapes.remembering(.isContiguous, sizes, strides) { findIsContiguous(sizes, strides) }
  }

  private func findIsContiguous(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    shapes.guardOrFalse(shapes.lt(shapes.product(sizes), 2))
      || nests(sizes, strides, insideOut: sizes.indices.reversed())
  }

  /// Whether each stride is the product of the inner sizes, with an empty dim counted as 0 or as 1.
  ///
  /// - Guards: whether a size is 1, and whether a stride of another form equals the product.
  /// - Source: `check_contiguous_sizes_strides`, `torch/_prims_common`.
  private func nests(_ sizes: Sizes, _ strides: Sizes, insideOut order: some Sequence<Int>) -> Bool {
    var (plain, expected): (SymInt, SymInt) = (1, 1)
    for dim in order {
      let (size, stride) = (sizes[dim], strides[dim])
      if shapes.guardOrFalse(shapes.eq(size, 1)) { continue }
      if differs(stride, plain), differs(stride, expected) { return false }
      plain = shapes.mul(plain, size)
      expected = shapes.mul(expected, atLeastOne(size))
    }
    return true
  }

  private func differs(_ a: SymInt, _ b: SymInt) -> Bool {
    a != b && shapes.guardOrTrue(shapes.ne(a, b))
  }

  /// The common case of numbers: every stride is the product of the sizes after it.
  private func nestsExactly(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    var expected: SymInt = 1
    for dim in sizes.indices.reversed() {
      if strides[dim] != expected { return false }
      if dim > 0 { expected = shapes.mul(expected, atLeastOne(sizes[dim])) }
    }
    return true
  }

  /// Whether the tensor is channels_last: the channels are innermost and the other dims nest around them.
  public func isChannelsLastContiguous(_ tensor: FakeTensor) -> Bool {
    isChannelsLastContiguous(tensor.sizes, tensor.strides)
  }

  /// Whether these sizes and strides are channels_last.
  public func isChannelsLastContiguous(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    guard sizes.count == 4 || sizes.count == 5 else { return false }
    guard sizes.isSymbolic || strides.isSymbolic else { return findIsChannelsLast(sizes, strides) }
    return shapes.remembering(.isChannelsLast, sizes, strides) { findIsChannelsLast(sizes, strides) }
  }

  private func findIsChannelsLast(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    var expected: SymInt = 1
    for dim in channelsLastOrder(rank: sizes.count) {
      if shapes.guardOrFalse(shapes.eq(sizes[dim], 1)) { continue }
      if strides[dim] != expected, shapes.guardOrTrue(shapes.ne(strides[dim], expected)) { return false }
      expected = shapes.mul(expected, sizes[dim])
    }
    return true
  }

  /// Whether the tensor is contiguous in a memory format.
  public func isContiguous(_ tensor: FakeTensor, _ format: MemoryFormat) -> Bool {
    switch format {
    case .channelsLast: tensor.rank == 4 && isChannelsLastContiguous(tensor)
    case .channelsLast3d: tensor.rank == 5 && isChannelsLastContiguous(tensor)
    default: isContiguous(tensor)
    }
  }

  /// Whether some order of the dims makes the tensor contiguous.
  public func isNonOverlappingAndDense(_ tensor: FakeTensor) -> Bool {
    isNonOverlappingAndDense(tensor.sizes, tensor.strides)
  }

  /// Whether some order of these dims makes them contiguous.
  public func isNonOverlappingAndDense(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    guard sizes.isSymbolic || strides.isSymbolic else {
      return nestsExactly(sizes, strides) || findIsDense(sizes, strides)
    }
    return shapes.remembering(.isNonOverlappingAndDense, sizes, strides) { findIsDense(sizes, strides) }
  }

  /// Source: `_is_non_overlapping_and_dense_or_false`, `torch/_prims_common`.
  private func findIsDense(_ sizes: Sizes, _ strides: Sizes) -> Bool {
    if shapes.guardOrFalse(shapes.lt(shapes.product(sizes), 2)) { return true }
    if sizes.count == 1 { return shapes.guardOrFalse(shapes.eq(strides[0], 1)) }
    let order = sortedAsInPython(Array(sizes.indices)) { self.isInside(strides[$0], strides[$1]) }
    return nests(sizes, strides, insideOut: order)
  }

  /// Whether a dim of stride `a` lies inside one of stride `b`: `a` is smaller or divides `b`.
  private func isInside(_ a: SymInt, _ b: SymInt) -> Bool {
    if shapes.guardOrFalse(shapes.lt(a, b)) { return true }
    return (shapes.guardOrFalse(shapes.eq(a, 0)) || shapes.guardOrFalse(shapes.eq(shapes.mod(b, a), 0)))
      && shapes.guardOrTrue(shapes.ne(a, b))
  }

  /// The memory format that a copy of `tensor` would naturally take.
  ///
  /// Source: `torch._prims_common.suggest_memory_format`.
  public func suggestedMemoryFormat(_ tensor: FakeTensor) -> MemoryFormat {
    guard tensor.rank == 4 || tensor.rank == 5, stridesLikeChannelsLast(tensor) else { return .contiguous }
    return tensor.rank == 4 ? .channelsLast : .channelsLast3d
  }

  /// Whether strides grow in the order channels, width, …, batch, even if they are not dense.
  ///
  /// A size or stride that may be zero or a data-dependent order counts as "no".
  ///
  /// Source: `are_strides_like_channels_last_or_false`, `torch/_prims_common`.
  public func stridesLikeChannelsLast(_ tensor: FakeTensor) -> Bool {
    guard tensor.rank == 4 || tensor.rank == 5 else { return false }
    if shapes.guardOrTrue(shapes.eq(tensor.strides[1], 0)) { return false }
    var least: SymInt = 0
    for dim in channelsLastOrder(rank: tensor.rank) {
      if shapes.guardOrTrue(shapes.eq(tensor.sizes[dim], 0))
        || shapes.guardOrTrue(shapes.lt(tensor.strides[dim], least))
      {
        return false
      }
      // Equal strides of N and C occur in contiguous tensors with dims of size 1.
      if dim == 0, shapes.guardOrFalse(shapes.eq(least, tensor.strides[1])) { return false }
      least = shapes.mul(tensor.strides[dim], tensor.sizes[dim])
    }
    return true
  }

  /// The number of elements.
  public func numel(_ tensor: FakeTensor) -> SymInt { shapes.product(tensor.sizes) }
}
