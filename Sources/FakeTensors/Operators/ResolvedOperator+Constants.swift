import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Constant propagation through operators on one-element tensors with known values.
///
/// If all tensors of a call are such constants, PyTorch runs the real kernel, so that `item` of the result is a number.
/// Here that is done for a few operators; results of the others are not known.
///
/// Source: `FakeTensorMode._dispatch_impl`, `may_turn_const`, `torch/_subclasses/fake_tensor.py`.
extension ResolvedOperator {
  /// The numbers among the operands of `call`, if every tensor argument is one known number.
  func knownOperands(of call: OperatorCall) -> [Scalar]? {
    guard call.mode.hasConstants else { return nil }
    var (operands, hasTensor): ([Scalar], Bool) = ([], false)
    for (position, argument) in call.arguments.enumerated() {
      switch argument {
      case .tensor(let tensor):
        guard let values = tensor.constant?.values, values.count == 1 else { return nil }
        hasTensor = true
        operands.append(values[0])
      case .symInt(let value):
        guard let constant = value.constant else { return nil }
        if isOperand(position) { operands.append(.int(constant)) }
      case .float(let value): if isOperand(position) { operands.append(.float(value)) }
      case .bool(let value): if isOperand(position) { operands.append(.bool(value)) }
      case .list(let items): if items.contains(where: { $0.tensor != nil }) { return nil }
      case .symFloat, .symBool, .complex: return nil
      default: continue
      }
    }
    return hasTensor ? operands : nil
  }

  /// Whether the argument is a number of schema type `Scalar`, rather than a dim or a flag.
  private func isOperand(_ position: Int) -> Bool {
    guard position < schema.arguments.count else { return false }
    return schema.arguments[position].type.nonOptional == .scalar
  }

  /// The result, if it is one number and the operator is supported.
  func constant(of value: FakeValue, _ operands: [Scalar]) -> (tensor: FakeTensor, constant: TensorConstant)?
  {
    guard case .tensor(let tensor) = value, tensor.device == .cpu, tensor.layout == .strided,
      tensor.sizes.allSatisfy({ $0 == 1 })
    else { return nil }
    let base = variant == .inplace ? String(schema.name.base.dropLast()) : schema.name.base
    let rounding = schema.name.overload.hasSuffix("_mode")
    guard !rounding, let number = ConstantArithmetic.apply(base, operands),
      let stored = ConstantArithmetic.convert(number, to: tensor.dtype)
    else { return nil }
    return (tensor, TensorConstant([stored]))
  }
}
