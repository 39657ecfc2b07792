import FX
public import FakeTensors
import SymbolicShapes

extension PropagationContext {
  /// Propagates as ``propagate(_:options:)`` does, but computes only what changed since the last call of this
  /// method: after ``replaceModule(_:)`` with an edited copy, or for other inputs.
  ///
  /// ```swift
  /// _ = context.propagateIncrementally(program.inputs)
  /// var module = context.module
  /// module.graph.setTarget("torch.ops.aten.gelu.default", of: relu)
  /// try context.replaceModule(module)
  /// let result = context.propagateIncrementally(program.inputs)  // result.computed == 1
  /// ```
  ///
  /// The result is that of a full run: values, bindings, renamings, guards, asserts, ranges. Everything is computed the
  /// first time, after an error, after another run in the same ``FakeTensorMode``, after facts were added to the
  /// ``ShapeEnv``, and if `options` has checks.
  ///
  /// - Complexity: one comparison for each node, and a run of each node that the edit can have changed.
  public func propagateIncrementally(
    _ inputs: [FakeValue], options: PropagationOptions = PropagationOptions()
  ) -> Propagation {
    let last = takeRecord(options)
    guard options.checks.isEmpty, !options.keepsGoing, mode.shapes.survey == nil else {
      return propagate(inputs, options: options)
    }
    guard !mode.isPropagating else { return Propagation(stoppedBy: PropagationError(.runsAlready), module) }
    mode.isPropagating = true
    defer { mode.isPropagating = false }
    rewind()
    mode.epoch &+= 1
    beginRun(options)
    mode.effects.keepsMemos = true
    defer { mode.effects.keepsMemos = false }
    do {
      try refuseUnsupported(options)
      let plan = plan(for: module, at: .root)
      let inputs = try ModuleInputs(inputs).assigned(to: plan, mode.shapes)
      var run = IncrementalRun(PropagationEngine(self, plan), inputs, options, after: last)
      let (engine, failure) = run.run()
      noteEnd(engine.step)
      if failure == nil { keep(run.record) }
      return Propagation(engine, failure, computed: run.computed)
    } catch {
      return Propagation(stoppedBy: error, module)
    }
  }
}
