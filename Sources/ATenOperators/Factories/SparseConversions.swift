import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Conversions to sparse layouts; of these, fake tensors know only the sizes.
///
/// Source: `run_fallback_kernel`, `torch/_subclasses/fake_tensor.py`; it has no rule for symbolic sizes.
let sparseConversions: [OperatorRow] = [
  OperatorRow("_to_sparse", toSparse),
  OperatorRow("to_sparse", toSparse),
]

/// `to_sparse(Tensor self, *, Layout? layout, int[2]? blocksize, int? dense_dim) -> Tensor`, or with the number of
/// sparse dims: the same sizes with another layout.
@Sendable
private func toSparse(_ call: OperatorCall) throws -> FakeValue {
  try call.requireConcreteArguments()
  let input = try call.tensor(0)
  let isCounted = call.schema.name.overload == "sparse_dim"
  let layout = isCounted ? nil : try call.optionalLayout(1)
  if isCounted {
    let count = try call.int(1)
    try call.require(
      count >= 0 && count <= input.rank,
      "sparse_dim argument must be in >=0 and <= \(input.rank), got \(count)")
  }
  return .tensor(
    call.mode.tensor(input.sizes, dtype: input.dtype, device: input.device, layout: layout ?? .sparseCoo))
}
