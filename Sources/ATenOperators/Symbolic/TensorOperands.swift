import FakeTensors
import SymbolicShapes

/// Python's operators between tensors, and between a tensor and a number.
///
/// Source: `THPVariable_methods` in `tools/autograd/templates/python_variable_methods.cpp`; `torch/_tensor.py`.
extension OperatorCall {
  /// The result of `_operator.add` or another of Python's operators when an operand is a tensor; `nil` when none is.
  func onTensors(_ name: String) throws -> FakeValue? {
    let isFirst = self[0].tensor != nil
    guard isFirst || (arguments.count > 1 && self[1].tensor != nil) else { return nil }
    let base = name.drop { $0 != "." }.dropFirst()
    guard arguments.count > 1 else { return try onTensor(String(base)) }
    let isSecond = self[1].tensor != nil
    let (tensor, other) = isFirst ? (self[0], self[1]) : (self[1], self[0])
    switch base {
    case "add", "mul": return try aten("\(base).Tensor", tensor, other)
    case "sub":
      return isFirst ? try aten("sub.Tensor", tensor, other) : try aten("rsub.Scalar", tensor, other)
    case "truediv":
      if isFirst { return try aten("div.Tensor", tensor, other) }
      return try aten("mul.Tensor", try aten("reciprocal.default", tensor), other)
    case "floordiv":
      return try aten(isFirst && isSecond ? "floor_divide.default" : "floor_divide.Scalar", tensor, other)
    case "mod":
      if isFirst { return try aten(isSecond ? "remainder.Tensor" : "remainder.Scalar", tensor, other) }
      return try aten("remainder.Scalar_Tensor", other, tensor)
    case "pow":
      if isFirst { return try aten(isSecond ? "pow.Tensor_Tensor" : "pow.Tensor_Scalar", tensor, other) }
      return try aten("pow.Scalar", other, tensor)
    case "matmul": return try aten("matmul.default", self[0], self[1])
    // Whatever the order, the result is of one shape and type.
    case "eq", "ne", "lt", "le", "gt", "ge":
      return try aten("\(base).\(isFirst && isSecond ? "Tensor" : "Scalar")", tensor, other)
    case "and_", "or_", "xor":
      let function = base == "xor" ? "bitwise_xor" : "bitwise_\(base.dropLast())"
      return try aten("\(function).\(isFirst && isSecond ? "Tensor" : "Scalar")", tensor, other)
    case "lshift", "rshift":
      return try aten("__\(base)__.\(isFirst && isSecond ? "Tensor" : "Scalar")", tensor, other)
    default: return try inPlace(String(base), isSecond)
    }
  }

  private func onTensor(_ base: String) throws -> FakeValue? {
    switch base {
    case "neg", "abs": try aten("\(base).default", self[0])
    case "pos": self[0]
    case "invert": try aten("bitwise_not.default", self[0])
    default: throw refusal("Boolean value of a Tensor is data-dependent; use item()")
    }
  }

  /// `x += y` and the like, which write to the first operand.
  private func inPlace(_ base: String, _ isSecond: Bool) throws -> FakeValue? {
    guard self[0].tensor != nil else { throw refusal("a number cannot be changed in place by a tensor") }
    let suffix = isSecond ? "Tensor" : "Scalar"
    switch base {
    case "iadd", "imul", "isub": return try aten("\(base.dropFirst())_.Tensor", self[0], self[1])
    case "itruediv": return try aten("div_.Tensor", self[0], self[1])
    case "ifloordiv": return try aten("floor_divide_.\(suffix)", self[0], self[1])
    case "imod": return try aten("remainder_.\(suffix)", self[0], self[1])
    case "ipow": return try aten("pow_.\(suffix)", self[0], self[1])
    case "iand", "ior", "ixor", "ilshift", "irshift":
      return try aten("__\(base)__.\(suffix)", self[0], self[1])
    default: throw unsupported("'\(base)' of tensors is not supported")
    }
  }
}
