public import SymbolicShapes

/// What the decomposition of an elementwise operator of one tensor asks about its sizes.
public enum SizeQuestions: Sendable {
  /// Nothing: it is one kernel.
  case none
  /// Whether they are 1: it compares with numbers, or computes with them.
  case ones
  /// Whether they are 1, and whether the tensor is contiguous: it calls `add`, `sub`, `mul` or `div` inside.
  case onesAndLayout
  /// Whether the tensor is contiguous: it is viewed with other sizes.
  case layout

  /// What is asked if there are `count` operands: with numbers, too, the first tensor is broadcast.
  func broadcasting(_ count: Int, isFast: Bool) -> SizeQuestions {
    self == .none && (isFast || count > 1) ? .ones : self
  }
}

/// The common shape of operands, aligned at their last dim.
extension OperatorCall {
  /// The sizes that all `operands` broadcast to: in each dim, the size that is not 1.
  ///
  /// An undecided size is assumed not to be 1 and asserted to equal the others.
  ///
  /// - Guards: those of ``askWhetherOnes(_:)`` for the first operand, even if it is the only one.
  /// - Throws: a refusal if two sizes differ and neither is 1.
  /// - Source: `torch._refs._broadcast_shapes`.
  public func broadcast(_ operands: [Sizes]) throws -> Sizes {
    guard var common = operands.first else { return [] }
    askWhetherOnes(common)
    for shape in operands.dropFirst() where shape != common { common = try broadcast(common, shape) }
    return common
  }

  /// Asks whether each of the `sizes` is 1, the last one first, as broadcasting does with its first operand, even if it
  /// is the only tensor beside numbers.
  ///
  /// - Guards: `Ne(size, 1)` or `Eq(size, 1)`, by the example, unless it is known.
  /// - Source: `torch._refs._broadcast_shapes`; `infer_size`, `torch/_subclasses/fake_impls.py`.
  public func askWhetherOnes(_ sizes: Sizes) {
    guard shapes.isOpenWhetherOne(sizes) else { return }
    _ = shapes.remembering(.ones, sizes, []) {
      for size in sizes.reversed() where size.isSymbolic { _ = shapes.guardOrFalse(shapes.eq(size, 1)) }
      return false
    }
  }

  /// Asks whether one of the `sizes` is 0, as PyTorch does when it allocates a tensor with given strides.
  ///
  /// - Guards: `Ne(size, 0)` for all of them, or `Eq(size, 0)` for the first one that is.
  /// - Source: `computeStorageNbytes`, `aten/src/ATen/EmptyTensor.cpp`.
  public func askWhetherEmpty(_ sizes: Sizes) {
    guard shapes.isOpenWhetherOne(sizes) else { return }
    _ = shapes.remembering(.zeros, sizes, []) {
      for size in sizes where size.isSymbolic && shapes.guardOrFalse(shapes.eq(size, 0)) { return true }
      return false
    }
  }

  /// Asks what a conversion of `tensor` to another dtype asks, whose result has its strides if they are dense.
  ///
  /// - Guards: those of ``TensorGeometry/isNonOverlappingAndDense(_:)``, then whether a size is 0.
  /// - Source: `_convert_element_type_meta`, `torch/_prims`.
  @discardableResult
  public func askWhetherDense(_ tensor: FakeTensor) -> Bool {
    guard tensor.rank > 0 else { return true }
    let isDense = shapes.geometry.isNonOverlappingAndDense(tensor)
    askWhetherEmpty(tensor.sizes)
    return isDense
  }

  /// The sizes that both shapes broadcast to.
  public func broadcast(_ a: Sizes, _ b: Sizes) throws -> Sizes {
    if a == b { return a }
    return try shapes.remembering(.broadcast, a, b) { try findBroadcast(a, b) }
  }

  /// The sizes that both shapes broadcast to, computed as in `add`, `sub`, `mul` and `div` of tensors: first tests
  /// whether a size is 1, then whether two sizes are equal.
  ///
  /// Source: `infer_size`, `torch/_subclasses/fake_impls.py`.
  func inferSize(_ a: Sizes, _ b: Sizes) throws -> Sizes {
    if a == b { return a }
    return try shapes.remembering(.inferredSize, a, b) { try findBroadcast(a, b, asksOnesFirst: true) }
  }

  private func findBroadcast(_ a: Sizes, _ b: Sizes, asksOnesFirst: Bool = false) throws -> Sizes {
    let (longer, shorter) = a.count >= b.count ? (a, b) : (b, a)
    var result = longer
    let lead = longer.count - shorter.count
    for dim in shorter.indices.reversed() {
      let (x, y) =
        a.count >= b.count ? (longer[lead + dim], shorter[dim]) : (shorter[dim], longer[lead + dim])
      result[lead + dim] = try broadcast(x, y, dim: lead + dim, asksOnesFirst: asksOnesFirst)
    }
    if lead > 0, b.count > a.count, !asksOnesFirst { askWhetherOnes(Sizes(longer.prefix(lead))) }
    return result
  }

  private func broadcast(_ a: SymInt, _ b: SymInt, dim: Int, asksOnesFirst: Bool) throws -> SymInt {
    if a == b { return a }
    if !asksOnesFirst, shapes.guardOrFalse(equality(b, a)) { return a }
    if shapes.guardOrFalse(shapes.eq(a, 1)) { return b }
    if shapes.guardOrFalse(shapes.eq(b, 1)) { return a }
    try check(
      equality(a, b),
      "The size of tensor a (\(shapes.text(of: a))) must match the size of tensor b (\(shapes.text(of: b))) "
        + "at non-singleton dimension \(dim)")
    return !asksOnesFirst && a.isSymbolic && !b.isSymbolic ? b : a
  }

  /// `a == b` as Python compares them: a number on the left leaves the comparison to the symbolic size.
  private func equality(_ a: SymInt, _ b: SymInt) -> SymBool {
    a.isSymbolic ? shapes.eq(a, b) : shapes.eq(b, a)
  }
}
