import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// `while_loop(cond_fn, body_fn, carried_inputs, additional_inputs)`: the body runs once; what it carries
/// keeps its shape, and a carried integer may be any integer afterwards.
///
/// - Source: `while_loop_fake_tensor_mode`, `torch/_higher_order_ops/while_loop.py`.
@Sendable
func whileLoop(_ call: HigherOrderCall) throws -> FakeValue {
  let shapes = call.mode.shapes
  let additional = call.operands(3)
  let carried: [FakeValue] = call.operands(2).map { value in
    if case .symInt = value { return .symInt(shapes.createUnbackedInt()) }
    return value
  }
  _ = try call.run(0, carried + additional)
  let result = try call.run(1, carried + additional)
  shapes.ignoreFresh(shapes.pendingFresh)
  guard let results = result.elements, results.count == carried.count else {
    throw PropagationError(.malformed("the body of while_loop must return as many values as it carries"))
  }
  return .tuple(
    zip(carried, results).map { before, after in
      switch after {
      case .symInt, .bool, .symBool: return .symInt(shapes.createUnbackedInt())
      case .tensor(let tensor):
        return .tensor(
          call.mode.tensor(
            tensor.sizes, strides: tensor.strides, dtype: tensor.dtype, device: tensor.device, layout: tensor.layout))
      default: return before
      }
    })
}
