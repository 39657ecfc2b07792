import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Operators that repeat, shift or flip elements along dims.
///
/// Rows are in alphabetical order.
let repetition: [OperatorRow] = [
  OperatorRow("flip") { call in .tensor(try call.views.flip(call.tensor(0), call.ints(1))) },
  OperatorRow("fliplr") { call in
    let tensor = try call.tensor(0)
    try call.require(tensor.rank >= 2, "Input must be >= 2-d.")
    return .tensor(try call.views.flip(tensor, [1]))
  },
  OperatorRow("flipud") { call in
    let tensor = try call.tensor(0)
    try call.require(tensor.rank >= 1, "Input must be >= 1-d.")
    return .tensor(try call.views.flip(tensor, [0]))
  },
  OperatorRow("repeat") { call in .tensor(try call.views.repeated(call.tensor(0), call.symInts(1))) },
  OperatorRow("roll", roll),
  OperatorRow("rot90", rot90),
  OperatorRow("tile") { call in
    let (tensor, repeats) = (try call.tensor(0), try call.symInts(1))
    let missing = [SymInt](repeating: 1, count: max(0, tensor.rank - repeats.count))
    return .tensor(try call.views.repeated(tensor, Sizes(missing + Array(repeats))))
  },
]

extension Views {
  /// `flip(Tensor self, int[] dims) -> Tensor`: with the strides of an elementwise result.
  func flip(_ tensor: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    _ = try call.wrapped(dims, rank: tensor.rank)
    let strides = shapes.geometry.elementwiseStrides([tensor], tensor.sizes)
    return mode.tensor(tensor.sizes, strides: strides, dtype: tensor.dtype, device: tensor.device)
  }

  /// `repeat(Tensor self, SymInt[] repeats) -> Tensor`: `out.size(i) = self.size(i) · repeats[i]`,
  /// contiguous; missing leading dims count as 1.
  ///
  /// - Throws: a refusal for fewer repeats than dims, or negative ones.
  /// - Source: `meta_repeat`, `torch/_meta_registrations.py`.
  func repeated(_ tensor: FakeTensor, _ repeats: Sizes) throws -> FakeTensor {
    let lead = repeats.count - tensor.rank
    try call.require(
      lead >= 0,
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    var sizes = repeats
    for (dim, count) in repeats.enumerated() {
      try call.check(
        shapes.ge(count, 0), "Repeats cannot be negative, found \(shapes.text(of: count)) at index \(dim)")
      if dim >= lead { sizes[dim] = shapes.mul(tensor.sizes[dim - lead], count) }
    }
    return mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
  }
}

/// `roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor`: contiguous; a copy if there are no elements; without
/// dims a view of the rolled flat tensor.
///
/// - Throws: a refusal if the shifts do not match the dims.
/// - Guards: whether the tensor is empty; whether a rolled dim has one element.
/// - Source: `roll`, `torch/_refs`.
@Sendable
private func roll(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, shifts, dims) = (try call.tensor(0), try call.symInts(1), try call.ints(2))
  for dim in dims { _ = try call.wrapped(dim, rank: tensor.rank) }
  if try call.isEqual(call.shapes.geometry.numel(tensor), 0) { return .tensor(try call.clone(tensor)) }
  try call.require(tensor.rank > 0 || dims.isEmpty, "Dimension specified as 0 but tensor has no dimensions")
  try call.require(!shifts.isEmpty, "`shifts` required")
  try call.require(
    shifts.count == dims.count || (dims.isEmpty && shifts.count == 1),
    "shifts and dimensions must align. shifts: \(shifts.count), dims: \(dims.count)")
  if dims.isEmpty {
    let flat = try call.views.flatten(tensor, 0, -1)
    try askAboutIndices(call, flat.sizes[0])
    return .tensor(try call.views.view(call.newTensor(flat.sizes, like: flat), tensor.sizes))
  }
  for dim in dims { try askAboutIndices(call, tensor.sizes[try call.wrapped(dim, rank: tensor.rank)]) }
  return .tensor(call.mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device))
}

/// Asks what the sum of a number and the indices of a dim asks.
private func askAboutIndices(_ call: OperatorCall, _ length: SymInt) throws {
  guard length.isSymbolic else { return }
  _ = try call.pointwise([call.mode.tensor([length], dtype: .int64)], dtype: .int64, isFast: true)
}

/// `rot90(Tensor self, int k=1, int[] dims=[0,1]) -> Tensor`: flipped and transposed; a contiguous copy for
/// `k % 4 == 0`.
///
/// - Source: `rot90`, `torch/_refs`.
@Sendable
private func rot90(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, turns, dims) = (try call.tensor(0), try call.int(1), try call.ints(2))
  try call.require(dims.count == 2, "expected total rotation dims == 2, but got dims = \(dims.count)")
  try call.require(tensor.rank >= 2, "expected total dims >= 2, but got total dims = \(tensor.rank)")
  let (a, b) = (try call.wrapped(dims[0], rank: tensor.rank), try call.wrapped(dims[1], rank: tensor.rank))
  try call.require(a != b, "expected rotation dims to be different, but got dim0 = \(a) and dim1 = \(b)")
  switch turns & 3 {
  case 1: return .tensor(try call.views.transpose(call.views.flip(tensor, [b]), a, b))
  case 2: return .tensor(try call.views.flip(tensor, [a, b]))
  case 3: return .tensor(try call.views.transpose(call.views.flip(tensor, [a]), a, b))
  default: return .tensor(try call.clone(tensor, .contiguous))
  }
}
