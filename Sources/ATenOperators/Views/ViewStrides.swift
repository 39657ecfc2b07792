import FakeTensors
import SymbolicShapes

/// How comparisons of strides are decided: with a default, or by a guard.
struct StrideDecisions {
  /// Decides a condition that is false when undecidable.
  let orFalse: (OperatorCall, SymBool) throws -> Bool
  /// Decides a condition that is true when undecidable.
  let orTrue: (OperatorCall, SymBool) throws -> Bool

  /// Undecidable conditions take the default that assumes least.
  static var assuming: StrideDecisions {
    StrideDecisions(
      orFalse: { call, condition in call.shapes.guardOrFalse(condition) },
      orTrue: { call, condition in call.shapes.guardOrTrue(condition) })
  }

  /// Undecidable conditions are errors.
  static var guarding: StrideDecisions {
    StrideDecisions(
      orFalse: { call, condition in try call.evaluate(condition) },
      orTrue: { call, condition in try call.evaluate(condition) })
  }
}

/// The sizes and strides of a view.
struct ViewGeometry {
  /// The sizes as derived: equal to the requested ones, but possibly in a different form.
  var sizes: Sizes
  var strides: Sizes
}

/// Strides of a view of other sizes.
///
/// Sources: `_reshape_view_helper` (`torch/_refs`) when every size has a hint, `_view_unbacked_meta`
/// (`torch/_subclasses/fake_impls.py`) otherwise.
extension Views {
  /// The geometry of `tensor` viewed as `shape`, which has as many elements; `nil` if no strides allow it.
  func viewGeometry(_ tensor: FakeTensor, _ shape: Sizes) throws -> ViewGeometry? {
    if let strides = constantViewStrides(tensor, shape) {
      return ViewGeometry(sizes: shape, strides: strides)
    }
    let isUnbacked =
      tensor.sizes.contains(where: shapes.isUnbacked) || tensor.strides.contains(where: shapes.isUnbacked)
      || shape.contains(where: shapes.isUnbacked)
    return isUnbacked
      ? try unbackedView(tensor, shape) : try backedView(tensor, shape)
  }

  /// The common case without guards: a dense tensor of constant sizes.
  private func constantViewStrides(_ tensor: FakeTensor, _ shape: Sizes) -> Sizes? {
    guard !shape.isSymbolic, tensor.sizes.allSatisfy({ $0.isKnown { $0 > 0 } }),
      tensor.strides == shapes.geometry.contiguousStrides(tensor.sizes)
    else { return nil }
    return shapes.geometry.contiguousStrides(shape)
  }

  private func unbackedView(_ tensor: FakeTensor, _ shape: Sizes) throws -> ViewGeometry? {
    if tensor.rank == 0 || shape.isEmpty {
      for length in tensor.rank == 0 ? shape : tensor.sizes {
        try call.check(shapes.eq(length, 1), "a tensor without dims has one element")
      }
      return ViewGeometry(sizes: ones(shape.count), strides: ones(shape.count))
    }
    try call.check(
      shapes.eq(shapes.geometry.numel(tensor), shapes.product(shape)), "the numbers of elements differ")
    for decisions in [StrideDecisions.assuming, .guarding] {
      if shape.count == tensor.rank, shapes.guardOrFalse(allEqual(shape, tensor.sizes)) {
        return ViewGeometry(sizes: tensor.sizes, strides: tensor.strides)
      }
      if shapes.geometry.isContiguous(tensor) {
        return ViewGeometry(sizes: shape, strides: shapes.geometry.contiguousStrides(shape))
      }
      if let strides = try computeStride(tensor, shape, decisions) {
        return ViewGeometry(sizes: shape, strides: strides)
      }
    }
    return nil
  }

  /// `a[0] == b[0] & …` for lists of equal length.
  func allEqual(_ a: Sizes, _ b: Sizes) -> SymBool {
    var all: SymBool = true
    for (x, y) in zip(a, b) { all = shapes.and(all, shapes.eq(x, y)) }
    return all
  }

  /// Matches runs of contiguous old dims with runs of new dims, from the innermost to the outermost.
  ///
  /// Source: `computeStride_impl`, `aten/src/ATen/TensorUtils.cpp`.
  func computeStride(_ tensor: FakeTensor, _ shape: Sizes, _ decide: StrideDecisions) throws -> Sizes? {
    let (sizes, strides) = (tensor.sizes, tensor.strides)
    if sizes.isEmpty { return Sizes(repeating: 1, count: shape.count) }
    if try decide.orFalse(call, shapes.eq(shapes.product(sizes), 0)) {
      if shape.count == sizes.count, try decide.orFalse(call, allEqual(sizes, shape)) { return strides }
      return shapes.geometry.contiguousStrides(shape)
    }
    var result = Sizes(repeating: 0, count: shape.count)
    var dim = shape.count - 1
    var baseStride = strides[sizes.count - 1]
    var oldCount: SymInt = 1
    var newCount: SymInt = 1
    for old in sizes.indices.reversed() {
      oldCount = shapes.mul(oldCount, sizes[old])
      if old > 0 {
        let continues =
          try !decide.orTrue(call, shapes.ne(sizes[old - 1], 1))
          || !decide.orTrue(call, shapes.ne(strides[old - 1], shapes.mul(oldCount, baseStride)))
        if continues { continue }
      }
      while dim >= 0 {
        guard
          try decide.orTrue(call, shapes.lt(newCount, oldCount))
            || decide.orFalse(call, shapes.eq(shape[dim], 1))
        else { break }
        result[dim] = shapes.mul(newCount, baseStride)
        newCount = shapes.mul(newCount, shape[dim])
        dim -= 1
      }
      if try decide.orTrue(call, shapes.ne(newCount, oldCount)) { return nil }
      if old > 0 {
        baseStride = strides[old - 1]
        oldCount = 1
        newCount = 1
      }
    }
    return dim == -1 ? result : nil
  }

  private func backedView(_ tensor: FakeTensor, _ shape: Sizes) throws -> ViewGeometry? {
    let numel = shapes.geometry.numel(tensor)
    if try call.isEqual(numel, 0) {
      return ViewGeometry(sizes: shape, strides: shapes.geometry.contiguousStrides(shape))
    }
    if tensor.rank == 0 || shape.isEmpty {
      for length in tensor.rank == 0 ? shape : tensor.sizes {
        try call.require(try call.isEqual(length, 1), "a tensor without dims has one element")
      }
      return ViewGeometry(sizes: ones(shape.count), strides: ones(shape.count))
    }
    if shapes.geometry.isContiguous(tensor) {
      if shape.count == 1, tensor.rank > 1 { return ViewGeometry(sizes: [numel], strides: [1]) }
      if shape.count == 2, tensor.rank == 1 { return ViewGeometry(sizes: shape, strides: [shape[1], 1]) }
    }
    try call.check(shapes.eq(numel, shapes.product(shape)), "the numbers of elements differ")
    var dims = DimFolding(sizes: tensor.sizes, strides: tensor.strides)
    return try dims.reshape(to: shape, call) ? ViewGeometry(sizes: dims.sizes, strides: dims.strides) : nil
  }

  private func ones(_ count: Int) -> Sizes { Sizes(repeating: 1, count: count) }
}
