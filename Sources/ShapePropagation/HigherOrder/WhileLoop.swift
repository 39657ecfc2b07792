import FakeTensors
import SymbolicShapes

/// `while_loop(cond_fn, body_fn, carried_inputs, additional_inputs)`: the body runs once; carried tensors keep their
/// shape, and a carried integer may be any integer afterwards.
///
/// - Source: `while_loop_fake_tensor_mode`, `torch/_higher_order_ops/while_loop.py`.
@Sendable
func whileLoop(_ call: HigherOrderCall) throws -> FakeValue {
  let results = try carriedThroughOnce(call)
  return .tuple(
    results.map { value in
      switch value {
      case .symInt, .bool: .symInt(call.mode.shapes.createUnbackedInt())
      default: value
      }
    })
}

/// `while_loop_stack_output`: like `while_loop`, with the results of all iterations stacked.
@Sendable
func whileLoopStackingOutputs(_ call: HigherOrderCall) throws -> FakeValue {
  let results = try carriedThroughOnce(call)
  let iterations = call.mode.shapes.createUnbackedInt()
  return .tuple(
    try results.map { value in
      guard case .tensor(let tensor) = value else {
        throw PropagationError(.malformed("while_loop_stack_output carries tensors only"))
      }
      return .tensor(
        call.mode.tensor(
          Sizes([iterations] + Array(tensor.sizes)), dtype: tensor.dtype, device: tensor.device))
    })
}

/// The body's results for the carried inputs.
///
/// Symbols of one iteration do not leave it, so the results must have the metadata of the carried inputs.
private func carriedThroughOnce(_ call: HigherOrderCall) throws -> [FakeValue] {
  let carried = call.operands(2)
  let result = try call.runInScope(1, carried + call.operands(3))
  guard let results = result.elements, results.count == carried.count else {
    throw PropagationError(.malformed("the body of while_loop must return as many values as it carries"))
  }
  for (index, (before, after)) in zip(carried, results).enumerated() {
    guard case .tensor(let before) = before, case .tensor(let after) = after else { continue }
    let shapes = call.mode.shapes
    let isSame =
      before.dtype == after.dtype && before.device == after.device && before.rank == after.rank
      && zip(before.sizes, after.sizes).allSatisfy { shapes.guardOrFalse(shapes.eq($0, $1)) }
    guard isSame else {
      throw PropagationError(
        .malformed(
          "Expected carried_inputs and body_output to have same metadata but found: value \(index) goes in as "
            + "\(shapes.shortText(of: before)) and comes out as \(shapes.shortText(of: after))"))
    }
  }
  return results
}
