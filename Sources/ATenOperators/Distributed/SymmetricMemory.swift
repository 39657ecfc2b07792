import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Collectives on memory that the processes of a group share.
///
/// Those whose result has a size for each process are refused, since no argument says how many there are. Rows are in
/// alphabetical order.
///
/// Source: `torch/distributed/_symmetric_memory/__init__.py`; `SymmetricMemory.cpp`.
let symmetricMemory: [OperatorRow] =
  [
    "_low_contention_all_gather", "_low_contention_all_gather_ce_multicast", "_low_contention_reduce_scatter",
    "fused_all_gather_matmul", "fused_all_gather_scaled_matmul", "fused_matmul_reduce_scatter",
    "fused_scaled_matmul_reduce_scatter", "get_remote_tensors",
  ].map { name -> OperatorRow in
    OperatorRow("symm_mem.\(name)") { call in
      let group = call.schema.position(of: "group_name").flatMap { call.shapes.shortText(of: call[$0]) }
      throw call.unsupported("the number of processes in group \(group ?? "None") is not part of the program")
    }
  }
  + [
    "_low_contention_all_gather_ce_multicast_out", "all_to_all_vdev", "all_to_all_vdev_2d",
    "all_to_all_vdev_2d_offset",
    "memcpy_to_multicast_", "memset32_", "multi_root_tile_reduce", "multimem_all_gather_out",
    "multimem_all_reduce_",
    "multimem_one_shot_all_reduce_out", "multimem_one_shot_reduce_out", "nccl_all_to_all_nd", "nccl_get",
    "nccl_put",
    "nccl_reduce_scatter_offset", "nccl_wait_for_signal", "nvshmem_all_to_all", "nvshmem_broadcast",
    "nvshmem_get",
    "nvshmem_put", "nvshmem_put_with_signal", "nvshmem_wait_for_signal", "one_shot_all_reduce_copy_out",
    "one_shot_all_reduce_out", "reduce_scatter_out", "stream_write_value32_", "tile_reduce",
    "two_shot_all_reduce_",
    "two_shot_all_reduce_out",
  ].map { OperatorRow.writing("symm_mem.\($0)") }
  + [
    .like("symm_mem.multimem_one_shot_all_reduce", 0),
    .like("symm_mem.one_shot_all_reduce", 0),
    .like("symm_mem.one_shot_all_reduce_copy", 1),
  ]
