import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Reading and writing along one dim, or by flat position.
let gatherScatter: [OperatorRow] = [
  OperatorRow("gather") { call in
    let input = try call.tensor(0)
    try call.require(
      call[4].tensor?.storage != input.storage,
      "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory "
        + "location. Please clone() the tensor before performing the operation.")
    return .tensor(try gather(call, input, dim: call.int(1), call.tensor(2)))
  }.onOneDevice(),
  OperatorRow("gather_backward") { call in
    .tensor(try call.newEmpty(call.tensor(0), call.tensor(1).sizes))
  },
  OperatorRow("index_select") { call in
    .tensor(try indexSelect(call, call.tensor(0), dim: call.int(1), call.tensor(2)))
  }.onOneDevice(),
  OperatorRow("index_select_backward") { call in .tensor(try call.newEmpty(call.tensor(0), call.symInts(1)))
  },
  .scatter("scatter", reduce: ["add", "multiply"]),
  .scatter("scatter_add", reduce: []),
  .scatter("scatter_reduce", reduce: ["sum", "prod", "mean", "amax", "amin"]),
  OperatorRow("take") { .tensor(try take($0)) }.onOneDevice(),
  OperatorRow("take_along_dim") { .tensor(try takeAlongDim($0)) }.onOneDevice(.equal),
]

/// `gather(Tensor self, int dim, Tensor index, *, bool sparse_grad) -> Tensor`: the sizes of `index`.
///
/// - Throws: a refusal for an index that is not integral, has another rank, or is larger than `self` outside
///   `dim`; an empty index is always accepted.
/// - Source: `meta_gather`, `torch/_meta_registrations.py`.
func gather(_ call: OperatorCall, _ input: FakeTensor, dim: Int, _ index: FakeTensor) throws -> FakeTensor {
  let dim = try call.wrapped(dim, rank: input.rank)
  if !isEmptyForSure(call, index) {
    try call.require(
      index.dtype == .int64 || index.dtype == .int32,
      "gather(): Expected dtype int32/int64 for index, but got \(index.dtype.name)")
    try requireFits(call, index, into: input, "self", apartFrom: dim)
  }
  return call.newTensor(index.sizes, like: input)
}

private func isEmptyForSure(_ call: OperatorCall, _ index: FakeTensor) -> Bool {
  call.shapes.guardOrFalse(call.shapes.eq(call.shapes.geometry.numel(index), 0))
}

/// Requires that no size of `index` exceeds that of `other`; 0-dim tensors count as one element.
private func requireFits(
  _ call: OperatorCall, _ index: FakeTensor, into other: FakeTensor, _ name: String, apartFrom dim: Int?
) throws {
  try call.require(
    max(index.rank, 1) == max(other.rank, 1),
    "Index tensor must have the same number of dimensions as \(name) tensor")
  for position in 0..<max(other.rank, 1) where position != dim {
    let size = index.rank == 0 ? 1 : index.sizes[position]
    let limit = other.rank == 0 ? 1 : other.sizes[position]
    try call.check(
      call.shapes.le(size, limit),
      "Expected index \(call.shapes.shortText(of: index.sizes)) to be no larger than \(name) "
        + call.shapes.shortText(of: other.sizes) + (dim.map { " apart from dimension \($0)" } ?? ""))
  }
}

extension OperatorRow {
  /// `scatter*(Tensor self, int dim, Tensor index, Tensor src or Scalar value, [str reduce]) -> Tensor`: the sizes of
  /// `self`, contiguous.
  ///
  /// - Throws: a refusal for an index that is not integral or does not fit, for a different dtype of `src`, and for an
  ///   unknown `reduce`.
  /// - Source: `scatter_meta_impl`, `torch/_meta_registrations.py`.
  fileprivate static func scatter(_ name: String, reduce names: [String]) -> OperatorRow {
    OperatorRow(name) { call in
      let (input, index, source) = (try call.tensor(0), try call.tensor(2), call[3].tensor)
      let dim = try call.wrapped(call.int(1), rank: input.rank)
      if call.shapes.guardOrTrue(call.shapes.ne(call.shapes.geometry.numel(index), 0)) {
        try call.require(
          index.dtype == .int64 || index.dtype == .int32, "scatter(): Expected dtype int32/int64 for index")
      }
      if let source {
        try call.require(
          input.dtype == source.dtype, "scatter(): Expected self.dtype to be equal to src.dtype")
      }
      if !isEmptyForSure(call, index) {
        try requireFits(call, index, into: input, "self", apartFrom: dim)
        if let source { try requireFits(call, index, into: source, "src", apartFrom: nil) }
      }
      if !names.isEmpty, case .string(let reduce) = call[4] {
        try call.require(
          names.contains(reduce), "reduce argument must be one of \(names.joined(separator: ", "))")
      }
      return .tensor(call.mode.tensor(input.sizes, dtype: input.dtype, device: input.device))
    }.onOneDevice()
  }
}

/// `index_select(Tensor self, int dim, Tensor index) -> Tensor`: the size at `dim` becomes the number of
/// indices.
///
/// - Source: `index_select_out_cpu_` (`aten/src/ATen/native/TensorAdvancedIndexing.cpp`); `index_select`,
///   `torch/_refs/__init__.py`.
func indexSelect(
  _ call: OperatorCall, _ input: FakeTensor, dim: Int, _ index: FakeTensor
) throws -> FakeTensor {
  let dim = try call.wrapped(dim, rank: input.rank)
  var sizes = input.sizes
  if input.rank > 0 { sizes[dim] = call.shapes.geometry.numel(index) }
  return call.newTensor(sizes, like: input)
}

/// `take(Tensor self, Tensor index) -> Tensor`: the sizes of `index`.
///
/// - Throws: a refusal to take from an empty tensor; `dataDependent` if it is unknown whether it is empty.
/// - Source: `meta_take`, `torch/_meta_registrations.py`.
private func take(_ call: OperatorCall) throws -> FakeTensor {
  let (input, index) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    index.dtype == .int64, "take(): Expected a long tensor for index, but got \(index.dtype.name)")
  if try call.isEqual(call.shapes.geometry.numel(input), 0) {
    try call.require(
      try call.isEqual(call.shapes.geometry.numel(index), 0), "take(): tried to take from an empty tensor")
  }
  return call.newTensor(index.sizes, like: input)
}

/// Whether one stride visits all elements in order.
private func isFlat(_ shapes: ShapeEnv, _ tensor: FakeTensor) -> Bool {
  var outer: SymInt?
  for dim in tensor.sizes.indices.reversed() where !shapes.guardOrFalse(shapes.eq(tensor.sizes[dim], 1)) {
    if let outer, !shapes.guardOrFalse(shapes.eq(tensor.strides[dim], outer)) { return false }
    outer = shapes.mul(tensor.strides[dim], tensor.sizes[dim])
  }
  return true
}

/// `take_along_dim(Tensor self, Tensor indices, int? dim) -> Tensor`: `gather` with sizes broadcast outside
/// `dim`, or on the flattened tensors.
///
/// - Throws: a refusal if a flattened tensor cannot be viewed. With a dim, `dataDependent` for an unbacked size of the
///   broadcast `self`. (PyTorch specializes every other size to its hint here. Nothing requires that, so they stay
///   symbolic.)
/// - Source: `take_along_dim`, `aten/src/ATen/native/TensorAdvancedIndexing.cpp`, which reads plain integers.
private func takeAlongDim(_ call: OperatorCall) throws -> FakeTensor {
  let (input, indices) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    input.rank == indices.rank,
    "torch.take_along_dim(): input and indices should have the same number of dimensions, but got \(input.rank) "
      + "dimensions for input, and \(indices.rank) dimensions for indices")
  try call.require(
    indices.dtype.isIntegral,
    "torch.take_along_dim(): dtype of indices should be int but got \(indices.dtype.name)")
  guard let dim = try call.optionalInt(2) else {
    for tensor in [input, indices] {
      try call.require(
        call.shapes.geometry.isContiguous(tensor) || isFlat(call.shapes, tensor),
        "Cannot view a tensor with shape \(call.shapes.shortText(of: tensor.sizes)) and strides "
          + "\(call.shapes.shortText(of: tensor.strides)) as a flat tensor")
    }
    return try call.newEmpty(input, [call.shapes.geometry.numel(indices)])
  }
  let position = try call.wrapped(dim, rank: input.rank)
  try call.require(input.rank > 0, "Dimension specified as \(dim) but tensor has no dimensions")
  var (own, other) = (input.sizes, indices.sizes)
  own[position] = other[position]
  let picked = try call.broadcast(own, other)
  other[position] = input.sizes[position]
  let source = try call.broadcast(other, input.sizes)
  call.askWhetherOnes(indices.sizes)
  for size in source where call.shapes.isUnbacked(size) { _ = try call.evaluateInt(size) }
  let expanded = call.mode.view(of: input, sizes: source, strides: Sizes(repeating: 0, count: source.count))
  let index = call.mode.view(of: indices, sizes: picked, strides: Sizes(repeating: 0, count: picked.count))
  return try gather(call, expanded, dim: position, index)
}
