import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Collectives of process groups; the call gives the number of processes.
///
/// In-place and `out` forms of operators with one tensor are derived. Rows are in alphabetical order.
///
/// Source: the meta functions in `torch/distributed/_functional_collectives.py`.
let collectives: [OperatorRow] =
  collectiveRules.flatMap { name, rule in
    ["_c10d_functional", "_c10d_functional_autograd", "c10d_functional"].map {
      OperatorRow("\($0).\(name)", rule)
    }
  } + [
    OperatorRow("_dtensor.shard_dim_alltoall") { call in
      let group = call.shapes.shortText(of: call[3]) ?? "None"
      throw call.unsupported("the number of processes in group \(group) is not part of the program")
    }
  ]

/// The operators by name; in every namespace that has one, its first arguments are the same.
private let collectiveRules: [(String, OperatorRule)] = [
  ("all_gather_into_tensor", { .tensor(try $0.gathered(try $0.tensor(0))) }),
  (
    "all_gather_into_tensor_coalesced",
    { call in
      .list(try call.tensors(0).map { .tensor(try call.gathered($0)) })
    }
  ),
  ("all_gather_into_tensor_out", { .tensor(try $0.gathered(try $0.tensor(0))) }),
  (
    "all_reduce",
    { call in
      let input = try call.tensor(0)
      return .tensor(call.newTensor(input.sizes, like: input))
    }
  ),
  ("all_reduce_coalesced", { call in .list(try call.tensors(0).map { .tensor(call.emptyLike($0)) }) }),
  (
    "all_reduce_coalesced_",
    { call in
      for tensor in try call.tensors(0) { call.mode.noteMutation(of: tensor) }
      return call[0]
    }
  ),
  ("all_to_all_single", { .tensor(try exchanged($0)) }),
  ("batch_p2p_ops", { .list(try pairwise($0)) }),
  ("broadcast", { .tensor($0.emptyLike(try $0.tensor(0))) }),
  ("irecv", { .tensor($0.emptyLike(try $0.tensor(0))) }),
  ("isend", { .tensor($0.newTensor([0], like: try $0.tensor(0))) }),
  ("reduce_scatter_tensor", { .tensor(try $0.scattered(try $0.tensor(0))) }),
  (
    "reduce_scatter_tensor_coalesced",
    { call in
      .list(try call.tensors(0).map { .tensor(try call.scattered($0)) })
    }
  ),
  ("reduce_scatter_tensor_out", { .tensor(try $0.scattered(try $0.tensor(0))) }),
  ("wait_tensor", { .tensor($0.emptyLike(try $0.tensor(0))) }),
  (
    "wait_tensors",
    { call in
      let tensors = try call.tensors(0)
      try call.require(!tensors.isEmpty, "wait_tensors requires at least one tensor")
      return .list(tensors.map { .tensor($0) })
    }
  ),
]

extension OperatorCall {
  /// The number of processes.
  private func groupSize() throws -> SymInt {
    guard let position = schema.arguments.firstIndex(where: { $0.name == "group_size" }) else {
      throw refusal("the number of processes is missing")
    }
    let size = try int(position)
    try require(size > 0, "a process group has at least one process, got \(size)")
    return SymInt(size)
  }

  /// `[n, …] → [group · n, …]`; a number becomes `[group]`.
  fileprivate func gathered(_ input: FakeTensor) throws -> FakeTensor {
    let group = try groupSize()
    var sizes = input.sizes
    if sizes.isEmpty { sizes.append(group) } else { sizes[0] = shapes.mul(sizes[0], group) }
    return newTensor(sizes, like: input)
  }

  /// `[n, …] → [n // group, …]`.
  fileprivate func scattered(_ input: FakeTensor) throws -> FakeTensor {
    try require(input.rank > 0, "a tensor without dims cannot be scattered")
    var sizes = input.sizes
    sizes[0] = shapes.floorDiv(sizes[0], try groupSize())
    return newTensor(sizes, like: input)
  }
}

/// `all_to_all_single(Tensor input, SymInt[]? output_split_sizes, SymInt[]? input_split_sizes, …) -> Tensor`:
/// `[Σ output_split_sizes, …]`.
///
/// - Guards: no split is negative.
private func exchanged(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  guard let splits = try call.optionalSymInts(1) else { return call.newTensor(input.sizes, like: input) }
  try call.require(input.rank > 0, "a tensor without dims cannot be split")
  var (sizes, total): (Sizes, SymInt) = (input.sizes, 0)
  for split in splits {
    try call.check(call.shapes.ge(split, 0), "a split must not be negative")
    total = call.shapes.add(total, split)
  }
  sizes[0] = total
  return call.newTensor(sizes, like: input)
}

/// `batch_p2p_ops(str[] op_list, int[] peer_list, int[] tag_list, Tensor[] tensors, str group_name) -> Tensor[]`: the
/// tensors received, and `[0]` for those sent.
private func pairwise(_ call: OperatorCall) throws -> [FakeValue] {
  guard let operations = call[0].elements else { throw call.refusal("op_list must be a list of strings") }
  return zip(operations, try call.tensors(3)).map { operation, tensor in
    if case .string("irecv") = operation { return .tensor(tensor) }
    return .tensor(call.newTensor([0], like: tensor))
  }
}
