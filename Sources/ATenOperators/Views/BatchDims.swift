import FakeTensors
import SymbolicShapes

/// What `torch.vmap` leaves in programs that were exported and not decomposed: where a batch dim goes and comes back.
///
/// In between, operators see tensors without it. Rows are in alphabetical order.
///
/// Source: `torch/_functorch/predispatch.py`.
let batchDims: [OperatorRow] = [
  OperatorRow(
    "predispatch._add_batch_dim",
    schema: "predispatch::_add_batch_dim(Tensor(a) self, int batch_dim, int level) -> Tensor(a)", addBatchDim),
  OperatorRow(
    "predispatch._remove_batch_dim",
    schema:
      "predispatch::_remove_batch_dim(Tensor self, int level, SymInt batch_size, int out_dim) -> Tensor",
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

/// `_add_batch_dim(Tensor(a) self, int batch_dim, int level) -> Tensor(a)`: `self` without the dim.
@Sendable
private func addBatchDim(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.require(tensor.rank > 0, "vmap needs a dim to map over, and the tensor has none")
  let dim = try call.wrapped(call.int(1), rank: tensor.rank)
  var (sizes, strides) = (tensor.sizes, tensor.strides)
  sizes.remove(at: dim)
  strides.remove(at: dim)
  return .tensor(call.mode.view(of: tensor, sizes: sizes, strides: strides))
}

/// `_remove_batch_dim(Tensor self, int level, SymInt batch_size, int out_dim) -> Tensor`: the batch dim is outermost
/// in memory, as batching rules leave it, and comes back at `out_dim`.
@Sendable
private func removeBatchDim(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let size = try call.symInt(2)
  let dim = try call.wrapped(call.int(3), rank: tensor.rank + 1)
  let shapes = call.shapes
  let reach = shapes.product(tensor.sizes.map(shapes.geometry.atLeastOne))
  var (sizes, strides) = (tensor.sizes, tensor.strides)
  sizes.insert(size, at: dim)
  strides.insert(reach, at: dim)
  return .tensor(
    call.mode.tensor(sizes, strides: strides, dtype: tensor.dtype, device: tensor.device))
}
