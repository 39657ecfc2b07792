import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Differences of neighbours along a dim, and trapezoidal integrals.
///
/// Rows are in alphabetical order.
let differences: [OperatorRow] = [
  OperatorRow("cumulative_trapezoid", cumulativeTrapezoid),
  OperatorRow("diff", diff),
  OperatorRow("trapezoid", trapezoid),
  OperatorRow("trapz", trapezoid),
]

/// `diff(Tensor self, int n, int dim, Tensor? prepend, Tensor? append) -> Tensor`: `max(size(dim) − n, 0)`.
///
/// - Guards: `n > size(dim)`; the other sizes of `prepend` and `append` agree.
/// - Source: `diff`, `aten/src/ATen/native/ReduceOps.cpp`.
@Sendable
private func diff(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let order = try call.int(1)
  let shapes = call.shapes
  try call.require(tensor.rank >= 1, "diff expects input to be at least one-dimensional")
  try call.require(order >= 0, "order must be non-negative but got \(order)")
  let dim = try call.wrapped(try call.int(2), rank: tensor.rank)
  let ends = [try call.optionalTensor(3), try call.optionalTensor(4)]
  for case let end? in ends {
    try call.require(
      end.rank == tensor.rank, "diff expects prepend or append to be the same dimension as input")
    for other in 0..<tensor.rank where other != dim {
      try call.check(
        shapes.eq(end.sizes[other], tensor.sizes[other]),
        "diff expects the shape of tensor to prepend or append to match that of input except along the "
          + "differencing dimension")
    }
  }
  if order == 0 { return .tensor(call.emptyLike(tensor)) }
  var result = tensor
  if ends.contains(where: { $0 != nil }) {
    result = try call.views.cat([ends[0], tensor, ends[1]].compactMap { $0 }, dim)
  }
  let isLonger = try call.evaluate(shapes.gt(SymInt(order), result.sizes[dim]))
  let count = isLonger ? try call.evaluateInt(result.sizes[dim]) : order
  let final = shapes.sub(result.sizes[dim], SymInt(count))
  var length = shapes.sub(result.sizes[dim], 1)
  // After a few steps only the size changes.
  for _ in 0..<max(0, min(count, 8)) {
    let later = try call.views.narrow(result, dim, 1, length)
    result = try call.elementwise(later, try call.views.narrow(result, dim, 0, length))
    length = shapes.sub(length, 1)
  }
  if count > 8 { result = try call.elementwise(try call.views.narrow(result, dim, 0, final)) }
  return .tensor(result)
}

extension OperatorCall {
  /// Neighbours along a dim, as views: all but the last, and all but the first.
  fileprivate func neighbours(_ tensor: FakeTensor, _ dim: Int) throws -> (FakeTensor, FakeTensor) {
    (try views.slice(tensor, dim, 0, -1, 1), try views.slice(tensor, dim, 1, nil, 1))
  }

  /// The widths `x[i + 1] − x[i]`, with as many dims as `values`.
  fileprivate func widths(_ points: FakeTensor, of values: FakeTensor, _ dim: Int) throws -> FakeTensor {
    var viewed = points
    if points.rank == 1 {
      try require(
        try isEqual(points.sizes[0], values.sizes[dim]),
        "\(schema.name.base): There must be one `x` value for each sample point")
      var sizes = Sizes(repeating: 1, count: values.rank)
      sizes[dim] = points.sizes[0]
      viewed = try views.view(points, sizes)
    } else if points.rank < values.rank {
      viewed = try views.view(
        points, Sizes(repeating: 1, count: values.rank - points.rank).appending(contentsOf: points.sizes))
    }
    let (left, right) = try neighbours(viewed, dim)
    return try elementwise(right, left)
  }

  /// `(y[i] + y[i + 1]) · dx`; without points, all widths are equal.
  fileprivate func areas(_ values: FakeTensor, _ points: FakeTensor?, _ dim: Int) throws -> FakeTensor {
    guard let points else {
      let (left, right) = try neighbours(values, dim)
      return try elementwise(left, right, kind: .intToFloat)
    }
    let widths = try widths(points, of: values, dim)
    let (left, right) = try neighbours(values, dim)
    return try elementwise(try elementwise(left, right), widths)
  }

  /// The values, the points and the dim of an integral; bool values are refused.
  fileprivate func integralArguments() throws -> (values: FakeTensor, points: FakeTensor?, dim: Int) {
    let values = try tensor(0)
    let points = self[1].tensor
    try require(values.rank > 0, "Dimension specified as -1 but tensor has no dimensions")
    let dim = try wrapped(try int(2), rank: values.rank)
    return (values, points, dim)
  }

  fileprivate func refuseTruthValues(_ values: FakeTensor, _ points: FakeTensor?) throws {
    try require(
      !values.dtype.isBool && points?.dtype.isBool != true,
      "\(schema.name.base): received a bool input for `x` or `y`, but bool is not supported")
  }
}

/// `trapezoid.x(Tensor y, Tensor x, *, int dim)`, `trapezoid.dx(Tensor y, *, Scalar dx, int dim)`: `y`
/// without `dim`.
///
/// - Guards: `Eq(y.size(dim), 0)`, where the result is 0.
/// - Source: `trapezoid`, `aten/src/ATen/native/Integration.cpp`.
@Sendable
private func trapezoid(_ call: OperatorCall) throws -> FakeValue {
  let (values, points, dim) = try call.integralArguments()
  if try call.isEqual(values.sizes[dim], 0) {
    return .tensor(call.reducing.reduced(values, [dim], keepdim: false, dtype: values.dtype))
  }
  try call.refuseTruthValues(values, points)
  guard points != nil else {
    let dtype = call.commonType([values], .intToFloat)
    return .tensor(call.reducing.reduced(values, [dim], keepdim: false, dtype: dtype))
  }
  let areas = try call.areas(values, points, dim)
  return .tensor(
    call.reducing.reduced(areas, [dim], keepdim: false, dtype: call.commonType([areas], .intToFloat)))
}

/// `cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim)`, `.dx(Tensor y, *, Scalar dx, int dim)`: `dim`
/// shrinks by 1.
///
/// Source: `cumulative_trapezoid`, `aten/src/ATen/native/Integration.cpp`.
@Sendable
private func cumulativeTrapezoid(_ call: OperatorCall) throws -> FakeValue {
  let (values, points, dim) = try call.integralArguments()
  try call.refuseTruthValues(values, points)
  let areas = try call.areas(values, points, dim)
  return .tensor(
    call.newTensor(areas.sizes, like: areas, dtype: call.commonType([areas], .intToFloat)))
}
