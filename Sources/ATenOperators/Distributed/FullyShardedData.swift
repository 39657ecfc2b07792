import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Copies between the parameters of fully sharded modules and the buffers of their collectives.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/distributed/fsdp/_fully_shard/_fsdp_collectives.py`.
let fullyShardedData: [OperatorRow] = [
  OperatorRow("fsdp.all_gather_copy_in") { call in
    let (output, count) = (try call.tensor(1), try call.symInt(3))
    let start = call.shapes.mul(count, try call.symInt(4))
    return .tensors(try call.views.narrow(output, 0, start, count), output)
  },
  .writing("fsdp.chunk_cat"),
  .writing("fsdp.chunk_cat_mixed_dtype"),
  .writing("fsdp.copy_"),
  OperatorRow("fsdp.record_grad_output_stream") { _ in .none },
  .writing("fsdp.split_with_sizes_copy"),
]

extension OperatorRow {
  /// An operator that only writes to arguments; it returns the last of them when the schema says so.
  static func writing(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      var written = FakeValue.none
      for (position, argument) in call.schema.arguments.enumerated() where argument.isMutated {
        call[position].forEachTensor { call.mode.noteMutation(of: $0) }
        written = call[position]
      }
      return call.schema.returns.isEmpty ? .none : written
    }
  }

  /// An operator whose results look like arguments, in fresh memory.
  static func like(_ name: String, _ positions: Int...) -> OperatorRow {
    OperatorRow(name) { call in
      let results = try positions.map { position in
        FakeValue.tensor(call.emptyLike(try call.tensor(position)))
      }
      return results.count == 1 ? results[0] : .tuple(results)
    }
  }
}
