import OperatorSchemas
import Testing

/// Which calls are assertions, according to PyTorch 2.13.
@Suite struct AssertionTests {
  /// The assertions in `_side_effectful_functions`, `torch/fx/node.py`.
  @Test(arguments: [
    "torch._assert", "torch._assert_async", "torch.ops.aten._assert_async.msg",
    "torch.ops.aten._assert_scalar.default", "torch.ops.aten._assert_tensor_metadata.default",
    "torch.ops.aten.sym_constrain_range.default", "torch.ops.aten.sym_constrain_range_for_size.default",
  ])
  func isKeptUnused(_ target: String) throws {
    #expect(try #require(Assertion(target: target)).isKeptUnused)
  }

  /// The runtime asserts that `insert_deferred_runtime_asserts` considers.
  @Test(arguments: ["torch._check", "torch.ops.aten._assert_scalar.default"])
  func isARuntimeAssert(_ target: String) throws {
    let assertion = try #require(Assertion(target: target))
    #expect(assertion.subject == .condition)
    #expect(assertion.isRuntimeAssert)
  }

  @Test(arguments: ["torch.ops.aten.add.Tensor", "torch.ops.aten._assert_scalar", "aten._assert_scalar", ""])
  func computes(_ target: String) {
    #expect(Assertion(target: target) == nil)
  }

  /// Assertions in the table return nothing, or the token that they receive.
  @Test func listsEveryAssertionOfTheTable() {
    let stating = SchemaTable.allNames.filter { name in
      name.namespace == "aten"
        && (name.base.contains("_assert_") || name.base.contains("sym_constrain_range"))
    }
    #expect(stating.count >= 9)
    for name in stating {
      let target = "torch.ops.aten.\(name.base).\(name.overload)"
      #expect(Assertion(target: target) != nil, "\(target)")
    }
  }
}
