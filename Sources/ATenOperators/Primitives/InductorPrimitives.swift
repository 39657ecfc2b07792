import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Primitives that Inductor puts into the graphs it compiles.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/_inductor/inductor_prims.py`; `torch/_prims/rng_prims.py`.
let inductorPrimitives: [OperatorRow] = [
  OperatorRow("inductor._alloc_from_pool") { call in
    let pool = try call.tensor(0)
    return .tensor(
      call.mode.view(
        of: pool, sizes: try call.symInts(3), strides: try call.symInts(4), offset: 0,
        dtype: try call.dtype(2)))
  },
  OperatorRow("inductor._reinterpret_tensor") { call in
    let base = try call.tensor(0)
    return .tensor(
      call.mode.view(
        of: base, sizes: try call.symInts(1), strides: try call.symInts(2),
        offset: call.shapes.add(base.storageOffset, try call.symInt(3))))
  },
  OperatorRow("inductor.accumulate_grad_") { _ in .none },
  OperatorRow("inductor.resize_storage_bytes_") { call in
    call.mode.noteMutation(of: try call.tensor(0))
    return .none
  },
  OperatorRow("inductor_prims.inductor_reserve_rng_state") { call in
    let state = { call.mode.tensor([], dtype: .int64) }
    return .tensors(state(), state(), state())
  },
  OperatorRow("prims._low_memory_max_pool_offsets_to_indices") { call in
    let offsets = try call.tensor(0)
    return .tensor(call.emptyLike(offsets, dtype: .int64))
  },
  OperatorRow("prims._low_memory_max_pool_with_offsets") { call in
    let name = try call.symInts(1).count == 3 ? "max_pool3d_with_indices" : "max_pool2d_with_indices"
    let pooled = try call.aten("\(name).default", call[0], call[1], call[2], call[3], call[4], call[5])
    guard let results = pooled.elements, results.count == 2, let indices = results[1].tensor else {
      return pooled
    }
    return .tuple([results[0], .tensor(call.emptyLike(indices, dtype: .int8))])
  },
  OperatorRow("prims._unsafe_index_put_") { call in
    try call.aten("index_put_.default", call[0], call[1], call[2], call[3])
  },
  OperatorRow("prims.fma") { call in .tensor(try call.pointwise(0..<3)) },
  OperatorRow("prims.inductor_cvt_e8m0_rceil") { call in
    .tensor(call.emptyLike(try call.tensor(0), dtype: .uint8))
  },
  OperatorRow("prims.inductor_force_stride_order") { call in
    let input = try call.tensor(0)
    let strides = try call.symInts(1)
    try call.require(strides.count == input.rank, "a stride for each dim is needed, got \(strides.count)")
    return .tensor(
      call.mode.tensor(input.sizes, strides: strides, dtype: input.dtype, device: input.device))
  },
  OperatorRow("prims.inductor_lookup_seed") { call in
    let seeds = try call.tensor(0)
    try call.require(seeds.rank == 1, "the seeds must have one dim, got \(seeds.rank)")
    return .tensor(call.newTensor([], like: seeds))
  },
  OperatorRow("prims.inductor_rand_eager_offset") { call in
    .tensor(call.mode.tensor([2], dtype: .int64, device: try call.device(1)))
  },
  OperatorRow("prims.inductor_rand_eager_offsets") { call in
    .tensor(
      call.mode.tensor([SymInt(try call.symInts(0).count), 2], dtype: .int64, device: try call.device(1)))
  },
  OperatorRow("prims.inductor_randint") { call in
    .tensor(call.mode.tensor(try call.symInts(2), dtype: .int64, device: try call.tensor(3).device))
  },
  OperatorRow("prims.inductor_random") { call in
    .tensor(call.mode.tensor(try call.symInts(0), dtype: .float32, device: try call.tensor(1).device))
  },
  OperatorRow("prims.inductor_seed") { call in
    .tensor(call.mode.tensor([], dtype: .int64, device: try call.device(0)))
  },
  OperatorRow("prims.inductor_seeds") { call in
    .tensor(call.mode.tensor([try call.symInt(0)], dtype: .int64, device: try call.device(1)))
  },
  OperatorRow("prims.prepare_softmax_online") { call in
    let (input, dim) = (try call.tensor(0), FakeValue.sizes([try call.symInt(1)]))
    let largest = try call.atenTensor("amax.default", .tensor(input), dim, .bool(true))
    let shifted = try call.atenTensor("sub.Tensor", .tensor(input), .tensor(largest))
    let powers = try call.atenTensor("exp.default", .tensor(shifted))
    return .tensors(largest, try call.atenTensor("sum.dim_IntList", .tensor(powers), dim, .bool(true)))
  },
  OperatorRow("prims.resize") { call in try call.aten("resize_.default", call[0], call[1]) },
  OperatorRow("rngprims.philox_rand") { call in
    let (sizes, seed) = (try call.symInts(0), try call.tensor(1))
    let strides = try call.optionalSymInts(3)
    let random = call.mode.tensor(
      sizes, strides: strides, dtype: try call.optionalDtype(5) ?? .float32,
      device: try call.optionalDevice(4) ?? seed.device)
    return .tensors(random, call.emptyLike(try call.tensor(2)))
  },
]
