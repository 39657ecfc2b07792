import FX
import FakeTensors

/// Remembering the results of calls, which changes no answer.
extension PropagationEngine {
  /// The result of a call, remembered where possible.
  func call(
    _ index: Int, _ planned: PropagationPlan.Step, _ options: PropagationOptions
  ) throws -> FakeValue {
    // An autocast region converts arguments.
    guard let signature = planned.signature.value, remembersCalls, options.autocast == nil,
      plan.memo.start(signature, mode)
    else { return try apply(index, planned, options) }
    for position in planned.slots { addToKey(plan.slots[position]) }
    switch plan.memo.find(signature, of: planned.node, mode) {
    case .found(let number, let needsArguments):
      if needsArguments { giveArguments(of: planned) }
      if let value = plan.memo.value(number, mode) { return value }
    case .new(let pending):
      let result = try apply(index, planned, options)
      giveArguments(of: planned)
      plan.memo.note(result, pending, mode)
      return result
    case .hopeless: break
    }
    return try apply(index, planned, options)
  }

  private func giveArguments(of planned: PropagationPlan.Step) {
    plan.memo.startArguments()
    for position in planned.slots {
      switch plan.slots[position] {
      case .constant: break
      case .node(let index): if let value = values[Int(index)] { plan.memo.addArgument(value) }
      case .compound(let index): plan.memo.addArgument(value(plan.compounds[Int(index)]))
      }
    }
  }

  /// Adds the run's value of `slot`; constants are part of the signature.
  private func addToKey(_ slot: PropagationPlan.Slot) {
    switch slot {
    case .constant: break
    case .node(let index): plan.memo.key.add(values[Int(index)] ?? .none, mode)
    case .compound(let index): addToKey(plan.compounds[Int(index)])
    }
  }

  private func addToKey(_ compound: PropagationPlan.Compound) {
    plan.memo.key.addList(compound)
    switch compound {
    case .integers(let items), .list(let items), .tuple(let items):
      for item in items {
        if case .constant(let index) = item {
          plan.memo.key.add(plan.constants[Int(index)], mode)
        } else {
          addToKey(item)
        }
      }
    case .dictionary, .slice: break
    }
  }
}
