import FakeTensors
import SymbolicShapes

/// Merges and splits dims until they have the requested sizes.
///
/// Works from the first dim to the last, as PyTorch does, so that it adds the same guards.
///
/// Source: `_reshape_view_helper_core_alg` (`torch/_refs`); `_collapse_view_helper`, `_split_dim_meta`
/// (`torch/_prims`).
struct DimFolding {
  var sizes: Sizes
  var strides: Sizes

  /// - Returns: false if dims to merge are not contiguous in memory.
  mutating func reshape(to shape: Sizes, _ call: OperatorCall) throws -> Bool {
    var index = 0
    for length in shape {
      if index >= sizes.count {
        try call.require(try call.isEqual(length, 1), "cannot add a dim of a size other than 1")
        try split(index - 1, sizes[index - 1], call)
      } else if try !call.isEqual(length, sizes[index]) {
        var total = sizes[index]
        var end = index
        while try !call.evaluate(call.shapes.divides(length, total)) {
          end += 1
          try call.require(end < sizes.count, "the numbers of elements differ")
          total = call.shapes.mul(total, sizes[end])
        }
        if end != index {
          guard try isMergeable(index, end, call) else { return false }
          try merge(index, end, call)
        }
        if try !call.isEqual(total, length) { try split(index, length, call) }
      }
      index += 1
    }
    while index < sizes.count {
      try call.check(call.shapes.eq(sizes[index], 1), "a dim left over must have size 1")
      sizes.remove(at: index)
      strides.remove(at: index)
    }
    return true
  }

  /// Whether each dim's stride equals `size · stride` of the next, ignoring dims of size 1.
  private func isMergeable(_ start: Int, _ end: Int, _ call: OperatorCall) throws -> Bool {
    let shapes = call.shapes
    var holds: SymBool = true
    for dim in (start..<end).reversed() {
      let nests = shapes.eq(strides[dim], shapes.mul(strides[dim + 1], sizes[dim + 1]))
      holds = shapes.and(
        holds, shapes.or(shapes.or(shapes.eq(sizes[dim], 1), shapes.eq(sizes[dim + 1], 1)), nests))
    }
    return shapes.guardOrFalse(holds)
  }

  /// Replaces the dims `start…end` by one, whose stride is the smallest among those of size ≠ 1.
  private mutating func merge(_ start: Int, _ end: Int, _ call: OperatorCall) throws {
    let shapes = call.shapes
    var stride = strides[end]
    for dim in (start..<end).reversed() where try !call.isEqual(sizes[dim], 1) {
      if try call.evaluate(shapes.lt(strides[dim], stride)) { stride = strides[dim] }
    }
    let length = shapes.product(sizes[start...end])
    sizes = Sizes(sizes[..<start] + [length] + sizes[(end + 1)...])
    strides = Sizes(strides[..<start] + [stride] + strides[(end + 1)...])
  }

  /// Splits a dim into `outer` and the rest.
  private mutating func split(_ dim: Int, _ outer: SymInt, _ call: OperatorCall) throws {
    guard dim >= 0, dim < sizes.count else { throw call.refusal("there is no dim to split") }
    let shapes = call.shapes
    let inner = shapes.floorDiv(sizes[dim], outer)
    try call.require(try call.evaluate(shapes.divides(outer, sizes[dim])), "the dim does not divide")
    sizes[dim] = outer
    sizes.insert(inner, at: dim + 1)
    strides.insert(strides[dim], at: dim + 1)
    strides[dim] = shapes.mul(strides[dim], inner)
  }
}
