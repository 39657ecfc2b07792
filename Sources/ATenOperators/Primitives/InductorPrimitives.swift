import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Primitives that Inductor's passes put into graphs.
///
/// Rows are in alphabetical order. Source: `torch/_inductor/inductor_prims.py`, v2.13.
let inductorPrimitives: [OperatorRow] = [
  OperatorRow(
    "prims._low_memory_max_pool_offsets_to_indices",
    schema: """
      prims::_low_memory_max_pool_offsets_to_indices(Tensor self, SymInt[] kernel_size, SymInt[] input_size, \
      SymInt[] stride, SymInt[] padding, SymInt[] dilation) -> Tensor
      """
  ) { call in
    let offsets = try call.tensor(0)
    return .tensor(
      call.mode.tensor(
        offsets.sizes, strides: call.shapes.elementwiseStrides([offsets], offsets.sizes), dtype: .int64,
        device: offsets.device))
  },
  OperatorRow(
    "prims._low_memory_max_pool_with_offsets",
    schema: """
      prims::_low_memory_max_pool_with_offsets(Tensor self, SymInt[] kernel_size, SymInt[] stride, \
      SymInt[] padding, SymInt[] dilation, bool ceil_mode) -> (Tensor, Tensor)
      """, lowMemoryMaxPool),
  OperatorRow("prims.fma", schema: "prims::fma(Tensor a, Tensor b, Tensor c) -> Tensor") { call in
    try call.aten("add.Tensor", try call.aten("mul.Tensor", call[0], call[1]), call[2])
  },
  OperatorRow(
    "prims.inductor_force_stride_order",
    schema: "prims::inductor_force_stride_order(Tensor input, SymInt[] stride) -> Tensor"
  ) { call in
    let input = try call.tensor(0)
    let strides = try call.symInts(1)
    if input.strides == strides { return .tensor(input) }
    return .tensor(call.mode.tensor(input.sizes, strides: strides, dtype: input.dtype, device: input.device))
  },
  OperatorRow(
    "prims.inductor_lookup_seed", schema: "prims::inductor_lookup_seed(Tensor seeds, int index) -> Tensor"
  ) { call in
    let seeds = try call.tensor(0)
    return .tensor(call.mode.tensor([], dtype: seeds.dtype, device: seeds.device))
  },
  OperatorRow(
    "prims.inductor_randint",
    schema: "prims::inductor_randint(SymInt low, SymInt high, SymInt[] size, Tensor seed) -> Tensor"
  ) { call in
    .tensor(call.mode.tensor(try call.symInts(2), dtype: .int64, device: try call.tensor(3).device))
  },
  OperatorRow(
    "prims.inductor_random",
    schema: """
      prims::inductor_random(SymInt[] size, Tensor seed, str mode, *, ScalarType? align_dtype=None) -> Tensor
      """
  ) { call in
    .tensor(call.mode.tensor(try call.symInts(0), dtype: .float32, device: try call.tensor(1).device))
  },
  OperatorRow("prims.inductor_seed", schema: "prims::inductor_seed(Device device) -> Tensor") { call in
    .tensor(call.mode.tensor([], dtype: .int64, device: try call.optionalDevice(0) ?? .cpu))
  },
  OperatorRow("prims.inductor_seeds", schema: "prims::inductor_seeds(int count, Device device) -> Tensor") {
    call in
    .tensor(
      call.mode.tensor([try call.symInt(0)], dtype: .int64, device: try call.optionalDevice(1) ?? .cpu))
  },
  OperatorRow(
    "prims.prepare_softmax_online",
    schema: "prims::prepare_softmax_online(Tensor a, int dim) -> (Tensor, Tensor)"
  ) { call in
    let dims = FakeValue.list([call[1]])
    let largest = try call.aten("amax.default", call[0], dims, .bool(true))
    let rest = try call.aten("exp.default", try call.aten("sub.Tensor", call[0], largest))
    return .tuple([largest, try call.aten("sum.dim_IntList", rest, dims, .bool(true))])
  },
]

/// The maxima of windows, and where in its window each one is, in eight bits.
@Sendable
private func lowMemoryMaxPool(_ call: OperatorCall) throws -> FakeValue {
  let spatial = try call.symInts(1).count
  try call.require(spatial == 2 || spatial == 3, "kernel_size must have 2 or 3 elements")
  let pooled = try call.aten(
    "max_pool\(spatial)d_with_indices.default", call[0], call[1], call[2], call[3], call[4], call[5])
  guard let items = pooled.elements, items.count == 2, let indices = items[1].tensor else {
    throw call.unsupported("max_pool\(spatial)d_with_indices returns two tensors")
  }
  let offsets = call.mode.tensor(
    indices.sizes, strides: call.shapes.elementwiseStrides([indices], indices.sizes), dtype: .int8,
    device: indices.device)
  return .tuple([items[0], .tensor(offsets)])
}
