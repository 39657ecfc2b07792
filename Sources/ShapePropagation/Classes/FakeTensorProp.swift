import FX
public import FakeTensors

/// Runs a graph on fake tensors, with memos of earlier runs forgotten.
///
/// - Source: `torch/fx/passes/fake_tensor_prop.py`.
open class FakeTensorProp: PropagateUnbackedSymInts {
  /// Runs the module on `args` in a new epoch.
  @discardableResult
  public final func propagate(_ args: [FakeValue]) throws -> FakeValue {
    mode.epoch += 1
    return FakeValue(try run(args), mode.shapes)
  }
}
