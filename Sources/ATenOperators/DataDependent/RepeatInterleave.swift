import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Repeated elements, and one-hot encodings of indices.
let repeatedElements: [OperatorRow] = [
  OperatorRow("one_hot") { .tensor(try oneHot($0)) },
  OperatorRow("repeat_interleave.self_Tensor") { .tensor(try repeatInterleaveByTensor($0)) }.onOneDevice(),
  OperatorRow("repeat_interleave.self_int") { .tensor(try repeatInterleaveByCount($0)) },
]

/// The sizes of `self` and the given dim; those of the flattened tensor if no dim is given.
private func dimOrFlat(_ call: OperatorCall) throws -> (sizes: Sizes, dim: Int) {
  let input = try call.tensor(0)
  guard let dim = try call.optionalInt(2) else { return ([call.shapes.geometry.numel(input)], 0) }
  let position = try call.wrapped(dim, rank: input.rank)
  return (input.rank == 0 ? [1] : input.sizes, position)
}

/// `repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim, *, SymInt? output_size) -> Tensor`: the size
/// at `dim` becomes `output_size`, otherwise a fresh symbol.
///
/// - Throws: a refusal unless `repeats` has one entry per element, or a single one.
/// - Source: `repeat_interleave_symint`, `aten/src/ATen/native/Repeat.cpp`.
private func repeatInterleaveByTensor(_ call: OperatorCall) throws -> FakeTensor {
  let (input, repeats) = (try call.tensor(0), try call.tensor(1))
  let (sizes, dim) = try dimOrFlat(call)
  try call.require(repeats.rank <= 1, "repeats must be 0-dim or 1-dim tensor")
  if repeats.rank == 1, !call.shapes.guardOrFalse(call.shapes.eq(repeats.sizes[0], 1)) {
    try call.require(
      try call.isEqual(repeats.sizes[0], sizes[dim]), "repeats must have the same size as input along dim")
  }
  let index = try repeatInterleaveIndex(call, repeats: repeats, outputSize: call.optionalSymInt(3))
  var result = sizes
  result[dim] = index.sizes[0]
  return try call.newEmpty(input, result)
}

/// `repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim, *, SymInt? output_size) -> Tensor`: the
/// size at `dim` is multiplied by `repeats`.
///
/// - Source: `repeat_interleave_symint`, `aten/src/ATen/native/Repeat.cpp`.
private func repeatInterleaveByCount(_ call: OperatorCall) throws -> FakeTensor {
  let (input, repeats) = (try call.tensor(0), try call.symInt(1))
  var (sizes, dim) = try dimOrFlat(call)
  if call.shapes.isOpenWhetherOne(input.sizes) {
    _ = try call.views.unsqueeze(try call[2].isNone ? call.reshaped(input, to: [-1]) : input, -1)
  }
  if let constant = repeats.constant { try call.require(constant >= 0, "Repeats must be non-negative") }
  let count = call.shapes.mul(sizes[dim], repeats)
  if let outputSize = try call.optionalSymInt(3) {
    try call.check(
      call.shapes.eq(outputSize, count),
      "repeat_interleave: Invalid output_size, expected \(call.shapes.text(of: count)) but got "
        + call.shapes.text(of: outputSize))
  }
  sizes[dim] = count
  return try call.newEmpty(input, sizes)
}

/// `one_hot(Tensor self, int num_classes) -> Tensor`: `[…, classes]`, the new dim last.
///
/// - Throws: `dataDependentOutput` or `dataDependent` if the number of classes must be inferred from the data.
/// - Source: `one_hot`, `torch/_decomp/decompositions.py`.
private func oneHot(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  try call.require(input.dtype == .int64, "one_hot is only applicable to index tensor of type LongTensor.")
  var classes = try call.int(1)
  if classes == -1 {
    guard call.mode.allowsDynamicOutputs else { throw call.error(.dataDependentOutput) }
    classes = try call.evaluateInt(call.shapes.add(call.shapes.createUnbackedInt(), 1))
  }
  try call.require(classes >= 0, "Class values must be smaller than num_classes.")
  let column = call.mode.view(
    of: input, sizes: Sizes(Array(input.sizes) + [1]), strides: Sizes(Array(input.strides) + [1]))
  let range = call.mode.tensor([SymInt(classes)], dtype: input.dtype, device: input.device)
  return try call.pointwise([column, range], dtype: .int64)
}
