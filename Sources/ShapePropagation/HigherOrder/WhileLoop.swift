import FakeTensors
import SymbolicShapes

/// `while_loop(cond_fn, body_fn, carried_inputs, additional_inputs)`: the body runs once; what it carries
/// keeps its shape, and a carried integer may be any integer afterwards.
///
/// - Source: `while_loop_fake_tensor_mode`, `torch/_higher_order_ops/while_loop.py`.
@Sendable
func whileLoop(_ call: HigherOrderCall) throws -> FakeValue {
  let shapes = call.mode.shapes
  let carried = call.operands(2)
  let result = try call.run(1, carried + call.operands(3))
  // Symbols of one iteration do not leave it: what is carried keeps its shape.
  shapes.ignoreFresh(shapes.pendingFresh)
  guard let results = result.elements, results.count == carried.count else {
    throw PropagationError(.malformed("the body of while_loop must return as many values as it carries"))
  }
  return .tuple(
    results.map { value in
      if case .symInt = value { return .symInt(shapes.createUnbackedInt()) }
      return value
    })
}
