import FX
public import FakeTensors

/// Runs a graph on fake tensors repeatedly; symbols that a run creates are known in the next one.
///
/// - Source: `torch/fx/passes/fake_tensor_prop.py`.
open class FakeTensorProp: PropagateUnbackedSymInts {
  /// Runs the module on `args` in a new epoch, in which memos of earlier runs are not valid.
  ///
  /// Fresh symbols keep their names: in the next run, the nodes that created them bind them.
  @discardableResult
  public final func propagate(_ args: [FakeValue]) throws -> FakeValue {
    mode.epoch &+= 1
    let result = FakeValue(try run(args), mode.shapes)
    adoptFresh()
    return result
  }
}
