import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Reductions over dims: `sizes` without the reduced dims, or with 1 in their place.
///
/// Rows are in alphabetical order.
let reductions: [OperatorRow] = [
  .truth("_is_all_true"),
  .truth("_is_any_true"),
  OperatorRow("all", truthReduction),
  .extremum("amax"),
  .extremum("amin"),
  OperatorRow("aminmax", aminmax),
  OperatorRow("any", truthReduction),
  OperatorRow("count_nonzero", countNonzero),
  OperatorRow("hash_tensor", hashTensor),
  OperatorRow("logsumexp", logsumexp),
  .whole("max.default"),
  OperatorRow("mean", mean),
  .whole("median.default"),
  .whole("min.default"),
  OperatorRow("nanmean", nanmean),
  .whole("nanmedian.default"),
  OperatorRow("nansum", nansum),
  .sum("prod"),
  OperatorRow("special_logsumexp", logsumexp),
  .sum("sum"),
]

extension OperatorRow {
  /// `name(self, [dim, keepdim], *, dtype)`: integers widen to int64 unless a dtype is given.
  static func sum(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      let given = try call.optionalDtype(call.reducing.takesDim ? 3 : 1)
      let dtype =
        given ?? call.reducing.outDtype(call.reducing.takesDim ? 4 : 2) ?? tensor.dtype.widenedInteger
      let keepdim = call.reducing.takesDim ? try call.bool(2) : false
      let dims = try call.reducing.reductionDims(call.reducing.takesDim ? 1 : .max, of: tensor)
      return .tensor(call.reducing.reducedByView(tensor, dims, keepdim: keepdim, dtype: dtype))
    }
  }

  /// `name(self, dim, keepdim)` over dims that must not be empty.
  static func extremum(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      let dims = try call.reducing.reductionDims(1, of: tensor)
      try call.reducing.requireElements(tensor, dims)
      return .tensor(
        call.reducing.reducedByView(tensor, dims, keepdim: try call.bool(2), dtype: tensor.dtype))
    }
  }

  /// Whether all or any elements of a tensor of truth values hold.
  ///
  /// - Source: `_is_all_true`, `_is_any_true`, `aten/src/ATen/native/ReduceOps.cpp`.
  static func truth(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      try call.require(tensor.dtype.isBool, "\(name) takes truth values, not \(tensor.dtype.name)")
      return .tensor(call.mode.tensor([], dtype: .bool, device: tensor.device))
    }
  }

  /// A reduction to a 0-dim tensor with the input's dtype.
  static func whole(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      return .tensor(call.mode.tensor([], dtype: tensor.dtype, device: tensor.device))
    }
  }
}

extension Reducing {
  /// The dtype of the `out` argument at `position`, which sums use if no other is given.
  fileprivate func outDtype(_ position: Int) -> ScalarType? { call[position].tensor?.dtype }
}

/// `any(Tensor self, [dim, keepdim]) -> Tensor`, and `all`: bool, and uint8 for uint8.
///
/// An empty list of dims reduces nothing and copies.
///
/// Source: `any`, `all`, `torch/_refs`.
@Sendable
private func truthReduction(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dtype: ScalarType = tensor.dtype == .uint8 ? .uint8 : .bool
  if call.reducing.takesDim, let dims = call[1].elements, dims.isEmpty {
    return .tensor(try call.pointwise([tensor], dtype: dtype))
  }
  let dims = try call.reducing.reductionDims(call.reducing.takesDim ? 1 : .max, of: tensor)
  let keepdim = call.reducing.takesDim ? try call.bool(2) : false
  // `any(x)` is `sum(bool(x)) != 0`, and `all(x)` is `not any(not x)`.
  let values = call.schema.name.base == "all" ? try call.negated(tensor) : tensor
  let truth = values.dtype.isBool ? values : try call.convertedCopy(values, .bool, nil, nil)
  let count = call.reducing.reducedByView(truth, dims, keepdim: keepdim, dtype: .int64)
  return .tensor(try call.pointwise([count], dtype: dtype, asking: .ones))
}

/// `aminmax(Tensor self, *, int? dim, bool keepdim) -> (Tensor min, Tensor max)`.
///
/// Source: `aminmax`, `torch/_decomp/decompositions.py`.
@Sendable
private func aminmax(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.reducing.reductionDims(1, of: tensor)
  let keepdim = try call.bool(2)
  try call.reducing.requireElements(tensor, dims)
  return .tuple(
    (0..<2).map { _ in
      .tensor(call.reducing.reducedByView(tensor, dims, keepdim: keepdim, dtype: tensor.dtype))
    })
}

/// `count_nonzero(Tensor self, int? dim) -> Tensor`, `count_nonzero.dim_IntList`: int64, without `dim`.
@Sendable
private func countNonzero(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.reducing.reductionDims(1, of: tensor)
  // Compared with 0, and the truth values are added.
  if call.shapes.isOpenWhetherOne(tensor.sizes) {
    call.askWhetherDense(try call.pointwise([tensor], dtype: .bool, asking: .ones))
  }
  return .tensor(call.reducing.reduced(tensor, dims, keepdim: false, dtype: .int64))
}

/// `hash_tensor(Tensor self, int[1] dim, *, bool keepdim, int mode) -> Tensor`: uint64.
///
/// - Guards: specializes the sizes; PyTorch's kernel for this operator does not support symbols.
/// - Source: `TORCH_META_FUNC(hash_tensor)`, `aten/src/ATen/native/ReduceOps.cpp`.
@Sendable
private func hashTensor(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.reducing.reductionDims(1, of: tensor)
  if try call.isEqual(call.shapes.geometry.numel(tensor), 0) {
    let namesDims = call[1].elements?.isEmpty == false
    for dim in dims {
      let isEmpty = try call.isEqual(call.sizeOrOne(tensor, dim), 0)
      try call.require(
        namesDims && !isEmpty, "hash_tensor: Expected reduction dim \(dim) to have non-zero size.")
    }
  }
  for size in tensor.sizes { _ = try call.evaluateInt(size) }
  return .tensor(call.reducing.reduced(tensor, dims, keepdim: try call.bool(2), dtype: .uint64))
}

/// `logsumexp(Tensor self, int[1] dim, bool keepdim) -> Tensor`: integers become the default float.
///
/// - Guards: `Eq(numel, 0)`; if the tensor has elements, no reduced dim is empty.
/// - Source: `logsumexp`, `torch/_refs`.
@Sendable
private func logsumexp(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let isEmpty = try call.isEqual(call.shapes.geometry.numel(tensor), 0)
  let dims = try call.reducing.reductionDims(1, of: tensor)
  let keepdim = try call.bool(2)
  let dtype = tensor.dtype.isIntegral || tensor.dtype.isBool ? .float32 : tensor.dtype
  if !isEmpty {
    try call.reducing.requireElements(tensor, dims)
    // The maxima are subtracted.
    call.ask(.onesAndLayout, of: tensor)
    // With an empty list of dims, the maxima, and so the sum they are added to, keep all dims.
    if call[1].elements?.isEmpty == true {
      return .tensor(call.reducing.reduced(tensor, dims, keepdim: true, dtype: dtype))
    }
  }
  return .tensor(call.reducing.reduced(tensor, dims, keepdim: keepdim, dtype: dtype))
}

/// `mean(Tensor self, [dim, keepdim], *, ScalarType? dtype) -> Tensor`: floats only.
///
/// Source: `mean`, `torch/_refs`.
@Sendable
func mean(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let given = try call.optionalDtype(call.reducing.takesDim ? 3 : 1)
  let dims = try call.reducing.reductionDims(call.reducing.takesDim ? 1 : .max, of: tensor)
  let dtype = given ?? tensor.dtype
  try call.require(
    dtype.isFloatingPoint || dtype.isComplex,
    "mean(): could not infer output dtype. \(given == nil ? "Input" : "Optional") dtype must be either "
      + "a floating point or complex dtype. Got: \(dtype.name)")
  try call.reducing.countMean(tensor, dims, dtype)
  let keepdim = call.reducing.takesDim ? try call.bool(2) : false
  return .tensor(try call.reducing.mean(tensor, dims, keepdim: keepdim, dtype: dtype))
}

extension Reducing {
  /// A sum divided by a number.
  func mean(_ tensor: FakeTensor, _ dims: [Int], keepdim: Bool, dtype: ScalarType) throws -> FakeTensor {
    let sum = reducedByView(tensor, dims, keepdim: keepdim, dtype: dtype, isConverted: false)
    return try call.pointwise([sum], dtype: dtype, computing: dtype.computationType, asking: .ones)
  }

  /// Specializes the count of a complex mean, by which PyTorch divides as a complex number.
  func countMean(_ tensor: FakeTensor, _ dims: [Int], _ dtype: ScalarType) throws {
    guard dtype.isComplex else { return }
    _ = try call.evaluateInt(shapes.product(dims.map { tensor.sizes[$0] }))
  }
}

/// `nanmean(Tensor self, int[1]? dim, bool keepdim, *, ScalarType? dtype) -> Tensor`: `nansum` divided by a
/// count.
///
/// An empty list of dims means none for the sum and all for the count.
///
/// Source: `nanmean`, `aten/src/ATen/native/ReduceOps.cpp`.
@Sendable
private func nanmean(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.require(
    tensor.dtype.isFloatingPoint || tensor.dtype.isComplex,
    "nanmean(): expected input to have floating point or complex dtype but got \(tensor.dtype.name)")
  let keepdim = try call.bool(2)
  let dtype = try call.optionalDtype(3) ?? tensor.dtype
  try call.require(
    dtype.isFloatingPoint || dtype.isComplex,
    "nanmean(): could not infer output dtype. Optional dtype must be either a floating point or complex dtype. "
      + "Got: \(dtype.name)")
  let dims = try call.reducing.reductionDims(1, of: tensor, emptyMeansAll: false)
  let sum = call.reducing.reduced(tensor, dims, keepdim: keepdim, dtype: dtype)
  let counted = try call.reducing.reductionDims(1, of: tensor)
  let count = call.reducing.reducedByView(tensor, counted, keepdim: keepdim, dtype: .int64)
  return .tensor(try call.elementwise(sum, count, kind: .intToFloat))
}

/// `nansum(Tensor self, int[1]? dim, bool keepdim, *, ScalarType? dtype) -> Tensor`.
///
/// An empty list of dims reduces nothing up to PyTorch 2.14, everything since.
///
/// Source: `meta_nansum`, `torch/_meta_registrations.py`.
@Sendable
private func nansum(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.reducing.reductionDims(1, of: tensor, emptyMeansAll: call.has(.nansumReducesAll))
  let dtype = try call.optionalDtype(3) ?? tensor.dtype.widenedInteger
  return .tensor(call.reducing.reduced(tensor, dims, keepdim: try call.bool(2), dtype: dtype))
}
