import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Counts of elements in bins.
let histograms: [OperatorRow] = [
  OperatorRow("_histogramdd_bin_edges") { .list(try binEdges($0)) },
  OperatorRow("_histogramdd_from_bin_cts") { call in
    let bins = try call.ints(1)
    return .tensor(try histogramOfBins(call, Sizes(bins.map { SymInt($0) }), weight: call.optionalTensor(3)))
  },
  OperatorRow("_histogramdd_from_bin_tensors") { call in
    .tensor(try histogramOfEdges(call, call.tensors(1), weight: call.optionalTensor(2)))
  },
  OperatorRow("histc") { .tensor(try histc($0)) },
  OperatorRow("histogram") { .tuple(try histogram($0)) },
  OperatorRow("histogramdd") { .tuple(try histogramdd($0)) },
]

/// `histc(Tensor self, int bins, Scalar min, Scalar max) -> Tensor`: `[bins]`.
///
/// - Throws: a refusal for integers on the CPU, `bins < 1`, or `max < min`.
/// - Source: `meta_histc`, `torch/_meta_registrations.py`.
private func histc(_ call: OperatorCall) throws -> FakeTensor {
  let (input, bins) = (try call.tensor(0), try call.int(1))
  try call.require(
    input.dtype.isFloatingPoint || input.device.type != .cpu,
    "\"histogram_cpu\" not implemented for '\(input.dtype.name)'")
  try call.require(bins > 0, "histc(): bins must be > 0, but got \(bins)")
  // No comparison with a NaN is an error.
  if call[2].knownDouble?.isNaN != true, call[3].knownDouble?.isNaN != true {
    let (low, high) = (try call.numbers.number(2), try call.numbers.number(3))
    let isOrdered =
      call[3].isSymbolic ? call.numbers.comparison(.ge, high, low) : call.numbers.comparison(.le, low, high)
    try call.check(isOrdered, "histc(): max must be larger than min")
  }
  return try call.newEmpty(input, [SymInt(bins)])
}

/// `histogram(Tensor self, int or Tensor bins, *, float[]? range, Tensor? weight, bool density) -> (hist,
/// edges)`: `[bins]`, `[bins + 1]`.
///
/// - Source: `histogram_check_inputs`, `aten/src/ATen/native/Histogram.cpp`.
private func histogram(_ call: OperatorCall) throws -> [FakeValue] {
  try call.requireConcreteArguments()
  let input = try call.tensor(0)
  try call.require(
    input.dtype.isFloatingPoint, "\"histogram\" not implemented for '\(input.dtype.name)'")
  if case .tensor(let edges) = call[1] {
    return [
      .tensor(try histogramOfEdges(call, [edges], weight: call.optionalTensor(2), isFlat: true)),
      .tensor(call.mode.tensor(edges.sizes, dtype: edges.dtype, device: edges.device)),
    ]
  }
  let bins = SymInt(try call.int(1))
  if let range = call[2].elements, range.count == 2, case .float(let low) = range[0],
    case .float(let high) = range[1]
  {
    try call.require(low <= high, "min should not exceed max, but got min \(low) max \(high)")
  }
  return [
    .tensor(try histogramOfBins(call, [bins], weight: call.optionalTensor(3), isFlat: true)),
    .tensor(try call.newEmpty(input, [call.shapes.add(bins, 1)])),
  ]
}

/// `histogramdd(Tensor self, int[] or int or Tensor[] bins, …) -> (hist, edges)`.
private func histogramdd(_ call: OperatorCall) throws -> [FakeValue] {
  let weight = try call.optionalTensor(3)
  if let edges = try? call.tensors(1), !edges.isEmpty {
    return [.tensor(try histogramOfEdges(call, edges, weight: weight)), .list(edges.map { .tensor($0) })]
  }
  let bins = try binCounts(call)
  return [.tensor(try histogramOfBins(call, Sizes(bins), weight: weight)), .list(try binEdges(call))]
}

/// The number of bins of each dimension; a single number applies to all.
private func binCounts(_ call: OperatorCall) throws -> [SymInt] {
  if case .symInt(let bins) = call[1] {
    guard let count = try call.tensor(0).sizes.last.map(call.evaluateInt) else { return [bins] }
    try call.require((0...64).contains(count), "histogramdd(): the last size of the input must be at most 64")
    return Array(repeating: bins, count: count)
  }
  return try call.ints(1).map { SymInt($0) }
}

/// `_histogramdd_bin_edges(Tensor self, int[] bins, …) -> Tensor[]`: `[bins + 1]` per dimension.
///
/// - Source: `meta_histogramdd_bin_edges`, `torch/_meta_registrations.py` of 2.15; older versions run the kernel.
private func binEdges(_ call: OperatorCall) throws -> [FakeValue] {
  try requireKernel(call)
  let (input, bins) = (try call.tensor(0), try binCounts(call))
  try requirePoints(call, input, dimensions: bins.count)
  return try bins.map { bins in
    .tensor(try call.newEmpty(input, [call.shapes.add(bins, 1)]))
  }
}

private func histogramOfBins(
  _ call: OperatorCall, _ bins: Sizes, weight: FakeTensor?, isFlat: Bool = false
) throws -> FakeTensor {
  try requireKernel(call, isFlat: isFlat)
  let input = try call.tensor(0)
  if isFlat || !call.has(.histogramsOfSymbols) {
    for bins in bins { try call.require(bins.isKnown { $0 > 0 }, "bins must be > 0") }
  }
  if !isFlat { try requirePoints(call, input, dimensions: bins.count) }
  try requireWeight(call, input, weight, isFlat: isFlat)
  return try call.newEmpty(input, bins)
}

private func histogramOfEdges(
  _ call: OperatorCall, _ edges: [FakeTensor], weight: FakeTensor?, isFlat: Bool = false
) throws -> FakeTensor {
  try requireKernel(call, isFlat: isFlat)
  let input = try call.tensor(0)
  if !isFlat { try requirePoints(call, input, dimensions: edges.count) }
  try requireWeight(call, input, weight, isFlat: isFlat)
  var sizes = Sizes()
  for edge in edges {
    if !isFlat, call.has(.histogramsOfSymbols) {
      sizes.append(call.shapes.sub(call.shapes.geometry.numel(edge), 1))
      continue
    }
    try call.require(edge.rank == 1, "bins tensor should have one dimension, but got \(edge.rank) dimensions")
    try call.require(edge.dtype == input.dtype, "input tensor and bins tensors should have the same dtype")
    try call.require(edge.sizes[0].isKnown { $0 > 0 }, "bins tensor should have at least one element")
    sizes.append(call.shapes.sub(edge.sizes[0], 1))
  }
  return try call.newEmpty(input, sizes)
}

/// Requires that the last size of `input` is the number of dimensions.
private func requirePoints(_ call: OperatorCall, _ input: FakeTensor, dimensions: Int) throws {
  try call.require(input.rank >= 2, "input tensor should have at least 2 dimensions, but got \(input.rank)")
  try call.check(
    call.shapes.eq(input.sizes[input.rank - 1], SymInt(dimensions)),
    "expected \(dimensions) sequences of bin edges for a \(call.shapes.shortText(of: input.sizes)) input tensor"
  )
}

/// Refuses symbolic sizes where PyTorch runs the kernel.
private func requireKernel(_ call: OperatorCall, isFlat: Bool = false) throws {
  if isFlat || !call.has(.histogramsOfSymbols) { try call.requireConcreteArguments() }
}

/// Requires that `weight` has the dtype of `input` and one element per point.
private func requireWeight(
  _ call: OperatorCall, _ input: FakeTensor, _ weight: FakeTensor?, isFlat: Bool
) throws {
  guard let weight, isFlat || !call.has(.histogramsOfSymbols) else { return }
  let points = isFlat ? [call.shapes.geometry.numel(input)] : Sizes(input.sizes.dropLast())
  try call.require(
    (isFlat ? [call.shapes.geometry.numel(weight)] : weight.sizes) == points,
    "if weight tensor is provided it should have the same shape as the input tensor without its last dim")
  try call.require(
    weight.dtype == input.dtype, "if weight tensor is provided, input and weight should have the same dtype")
}
