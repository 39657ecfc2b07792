import FakeTensors
import OperatorSchemas

extension OperatorTable {
  /// The table with rules for operators whose kernels share memory differently from PyTorch's fake tensors.
  ///
  /// `dropout` that drops nothing returns its input, which the Python form that fake tensors run copies;
  /// for `native_dropout` it is the other way round.
  ///
  /// - Source: `_dropout_impl`, `native_dropout_cpu`, `aten/src/ATen/native/Dropout.cpp`; `torch/_decomp/decompositions.py`.
  func runningKernels() -> OperatorTable {
    var table = self
    table.replace("dropout") { call, result in
      guard case .float(let probability) = call[1], case .bool(let drops) = call[2] else { return result }
      return probability == 0 || !drops ? call[0] : result
    }
    table.replace("native_dropout") { call, result in
      guard case .tensor(let input) = call[0], case .tuple(let parts) = result, parts.count == 2,
        parts[0].tensor === input
      else { return result }
      return .tuple([.tensor(try call.clone(input)), parts[1]])
    }
    return table
  }

  /// Lets `change` replace the result of an operator, if the table has a rule for it.
  private mutating func replace(
    _ name: String, _ change: @escaping @Sendable (OperatorCall, FakeValue) throws -> FakeValue
  ) {
    guard let old = resolve(OperatorName(namespace: "aten", base: name)) else { return }
    replaceRule(of: name) { call in try change(call, try old.rule(call)) }
  }
}
