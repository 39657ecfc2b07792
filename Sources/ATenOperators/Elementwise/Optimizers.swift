import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Steps of optimizers and of gradient scalers, which write to the tensors of several lists.
///
/// Functional forms return what was written. Rows are in alphabetical order.
///
/// Source: `meta__fused_adam_`, `meta__fused_adam`, `torch/_meta_registrations.py`; `_amp_…` are made functional by
/// `torchgen/native_function_generation.py`.
let optimizers: [OperatorRow] = [
  "_amp_foreach_non_finite_check_and_unscale", "_amp_update_scale", "_fused_adagrad", "_fused_adam",
  "_fused_adamw", "_fused_sgd",
].flatMap { name -> [OperatorRow] in
  [OperatorRow(name, updatedCopies), OperatorRow(name + "_", updated)]
    + ["out", "tensor_lr_out"].map { OperatorRow("\(name).\($0)", updated) }
}

/// Copies of the arguments that the in-place form writes to: a result called `grads_out` is that of `grads`, one
/// without a name that of the first.
@Sendable
private func updatedCopies(_ call: OperatorCall) throws -> FakeValue {
  let results = call.schema.returns.map { result in
    let position = result.name.flatMap { name in
      name.hasSuffix("_out") ? call.schema.position(of: String(name.dropLast(4))) : nil
    }
    return call.copied(call[position ?? 0])
  }
  return results.count == 1 ? results[0] : .tuple(results)
}

/// Nothing but that tensors are written to; returns the first when the schema says so.
@Sendable
private func updated(_ call: OperatorCall) throws -> FakeValue {
  for (position, argument) in call.schema.arguments.enumerated() where argument.isMutated {
    call[position].forEachTensor { call.mode.noteMutation(of: $0) }
  }
  guard let result = call.schema.returns.first else { return .none }
  let written = call.schema.arguments.firstIndex { $0.isMutated && $0.aliasSet == result.aliasSet }
  return call[written ?? 0]
}

extension OperatorCall {
  fileprivate func copied(_ value: FakeValue) -> FakeValue {
    switch value {
    case .tensor(let tensor): .tensor(emptyLike(tensor))
    case .list(let items): .list(items.map(copied))
    case .tuple(let items): .list(items.map(copied))
    default: value
    }
  }
}
