import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// The metadata of a tensor, as numbers: sizes, strides, offset, rank.
///
/// Rows are in alphabetical order.
let symbolicSizes: [OperatorRow] = [
  OperatorRow("dim") { call in .int(try call.tensor(0).rank) },
  OperatorRow("is_same_size", isSameSize),
  OperatorRow("numel") { call in .symInt(call.shapes.geometry.numel(try call.concreteTensor())) },
  OperatorRow("size") { call in .sizes(try call.tensor(0).sizes) },
  OperatorRow("size.int") { call in
    _ = try call.concreteTensor()
    return try call.entry(of: \.sizes)
  },
  OperatorRow("storage_offset") { call in .symInt(try call.tensor(0).storageOffset) },
  OperatorRow("stride") { call in .sizes(try call.tensor(0).strides) },
  OperatorRow("stride.int") { call in
    _ = try call.concreteTensor()
    return try call.entry(of: \.strides)
  },
  OperatorRow("sym_numel") { call in .symInt(call.shapes.geometry.numel(try call.tensor(0))) },
  OperatorRow("sym_size") { call in .sizes(try call.tensor(0).sizes) },
  OperatorRow("sym_size.int") { call in try call.entry(of: \.sizes) },
  OperatorRow("sym_storage_offset") { call in .symInt(try call.tensor(0).storageOffset) },
  OperatorRow("sym_stride") { call in .sizes(try call.tensor(0).strides) },
  OperatorRow("sym_stride.int") { call in try call.entry(of: \.strides) },
]

extension OperatorCall {
  /// The tensor at position 0, with concrete sizes and strides: operators without `sym_` in their name return plain
  /// numbers.
  fileprivate func concreteTensor() throws -> FakeTensor {
    let tensor = try tensor(0)
    try require(
      !FakeValue.tensor(tensor).isSymbolic,
      "Cannot call \(schema.name.base)() on tensor with symbolic sizes/strides")
    return tensor
  }

  /// `sym_size.int(Tensor self, int dim) -> SymInt` and its variants: the entry of `dim`.
  ///
  /// - Throws: a refusal if the tensor has no such dim.
  fileprivate func entry(of numbers: KeyPath<FakeTensor, Sizes>) throws -> FakeValue {
    let tensor = try tensor(0)
    let dim = try int(1)
    try require(tensor.rank > 0, "Dimension specified as \(dim) but tensor has no dimensions")
    return .symInt(tensor[keyPath: numbers][try wrapped(dim, rank: tensor.rank)])
  }
}

/// `is_same_size(Tensor self, Tensor other) -> bool`.
///
/// Source: `is_same_size`, `torch/_decomp/decompositions.py`.
@Sendable
private func isSameSize(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0).sizes, try call.tensor(1).sizes)
  guard a.count == b.count else { return .bool(false) }
  for (x, y) in zip(a, b) where try !call.isEqual(x, y) { return .bool(false) }
  return .bool(true)
}
