import TensorVocabulary

/// Which results require grad: it affects the choice of kernels, and in-place operators refuse some targets.
extension ResolvedOperator {
  /// Operators whose float results do not depend on the elements of their arguments or are detached from them.
  ///
  /// Source: `output_differentiability`, `tools/autograd/derivatives.yaml`; `gen_variable_type.py`.
  static let undifferentiated: Set<String> = [
    "bucketize", "detach", "detach_", "detach_copy", "empty_like", "full_like", "histc", "new_empty",
    "new_empty_strided", "new_full", "new_ones", "new_zeros", "ones_like", "rand_like", "randn_like",
    "zeros_like",
  ]

  /// Marks the results of a differentiable operator as requiring grad if an argument does.
  func noteGradients(of value: FakeValue, _ call: OperatorCall) {
    guard isDifferentiable, call.requiresGrad else { return }
    if case .tensor(let tensor) = value {
      noteGradient(of: tensor, call)
    } else {
      value.forEachTensor { noteGradient(of: $0, call) }
    }
  }

  private func noteGradient(of tensor: FakeTensor, _ call: OperatorCall) {
    guard tensor.dtype.isFloatingPoint || tensor.dtype.isComplex else { return }
    if variant == .functional, call.contains(tensor) { return }
    if call.mode.isGradEnabled {
      tensor.requiresGrad = true
      tensor.isLeaf = false
    } else if variant == .functional {
      tensor.requiresGrad = false
    }
  }
}

extension OperatorCall {
  /// Whether an argument requires grad.
  var requiresGrad: Bool {
    for argument in arguments where argument.containsTensor(where: { $0.requiresGrad }) { return true }
    return false
  }

  /// Whether `tensor` is itself an argument.
  func contains(_ tensor: FakeTensor) -> Bool {
    for argument in arguments where argument.containsTensor(where: { $0 === tensor }) { return true }
    return false
  }
}
