import SymbolicShapes
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

  /// Bessel functions, whose results require no grad up to PyTorch 2.14.
  static let besselFunctions: Set<String> = Set(
    [
      "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "modified_bessel_i0", "modified_bessel_i1",
      "modified_bessel_k0", "modified_bessel_k1", "scaled_modified_bessel_k0", "scaled_modified_bessel_k1",
      "spherical_bessel_j0",
    ].map { "special_" + $0 })

  /// Marks the results of a differentiable operator as requiring grad if an argument does.
  func noteGradients(of value: FakeValue, _ call: OperatorCall) {
    guard isDifferentiable, call.requiresGrad else { return }
    if isBesselFunction, !call.has(.besselKeepsGradients) { return }
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
