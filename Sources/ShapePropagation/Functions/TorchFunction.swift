import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Functions above ATen, as `symbolic_trace` and Dynamo put them into graphs, and the operators that they call.
///
/// | a node calls | resolved by |
/// |---|---|
/// | `torch.nn.functional.batch_norm`, `torch.max_pool2d` | a row of ``FunctionRows``: parameters and the call that is made |
/// | `torch.stft`, `torch.functional.unique`, `getattr` | a function of ``SpecialFunctions`` |
/// | `x.to`, `x.size`, `x.float` | a method of ``SpecialMethods`` |
/// | any other name that ATen has | the overload that PyTorch's argument parser chooses: ``OverloadSet`` |
///
/// Both faces come here through ``NodeAction``: such a function is a rule that applies other operators.
enum TorchFunction {
  /// What a node that calls the function does; `nil` for a function that nothing here knows.
  static func rule(_ target: Node.Target, _ table: OperatorTable) -> HigherOrderRule? {
    let text = target.text
    if let special = SpecialFunctions.rule(text) { return special }
    guard let (name, isFunctional) = operatorName(text) else { return nil }
    if isFunctional, let row = FunctionRows.row(name) { return rule(row, text, table) }
    guard let overloads = OverloadSet("aten.\(name)", isMethod: false, table) else { return nil }
    return rule(overloads, text)
  }

  /// What a node that calls the method does; `nil` for a method that nothing here knows.
  static func method(_ name: String, _ table: OperatorTable) -> HigherOrderRule? {
    if let special = SpecialMethods.rule(name) { return special }
    guard let overloads = OverloadSet("aten.\(name)", isMethod: true, table) else { return nil }
    return rule(overloads, name)
  }

  private static func rule(_ overloads: OverloadSet, _ name: String) -> HigherOrderRule {
    HigherOrderRule(name) { call in try overloads.apply(call.arguments, call.keywords, in: call.mode) }
  }

  private static func rule(_ row: FunctionRow, _ name: String, _ table: OperatorTable) -> HigherOrderRule? {
    var sets: [String: OverloadSet] = [:]
    for alternative in row.alternatives {
      let name = String(alternative.target.prefix { $0 != "." })
      sets[name] = OverloadSet("aten.\(name)", isMethod: false, table)
    }
    let known = sets
    return HigherOrderRule(name) { call in
      let made = try row.call(call.arguments, call.keywords)
      let name = String(made.target.prefix { $0 != "." })
      guard let overloads = known[name] else { throw OperatorError(.noRule, operator: "aten.\(name)") }
      let result = try overloads.apply(made.positional, made.keywords, in: call.mode)
      // `name.0` is the first of several results.
      guard made.target.hasSuffix(".0"), let items = result.elements, let first = items.first else {
        return result
      }
      return first
    }
  }

  /// The name that ATen has for a function of PyTorch's, and whether it may be one of Python's own.
  private static func operatorName(_ text: String) -> (name: String, isFunctional: Bool)? {
    let parts = text.split(separator: ".").map { String($0) }
    guard parts.count >= 2, parts[0] == "torch", let last = parts.last else { return nil }
    let module = parts.dropFirst().dropLast().joined(separator: ".")
    switch module {
    case "", "_C._VariableFunctions", "functional", "_VF", "_C._VariableFunctionsClass", "Tensor",
      "_C.TensorBase":
      // The functional forms of these take other parameters than the functions of `torch`.
      return (last, false)
    case "nn.functional", "_jit_internal": return (last, true)
    case "_C._nn": return (last, false)
    case "linalg", "_C._linalg": return (last.hasPrefix("linalg_") ? last : "linalg_\(last)", false)
    case "special", "_C._special": return (last.hasPrefix("special_") ? last : "special_\(last)", false)
    case "fft", "_C._fft": return (last.hasPrefix("fft_") ? last : "fft_\(last)", false)
    default: return nil
    }
  }
}
