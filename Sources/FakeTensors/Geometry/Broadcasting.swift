public import SymbolicShapes

/// The common shape of operands, aligned at their last dim.
extension OperatorCall {
  /// The sizes that all `operands` broadcast to: in each dim, the size that is not 1.
  ///
  /// An undecided size is assumed not to be 1 and asserted to equal the others.
  ///
  /// - Throws: a refusal if two sizes differ and neither is 1.
  /// - Source: `torch._refs._broadcast_shapes`.
  public func broadcast(_ operands: [Sizes]) throws -> Sizes {
    guard var common = operands.first else { return [] }
    for shape in operands.dropFirst() where shape != common { common = try broadcast(common, shape) }
    return common
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
    return result
  }

  private func broadcast(_ a: SymInt, _ b: SymInt, dim: Int, asksOnesFirst: Bool) throws -> SymInt {
    if a == b { return a }
    if !asksOnesFirst, shapes.guardOrFalse(shapes.eq(a, b)) { return a }
    if shapes.guardOrFalse(shapes.eq(a, 1)) { return b }
    if shapes.guardOrFalse(shapes.eq(b, 1)) { return a }
    try check(
      shapes.eq(a, b),
      "The size of tensor a (\(shapes.text(of: a))) must match the size of tensor b (\(shapes.text(of: b))) "
        + "at non-singleton dimension \(dim)")
    return !asksOnesFirst && a.isSymbolic && !b.isSymbolic ? b : a
  }
}
