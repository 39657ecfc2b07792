import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// Fresh results: tensors with their own storage, and unbacked sizes.
extension OperatorCall {
  /// A contiguous tensor on the device of `base`, with its dtype unless another is given.
  ///
  /// - Throws: a refusal if a size is negative; undecided sizes are asserted to be non-negative.
  /// - Source: `Tensor.new_empty`.
  public func newEmpty(_ base: FakeTensor, _ sizes: Sizes, dtype: ScalarType? = nil) throws -> FakeTensor {
    try requireSizes(sizes)
    return mode.tensor(sizes, dtype: dtype ?? base.dtype, device: base.device)
  }

  /// Requires every one of `sizes` to be non-negative.
  public func requireSizes(_ sizes: Sizes) throws {
    for size in sizes {
      if let constant = size.constant, constant >= 0 { continue }
      try check(
        shapes.ge(size, 0),
        "Trying to create tensor with negative dimension \(shapes.text(of: size)): \(shapes.shortText(of: sizes))"
      )
    }
  }

  /// A fresh unbacked size from `least` to `limit`.
  ///
  /// - Throws: ``OperatorError/Kind/dynamicOutputShape`` if the mode does not allow dynamic output shapes.
  /// - Source: `create_unbacked_symint`, `_constrain_range_for_size`.
  public func freshSize(atLeast least: Int = 0, limit: Int = .max) throws -> SymInt {
    guard mode.allowsDynamicOutputs else { throw error(.dynamicOutputShape) }
    try requireNoHiddenDims()
    let size = shapes.createUnbackedInt()
    shapes.constrainRangeForSize(size, IntRange(lower: least, upper: limit))
    return size
  }

  /// Refuses symbolic sizes: PyTorch has no shape rule for the operator and runs its kernel on zeros instead.
  ///
  /// - Source: `run_fallback_kernel` (`torch/_subclasses/fake_tensor.py`).
  public func requireConcreteArguments() throws {
    for argument in arguments {
      let isSymbolic = argument.containsLeaf { leaf in
        switch leaf {
        case .tensor(let tensor):
          tensor.sizes.contains(where: \.isSymbolic) || tensor.strides.contains(where: \.isSymbolic)
        case .symInt(let value): value.isSymbolic
        default: false
        }
      }
      try require(!isSymbolic, "the operator has no shape rule for symbolic sizes")
    }
  }
}
