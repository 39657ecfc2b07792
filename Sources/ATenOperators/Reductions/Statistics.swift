import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Quantiles and covariances.
///
/// Rows are in alphabetical order.
let statistics: [OperatorRow] = [
  OperatorRow("corrcoef", covariance),
  OperatorRow("cov", covariance),
  OperatorRow("nanquantile", quantile),
  OperatorRow("quantile", quantile),
]

/// `quantile(Tensor self, q, int? dim, bool keepdim, *, str interpolation) -> Tensor`, and `nanquantile`: the
/// input's sizes without `dim`, preceded by the size of a 1-dim `q`.
///
/// - Throws: a refusal for dtypes other than float32 and float64, and for an empty input.
/// - Guards: the reduced size is at most 2²⁴.
/// - Source: `quantile_checks`, `quantile_compute`, `aten/src/ATen/native/Sorting.cpp`.
@Sendable
private func quantile(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let keepdim = try call.bool(3)
  let shapes = call.shapes
  try call.check(
    shapes.gt(shapes.geometry.numel(tensor), 0), "\(call.schema.name.base)() input tensor must be non-empty")
  try call.require(
    tensor.dtype == .float32 || tensor.dtype == .float64,
    "\(call.schema.name.base)() input tensor must be either float or double dtype")
  let interpolation = try call.string(4)
  try call.require(
    ["linear", "lower", "higher", "midpoint", "nearest"].contains(interpolation),
    "\(call.schema.name.base)() interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
      + interpolation)
  var count: SymInt?
  if let points = call[1].tensor {
    try call.require(points.rank <= 1, "\(call.schema.name.base)() q must be a scalar or 1D tensor")
    try call.require(
      points.dtype == tensor.dtype,
      "\(call.schema.name.base)() q tensor must be same dtype as the input tensor")
    if points.rank == 1 { count = points.sizes[0] }
  } else {
    let point = try call.double(1)
    try call.require(
      point >= 0 && point <= 1, "\(call.schema.name.base)() q must be in the range [0, 1] but got \(point)")
  }
  let dims = try call.reducing.reductionDims(2, of: tensor)
  let length =
    call.isNone(2) ? shapes.geometry.numel(tensor) : dims.first.map { call.sizeOrOne(tensor, $0) } ?? 1
  try call.check(shapes.le(length, 16_777_216), "\(call.schema.name.base)() input tensor is too large")
  let sizes = call.reducing.reducedSizes(tensor.sizes, dims, keepdim: keepdim)
  guard let count else { return .tensor(call.newTensor(sizes, like: tensor)) }
  // The quantiles are computed along a new last dim, which is then moved to the front.
  let computed = call.newTensor(sizes.appending(count), like: tensor)
  let order = [sizes.count] + Array(0..<sizes.count)
  return .tensor(try call.permuted(computed, by: order))
}

/// `cov(Tensor self, *, int correction, Tensor? fweights, Tensor? aweights) -> Tensor`, and `corrcoef`.
///
/// PyTorch reads values (`equal`), so there is no fake result.
///
/// - Throws: a refusal for wrong arguments; `dataDependentOutput` otherwise.
/// - Source: `cov`, `aten/src/ATen/native/Correlation.cpp`.
@Sendable
private func covariance(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.require(
    tensor.rank <= 2,
    "cov(): expected input to have two or fewer dimensions but got an input with \(tensor.rank)")
  try call.require(!tensor.dtype.isBool, "cov(): bool dtype is not supported for input")
  for size in tensor.sizes { _ = try call.evaluateInt(size) }
  let observations = call.shapes.text(of: tensor.sizes.last ?? 1)
  for (position, name) in [(2, "fweights"), (3, "aweights")] {
    guard let weights = call[position].tensor else { continue }
    try call.require(weights.rank <= 1, "cov(): expected \(name) to have one or fewer dimensions")
    try call.require(
      name == "fweights" ? weights.dtype.isIntegral : weights.dtype.isFloatingPoint,
      "cov(): expected \(name) to have another dtype than \(weights.dtype.name)")
    try call.require(
      !call.shapes.geometry.numel(weights).isSymbolic,
      "Cannot call numel() on tensor with symbolic sizes/strides")
    try call.require(
      try call.isEqual(call.shapes.geometry.numel(weights), tensor.sizes.last ?? 1),
      "cov(): expected \(name) to have the same numel as there are observations in the input but got "
        + "\(call.shapes.text(of: call.shapes.geometry.numel(weights))) != \(observations)")
  }
  throw call.error(.dataDependentOutput)
}
