/// What an operator states that computes nothing.
///
/// This is the only list of such operators; dead code elimination, the insertion of runtime asserts, explanations and
/// admission rules all use it.
///
/// Source: `_side_effectful_functions`, `torch/fx/node.py`; `insert_deferred_runtime_asserts`,
/// `torch/fx/passes/runtime_assert.py`; v2.13.
public struct Assertion: Hashable, Sendable {
  /// What the statement is about.
  public enum Subject: Sendable {
    /// A condition on sizes and numbers, the first argument, holds.
    case condition
    /// A number, the first argument, is between `min` and `max`.
    case range
    /// The elements of a tensor are true.
    case elements
    /// A tensor has given sizes, strides, dtype, device and layout.
    case metadata
  }

  /// What the statement is about.
  public let subject: Subject
  /// Whether PyTorch keeps such a call in a graph even if its result is unused.
  public let isKeptUnused: Bool
  /// Whether runtime asserts are written as such calls, so that a second one for the same condition is redundant.
  public let isRuntimeAssert: Bool

  private init(_ subject: Subject, isKeptUnused: Bool, isRuntimeAssert: Bool = false) {
    self.subject = subject
    self.isKeptUnused = isKeptUnused
    self.isRuntimeAssert = isRuntimeAssert
  }

  /// The statement made by a call of `target`, such as `torch.ops.aten._assert_scalar.default` or `torch._check`; `nil`
  /// if the call computes something.
  public init?(target: String) {
    guard let known = Self.byTarget[target] else { return nil }
    self = known
  }

  private static let byTarget: [String: Assertion] = {
    let check = Assertion(.condition, isKeptUnused: false)
    let range = Assertion(.range, isKeptUnused: true)
    let functionalRange = Assertion(.range, isKeptUnused: false)
    return [
      "torch._assert": Assertion(.condition, isKeptUnused: true),
      "torch._assert_async": Assertion(.elements, isKeptUnused: true),
      "torch._assert_scalar": Assertion(.condition, isKeptUnused: false, isRuntimeAssert: true),
      "torch._check": Assertion(.condition, isKeptUnused: false, isRuntimeAssert: true),
      "torch._check_index": check,
      "torch._check_is_size": functionalRange,
      "torch._check_not_implemented": check,
      "torch._check_type": check,
      "torch._check_value": check,
      "torch.ops.aten._assert_async.default": Assertion(.elements, isKeptUnused: false),
      "torch.ops.aten._assert_async.msg": Assertion(.elements, isKeptUnused: true),
      "torch.ops.aten._assert_scalar.default": Assertion(
        .condition, isKeptUnused: true, isRuntimeAssert: true),
      "torch.ops.aten._assert_tensor_metadata.default": Assertion(.metadata, isKeptUnused: true),
      "torch.ops.aten._functional_assert_async.msg": Assertion(.elements, isKeptUnused: false),
      "torch.ops.aten._functional_assert_scalar.default": check,
      "torch.ops.aten._functional_sym_constrain_range.default": functionalRange,
      "torch.ops.aten._functional_sym_constrain_range_for_size.default": functionalRange,
      "torch.ops.aten.sym_constrain_range.default": range,
      "torch.ops.aten.sym_constrain_range_for_size.default": range,
    ]
  }()
}
