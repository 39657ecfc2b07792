import FakeTensors
import TensorVocabulary

/// `out_dtype(op, output_dtype, *args)`: applies the operator to arguments converted to the dtype that they and
/// `output_dtype` promote to, then converts the result to `output_dtype`.
///
/// - Source: `out_dtype_fallback`, `torch/_higher_order_ops/out_dtype.py`.
@Sendable
func outDtype(_ call: HigherOrderCall) throws -> FakeValue {
  let resolved = try call.resolvedOperator(0)
  guard call.arguments.count > 1, case .dtype(let dtype) = call.arguments[1] else {
    throw PropagationError(.malformed("out_dtype takes a dtype after the operator"))
  }
  let arguments = Array(call.arguments.dropFirst(2))
  let promoted = try promotedDtype(arguments, with: dtype)
  let converted = try arguments.map { argument in
    guard case .tensor = argument else { return argument }
    return try call.apply("aten.to.dtype", argument, .dtype(promoted))
  }
  let result = try resolved.apply(try resolved.call(converted, in: call.mode))
  return try call.apply("aten.to.dtype", result, .dtype(dtype))
}

/// Tensors with dims decide within a category; those without dims only raise it.
private func promotedDtype(_ arguments: [FakeValue], with dtype: ScalarType) throws -> ScalarType {
  var promoted = dtype
  for case .tensor(let tensor) in arguments {
    if tensor.rank == 0, let own = tensor.dtype.category, let other = promoted.category, own <= other {
      continue
    }
    guard let common = ScalarType.promote(promoted, tensor.dtype) else {
      throw PropagationError(.malformed("\(promoted.name) and \(tensor.dtype.name) have no common dtype"))
    }
    promoted = common
  }
  return promoted
}
