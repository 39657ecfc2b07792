import SymbolicShapes

/// Questions about a call as a whole, and the simplest views.
extension OperatorCall {
  /// Whether any tensor or integer of the call is symbolic.
  ///
  /// Some PyTorch kernels have a separate path for this case.
  public var isSymbolic: Bool {
    for argument in arguments where argument.isSymbolic { return true }
    return false
  }

  /// `contiguous(Tensor(a) self) -> Tensor(a)`: the tensor itself if it is contiguous, otherwise a copy.
  public func contiguous(_ tensor: FakeTensor) -> FakeTensor {
    shapes.geometry.isContiguous(tensor)
      ? tensor : mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device)
  }

  /// `alias(Tensor(a) self) -> Tensor(a)`.
  public func alias(_ tensor: FakeTensor) -> FakeTensor {
    let alias = mode.view(of: tensor, sizes: tensor.sizes, strides: tensor.strides)
    alias.layout = tensor.layout
    return alias
  }
}

extension FakeValue {
  /// Whether a size, a stride or a number in it is symbolic.
  public var isSymbolic: Bool {
    containsLeaf { leaf in
      switch leaf {
      case .tensor(let tensor):
        tensor.sizes.contains(where: \.isSymbolic) || tensor.strides.contains(where: \.isSymbolic)
      case .symInt(let value): value.isSymbolic
      case .symFloat, .symBool: true
      case .sizes(let sizes): sizes.contains(where: \.isSymbolic)
      default: false
      }
    }
  }
}
