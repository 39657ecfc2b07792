public import SymbolicShapes

/// The strides of the result of an elementwise operator.
///
/// Source: `TensorIteratorBase::fast_set_up`, `reorder_dimensions` (`aten/src/ATen/TensorIterator.cpp`) and
/// `compute_elementwise_output_logical_to_physical_perm` (`torch/_prims_common`), which agree where both decide.
extension ShapeEnv {
  /// Strides for a result of `sizes`, computed from operands that broadcast to it.
  public func elementwiseStrides(_ operands: [FakeTensor], _ sizes: Sizes) -> Sizes {
    if sizes.count <= 1 { return contiguousStrides(sizes) }
    var sameShape = true
    for operand in operands where operand.sizes != sizes {
      sameShape = false
      break
    }
    if sameShape {
      // With dims of size 1 both can hold, and the strides tell which was meant.
      let isContiguous = operands.allSatisfy { self.isContiguous($0) }
      let isChannelsLast = sizes.count == 4 && operands.allSatisfy { isChannelsLastContiguous($0) }
      if isContiguous, !isChannelsLast { return contiguousStrides(sizes) }
      if isChannelsLast, !isContiguous { return channelsLastStrides(sizes) }
    }
    return strides(sizes, fromInnermost: elementwiseOrder(operands, sizes))
  }

  /// The dims of the result from the innermost to the outermost, as the operands' strides suggest.
  public func elementwiseOrder(_ operands: [FakeTensor], _ sizes: Sizes) -> [Int] {
    let columns = operands.map { expandedStrides($0, to: sizes) }
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

  /// The operand's strides for the dims of the result: 0 where it is broadcast.
  private func expandedStrides(_ operand: FakeTensor, to sizes: Sizes) -> Sizes {
    var result = Sizes(repeating: 0, count: sizes.count)
    let lead = sizes.count - operand.rank
    for dim in 0..<operand.rank where lead + dim >= 0 {
      let size = operand.sizes[dim]
      let isBroadcast = size != sizes[lead + dim] && guardOrFalse(eq(size, 1)) && guardOrTrue(ne(sizes[lead + dim], 1))
      result[lead + dim] = isBroadcast ? 0 : operand.strides[dim]
    }
    return result
  }

  /// Positive when dim `a` lies outside dim `b` and they must change places, negative when the order is right,
  /// 0 when no operand tells.
  private func compare(_ a: Int, _ b: Int, _ columns: [Sizes], _ sizes: Sizes) -> Int {
    for strides in columns {
      let (strideA, strideB) = (strides[a], strides[b])
      if guardOrFalse(eq(strideA, 0)) || guardOrFalse(eq(strideB, 0)) { continue }
      if guardOrFalse(eq(strideA, strideB)) {
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
    if guardOrFalse(eq(b, 0)) { return true }
    if guardOrFalse(eq(a, 0)) { return false }
    return guardOrFalse(ge(a, b)) || guardOrFalse(eq(mod(a, b), 0))
  }
}
