public import SymbolicShapes
import TensorVocabulary

/// Values of tensors, known or unbacked.
extension OperatorCall {
  /// `item(Tensor self) -> Scalar`: the only element; see ``localScalar(_:)``.
  ///
  /// - Throws: a refusal unless the tensor has one element.
  public func item(_ tensor: FakeTensor) throws -> FakeValue {
    let numel = shapes.geometry.numel(tensor)
    try check(
      shapes.eq(numel, 1),
      "a Tensor with \(shapes.text(of: numel)) elements cannot be converted to Scalar: select one element first"
    )
    return try localScalar(tensor)
  }

  /// `_local_scalar_dense(Tensor self) -> Scalar`: the value if it is known, otherwise a fresh symbol, the same each time
  /// for the same tensor.
  ///
  /// - Throws: `dataDependentOutput` if the mode does not allow fresh symbols; a refusal for complex numbers and in
  ///   regions of `vmap` that map over the tensor.
  /// - Source: `local_scalar_dense`, `torch/_subclasses/fake_impls.py`.
  public func localScalar(_ tensor: FakeTensor) throws -> FakeValue {
    try requireNoHiddenDims()
    if let values = tensor.constant?.values, values.count == 1 { return FakeValue(values[0]) }
    if let known = mode.memo(.item, of: tensor) { return known }
    guard mode.allowsDynamicOutputs else { throw error(.dataDependentOutput) }
    let value: FakeValue
    if tensor.dtype.isFloatingPoint {
      value = .symFloat(shapes.createUnbackedFloat())
    } else if tensor.dtype.isIntegral {
      value = .symInt(shapes.createUnbackedInt())
    } else if tensor.dtype.isBool {
      value = .symBool(shapes.createUnbackedBool())
    } else {
      throw refusal("item() of a tensor of \(tensor.dtype.name) is not known before the run")
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

extension FakeValue {
  /// Creates a known number.
  init(_ scalar: Scalar) {
    switch scalar {
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .bool(let value): self = .bool(value)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    }
  }
}
