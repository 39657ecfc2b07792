import FakeTensors
import SymbolicShapes

/// What `torch.vmap` leaves in programs that were exported and not decomposed: where a batch dim goes and comes back.
///
/// In between, tensors hide it: see `HiddenDim`. Rows are in alphabetical order.
///
/// Source: `torch/_functorch/predispatch.py`; `aten/src/ATen/functorch/LegacyBatchingRegistrations.cpp`.
let batchDims: [OperatorRow] = [
  OperatorRow(
    "predispatch._add_batch_dim",
    schema: "predispatch::_add_batch_dim(Tensor(a) self, int batch_dim, int level) -> Tensor(a)", addBatchDim),
  OperatorRow(
    "predispatch._remove_batch_dim",
    schema:
      "predispatch::_remove_batch_dim(Tensor(a) self, int level, SymInt batch_size, int out_dim) -> Tensor(a)",
    removeBatchDim),
  OperatorRow(
    "predispatch._vmap_decrement_nesting", schema: "predispatch::_vmap_decrement_nesting() -> int"
  ) { call in
    defer { call.mode.mapDepth = max(0, call.mode.mapDepth - 1) }
    return .int(call.mode.mapDepth)
  },
  OperatorRow(
    "predispatch._vmap_increment_nesting",
    schema: "predispatch::_vmap_increment_nesting(SymInt batch_size, str randomness) -> int"
  ) { call in
    call.mode.mapDepth += 1
    return .int(call.mode.mapDepth)
  },
  OperatorRow(
    "predispatch.lazy_load_decompositions", schema: "predispatch::lazy_load_decompositions() -> ()"
  ) { _ in .none },
]

/// `_add_batch_dim(Tensor(a) self, int batch_dim, int level) -> Tensor(a)`: a view that hides the dim.
@Sendable
private func addBatchDim(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.require(tensor.rank > 0, "vmap needs a dim to map over, and the tensor has none")
  let dim = try call.wrapped(call.int(1), rank: tensor.rank)
  let level = try call.int(2)
  var (sizes, strides) = (tensor.sizes, tensor.strides)
  let hidden = HiddenDim(level: level, size: sizes.remove(at: dim), stride: strides.remove(at: dim))
  let view = call.mode.view(of: tensor, sizes: sizes, strides: strides)
  view.hiddenDims = tensor.hiddenDims + [hidden]
  return .tensor(view)
}

/// `_remove_batch_dim(Tensor(a) self, int level, SymInt batch_size, int out_dim) -> Tensor(a)`: a view that shows the dim
/// at `out_dim`; a tensor without it is expanded.
@Sendable
private func removeBatchDim(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let level = try call.int(1)
  let dim = try call.wrapped(call.int(3), rank: tensor.rank + 1)
  let hidden = tensor.hiddenDims.first { $0.level == level }
  var (sizes, strides) = (tensor.sizes, tensor.strides)
  sizes.insert(try hidden?.size ?? call.symInt(2), at: dim)
  strides.insert(hidden?.stride ?? 0, at: dim)
  let view = call.mode.view(of: tensor, sizes: sizes, strides: strides)
  view.hiddenDims = tensor.hiddenDims.filter { $0.level != level }
  return .tensor(view)
}
