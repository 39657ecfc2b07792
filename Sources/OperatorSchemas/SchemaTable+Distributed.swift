// swift-format-ignore-file

/// Collectives: the schemas as PyTorch 2.15 prints them with `torch.distributed._functional_collectives` and
/// `torch.distributed.tensor` imported, one per line, sorted by bytes.
extension SchemaTable {
  /// The collectives that return new tensors.
  static let c10dFunctional: StaticString = #"""
_c10d_functional::_wrap_tensor_autograd(Tensor input) -> Tensor
_c10d_functional::all_gather_into_tensor(Tensor input, int group_size, Any group_name) -> Tensor
_c10d_functional::all_gather_into_tensor_coalesced(Tensor[] inputs, int group_size, Any group_name) -> Tensor[]
_c10d_functional::all_gather_into_tensor_out(Tensor input, int group_size, Any group_name, *, Tensor(a!) out) -> Tensor(a!)
_c10d_functional::all_reduce(Tensor input, Any reduce_op, Any group_name) -> Tensor
_c10d_functional::all_reduce_(Tensor(a!) input, Any reduce_op, Any group_name) -> Tensor(a!)
_c10d_functional::all_reduce_coalesced(Tensor[] inputs, Any reduce_op, Any group_name) -> Tensor[]
_c10d_functional::all_reduce_coalesced_(Tensor[](a!) inputs, Any reduce_op, Any group_name) -> Tensor[](a!)
_c10d_functional::all_to_all_single(Tensor input, SymInt[] output_split_sizes, SymInt[] input_split_sizes, Any group_name) -> Tensor
_c10d_functional::batch_p2p_ops(str[] op_list, int[] peer_list, int[] tag_list, Tensor[] tensors, str group_name) -> Tensor[]
_c10d_functional::broadcast(Tensor input, int src, Any group_name) -> Tensor
_c10d_functional::broadcast_(Tensor(a!) input, int src, Any group_name) -> Tensor(a!)
_c10d_functional::irecv(Tensor tensor, int src, int tag, str group_name) -> Tensor
_c10d_functional::isend(Tensor tensor, int dst, int tag, str group_name) -> Tensor
_c10d_functional::reduce_scatter_tensor(Tensor input, str reduce_op, int group_size, Any group_name) -> Tensor
_c10d_functional::reduce_scatter_tensor_coalesced(Tensor[] inputs, str reduce_op, int group_size, Any group_name) -> Tensor[]
_c10d_functional::reduce_scatter_tensor_out(Tensor input, str reduce_op, int group_size, Any group_name, *, Tensor(a!) out) -> Tensor(a!)
_c10d_functional::wait_tensor(Tensor tensor) -> Tensor
_c10d_functional::wait_tensors(Tensor[] tensors) -> Tensor[]
"""#

  /// The same collectives with gradients.
  static let c10dFunctionalAutograd: StaticString = #"""
_c10d_functional_autograd::all_gather_into_tensor(Tensor input, int group_size, Any group_name) -> Tensor
_c10d_functional_autograd::all_to_all_single(Tensor input, SymInt[] output_split_sizes, SymInt[] input_split_sizes, Any group_name) -> Tensor
_c10d_functional_autograd::reduce_scatter_tensor(Tensor input, str reduce_op, int group_size, Any group_name) -> Tensor
"""#

  /// The former spelling, which lists the ranks of the group.
  static let legacyC10dFunctional: StaticString = #"""
c10d_functional::all_gather_into_tensor(Tensor shard, str tag, int[] ranks, int group_size) -> Tensor
c10d_functional::all_gather_into_tensor_coalesced(Tensor[] input, str tag, int[] ranks, int group_size) -> Tensor[]
c10d_functional::all_reduce(Tensor self, str reduceOp, str tag, int[] ranks, int group_size) -> Tensor
c10d_functional::all_reduce_coalesced(Tensor[] self, str reduceOp, str tag, int[] ranks, int group_size) -> Tensor[]
c10d_functional::all_to_all_single(Tensor input, SymInt[]? output_split_sizes, SymInt[]? input_split_sizes, str tag, int[] ranks, int group_size) -> Tensor
c10d_functional::batch_p2p_ops(str[] op_list, int[] peer_list, int[] tag_list, Tensor[] tensors, str group_name) -> Tensor[]
c10d_functional::broadcast(Tensor self, int src, str tag, int[] ranks, int group_size) -> Tensor
c10d_functional::irecv(Tensor self, int src, int tag, str group_name) -> Tensor
c10d_functional::isend(Tensor self, int dst, int tag, str group_name) -> Tensor
c10d_functional::reduce_scatter_tensor(Tensor input, str reduceOp, str tag, int[] ranks, int group_size) -> Tensor
c10d_functional::reduce_scatter_tensor_coalesced(Tensor[] inputs, str reduceOp, str tag, int[] ranks, int group_size) -> Tensor[]
c10d_functional::wait_tensor(Tensor self) -> Tensor
"""#

  /// The collective of distributed tensors.
  static let dtensor: StaticString = #"""
_dtensor::shard_dim_alltoall(Tensor input, int gather_dim, int shard_dim, Any group_name) -> Tensor
"""#
}
