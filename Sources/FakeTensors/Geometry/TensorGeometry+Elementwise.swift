public import SymbolicShapes

/// The strides of the result of an elementwise operator.
///
/// Source: `TensorIteratorBase::fast_set_up`, `reorder_dimensions` (`aten/src/ATen/TensorIterator.cpp`) and
/// `compute_elementwise_output_logical_to_physical_perm` (`torch/_prims_common`), which agree where both decide.
extension TensorGeometry {
  /// Strides for a result of `sizes`, computed from operands that broadcast to it.
  ///
  /// Operands without dims are ignored. If all others are contiguous, or all are channels_last, so is the result. If
  /// both or neither hold, the operands' strides decide.
  public func elementwiseStrides(_ operands: [FakeTensor], _ sizes: Sizes) -> Sizes {
    if sizes.count <= 1 { return contiguousStrides(sizes) }
    return shapes.remembering(
      .elementwiseStrides,
      lists: { add in
        add(sizes)
        for operand in operands {
          add(operand.sizes)
          add(operand.strides)
        }
      }
    ) { findElementwiseStrides(operands, sizes) }
  }

  private func findElementwiseStrides(_ operands: [FakeTensor], _ sizes: Sizes) -> Sizes {
    let columns = operands.lazy.filter { $0.rank > 0 }.map { self.expandedStrides($0, to: sizes) }
    let strides = Array(columns)
    let isContiguous = strides.allSatisfy { self.isContiguous(sizes, $0) }
    let isChannelsLast = sizes.count == 4 && strides.allSatisfy { self.isChannelsLastContiguous(sizes, $0) }
    if isContiguous, !isChannelsLast { return contiguousStrides(sizes) }
    if isChannelsLast, !isContiguous {
      return self.strides(sizes, fromInnermost: channelsLastOrder(rank: sizes.count))
    }
    return self.strides(sizes, fromInnermost: elementwiseOrder(strides, sizes))
  }

  /// The strides that `add`, `sub`, `mul` and `div` of symbolic operands take without further analysis: contiguous if
  /// all operands are, channels_last if all are; `nil` otherwise, or if every operand is broadcast.
  ///
  /// Source: `make_fast_binary_impl`, `torch/_subclasses/fake_impls.py`.
  public func obviousStrides(_ operands: [FakeTensor], _ sizes: Sizes) -> Sizes? {
    guard operands.contains(where: { isSymbolic($0) }), operands.contains(where: { has($0, sizes) }) else {
      return nil
    }
    // Both are asked of each operand in turn, until one does not have it.
    var (areContiguous, areChannelsLast) = (true, true)
    for operand in operands {
      areContiguous = areContiguous && isContiguous(operand)
      areChannelsLast = areChannelsLast && operand.rank == 4 && isChannelsLastContiguous(operand)
    }
    if areContiguous { return contiguousStrides(sizes) }
    return areChannelsLast ? channelsLastStrides(sizes) : nil
  }

  /// Whether `operand` has these sizes; a difference that depends on data counts as one.
  private func has(_ operand: FakeTensor, _ sizes: Sizes) -> Bool {
    if operand.sizes == sizes { return true }
    guard operand.rank == sizes.count, shapes.isOpenWhetherOne(sizes) else { return false }
    var areEqual: SymBool = true
    for (own, size) in zip(operand.sizes, sizes) {
      areEqual = shapes.and(areEqual, shapes.equalAsInPython(own, size))
    }
    return shapes.guardOrFalse(areEqual)
  }

  /// The dims of the result from the innermost to the outermost, according to the operands' strides.
  ///
  /// `columns` are the strides of the operands, expanded to `sizes`.
  func elementwiseOrder(_ columns: [Sizes], _ sizes: Sizes) -> [Int] {
    var order = Array(sizes.indices.reversed())
    for index in order.indices.dropFirst() {
      var moving = index
      for other in stride(from: index - 1, through: 0, by: -1) {
        let comparison = compare(order[other], order[moving], columns, sizes)
        if comparison > 0 {
          order.swapAt(other, moving)
          moving = other
        } else if comparison < 0 {
          break
        }
      }
    }
    return order
  }

  private func isSymbolic(_ tensor: FakeTensor) -> Bool {
    // Bound: a rank is not negative.
    for dim in 0..<tensor.rank where tensor.sizes[dim].isSymbolic || tensor.strides[dim].isSymbolic {
      return true
    }
    return false
  }

  /// The strides of an elementwise function of `operand` expanded to `sizes`; they are dense.
  public func denseStrides(expanding operand: FakeTensor, to sizes: Sizes) -> Sizes {
    if operand.sizes == sizes { return elementwiseStrides([operand], sizes) }
    return strides(sizes, fromInnermost: elementwiseOrder([expandedStrides(operand, to: sizes)], sizes))
  }

  /// The operand's strides after expanding it to `sizes`: 0 where it is broadcast.
  public func expandedStrides(_ operand: FakeTensor, to sizes: Sizes) -> Sizes {
    if operand.sizes == sizes { return operand.strides }
    // Bound: the rank of a shape that there is.
    var result = Sizes(repeating: 0, count: sizes.count)
    let lead = sizes.count - operand.rank
    for dim in sizes.indices.reversed() {
      if dim < lead {
        if sizes[dim] == 1, dim + 1 < sizes.count {
          result[dim] = shapes.mul(result[dim + 1], sizes[dim + 1])
        }
      } else {
        let size = operand.sizes[dim - lead]
        let isBroadcast =
          size != sizes[dim] && shapes.guardOrFalse(shapes.eq(size, 1))
          && shapes.guardOrTrue(shapes.ne(sizes[dim], 1))
        result[dim] = isBroadcast ? 0 : operand.strides[dim - lead]
      }
    }
    return result
  }

  /// Positive if dim `a` lies outside dim `b` and they must be swapped, negative if their order is right, 0 if no
  /// operand decides.
  private func compare(_ a: Int, _ b: Int, _ columns: [Sizes], _ sizes: Sizes) -> Int {
    for strides in columns {
      let (strideA, strideB) = (strides[a], strides[b])
      if shapes.guardOrFalse(shapes.eq(strideA, 0)) || shapes.guardOrFalse(shapes.eq(strideB, 0)) { continue }
      if shapes.guardOrFalse(shapes.eq(strideA, strideB)) {
        if isAtLeast(sizes[b], sizes[a]) { continue }
        return 1
      }
      if isAtLeast(strideB, strideA) { return -1 }
      if isAtLeast(strideA, strideB) { return 1 }
    }
    return 0
  }

  private func isAtLeast(_ a: SymInt, _ b: SymInt) -> Bool {
    if let x = a.constant, let y = b.constant { return x >= y }
    if shapes.guardOrFalse(shapes.eq(b, 0)) { return true }
    if shapes.guardOrFalse(shapes.eq(a, 0)) { return false }
    return shapes.guardOrFalse(shapes.ge(a, b)) || shapes.guardOrFalse(shapes.eq(shapes.mod(a, b), 0))
  }
}
