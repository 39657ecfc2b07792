public import SymbolicShapes
import TensorVocabulary

/// Values of tensors, known or unbacked.
extension OperatorCall {
  /// `item(Tensor self) -> Scalar`: the value if it is known, otherwise a fresh symbol, the same each time for the same
  /// tensor.
  ///
  /// - Throws: a refusal unless the tensor has one element; `dataDependentOutput` for complex numbers, and if the mode
  ///   does not allow fresh symbols.
  /// - Source: `local_scalar_dense`, `torch/_subclasses/fake_impls.py`.
  public func item(_ tensor: FakeTensor) throws -> FakeValue {
    try check(
      shapes.eq(shapes.geometry.numel(tensor), 1), "a Tensor with more or less than one element has no item")
    if let value = tensor.constant?.values.first {
      switch value {
      case .int(let value): return .int(value)
      case .float(let value): return .float(value)
      case .bool(let value): return .bool(value)
      case .complex(let real, let imaginary): return .complex(real, imaginary)
      }
    }
    if let known = mode.memo(.item, of: tensor) { return known }
    guard mode.allowsDynamicOutputs else { throw error(.dataDependentOutput) }
    let value: FakeValue
    if tensor.dtype.isFloatingPoint {
      value = .symFloat(shapes.createUnbackedFloat())
    } else if tensor.dtype.isBool {
      value = .symBool(shapes.createUnbackedBool())
    } else if tensor.dtype.isIntegral {
      value = .symInt(shapes.createUnbackedInt())
    } else {
      throw unsupported("item of \(tensor.dtype.name)")
    }
    mode.setMemo(.item, of: tensor, to: value)
    return value
  }

  /// The item of an integer tensor.
  public func integerItem(_ tensor: FakeTensor) throws -> SymInt {
    guard case .symInt(let value) = try item(tensor) else { throw refusal("expected a tensor of integers") }
    return value
  }

  /// All values of an integer tensor, which must be known.
  ///
  /// - Throws: `dataDependentOutput` if they are not.
  public func knownIntegers(_ tensor: FakeTensor) throws -> Sizes {
    guard let values = tensor.constant?.values else { throw error(.dataDependentOutput) }
    return Sizes(
      try values.map { value in
        guard case .int(let value) = value else { throw refusal("expected a tensor of integers") }
        return SymInt(value)
      })
  }
}
