import FakeTensors
import SymbolicShapes

/// Convolutions: the kernel is applied at every position of the result, or of the input if transposed.
///
/// Padding is not taken into account, and a transposed convolution is counted by its input.
///
/// Rows are in alphabetical order.
let convolutionFlops: [FlopRule] = [
  FlopRule("_convolution") { $0.convolution(transposedAt: 6) },
  FlopRule("_convolution_mode", as: "convolution") { $0.convolution() },
  FlopRule("_slow_conv2d_forward") { $0.convolution() },
  FlopRule("conv1d", as: "convolution") { $0.convolution() },
  FlopRule("conv2d", as: "convolution") { $0.convolution() },
  FlopRule("conv3d", as: "convolution") { $0.convolution() },
  FlopRule("conv_transpose1d", as: "convolution") { $0.convolution(isTransposed: true) },
  FlopRule("conv_transpose2d", as: "convolution") { $0.convolution(isTransposed: true) },
  FlopRule("conv_transpose3d", as: "convolution") { $0.convolution(isTransposed: true) },
  FlopRule("convolution") { $0.convolution(transposedAt: 6) },
  FlopRule("convolution_backward") { $0.convolutionBackward() },
  FlopRule("convolution_overrideable") { $0.convolution(transposedAt: 6) },
  FlopRule("cudnn_convolution") { $0.convolution() },
  FlopRule("thnn_conv2d", as: "_slow_conv2d_forward") { $0.convolution() },
]

extension CountedCall {
  fileprivate func convolution(transposedAt position: Int) -> SymInt? {
    convolution(isTransposed: flag(position))
  }

  /// `convolution(input[n, c, …], weight[o, c/g, k…]) -> [n, o, …]`.
  fileprivate func convolution(isTransposed: Bool = false) -> SymInt? {
    guard let input = tensor(0), let weight = tensor(1), let result = result.tensor else { return nil }
    return convolution(input.sizes, weight.sizes, result.sizes, isTransposed: isTransposed)
  }

  /// `2 · n · places · weight.numel()`, where an input without batch dim is one image.
  ///
  /// - Source: `conv_flop_count`, `torch/utils/flop_counter.py`.
  private func convolution(
    _ input: Sizes, _ weight: Sizes, _ output: Sizes, isTransposed: Bool
  ) -> SymInt? {
    let spatial = weight.count - 2
    guard spatial >= 0, input.count >= spatial, output.count >= spatial else { return nil }
    let places = product((isTransposed ? input : output).suffix(spatial))
    let batch = input.count == weight.count ? input[0] : 1
    return multiplyAdds(batch, places, product(weight))
  }

  /// `convolution_backward(grad_output, input, weight, …, transposed, …, output_mask)`: the gradient of the input is a
  /// convolution of the gradient with the weight, that of the weight one of the input with the gradient.
  ///
  /// - Source: `conv_backward_flop`, `torch/utils/flop_counter.py`.
  fileprivate func convolutionBackward() -> SymInt? {
    guard let gradient = tensor(0)?.sizes, let input = tensor(1)?.sizes, let weight = tensor(2)?.sizes,
      gradient.count >= 2, input.count >= 2, weight.count >= 2, let mask = self[10].elements, mask.count == 3,
      results.count == 3
    else { return nil }
    let isTransposed = flag(7)
    var flops: SymInt? = 0
    func add(_ x: Sizes, _ w: Sizes, _ out: Sizes, _ isTransposed: Bool) {
      flops = flops.flatMap { sum in
        convolution(x, w, out, isTransposed: isTransposed).map { shapes.add(sum, $0) }
      }
    }
    if case .bool(true) = mask[0], let result = results[0] {
      add(gradient, weight, result.sizes, !isTransposed)
    }
    if case .bool(true) = mask[1], let result = results[1] {
      let (a, b) = isTransposed ? (gradient, input) : (input, gradient)
      add(a.swapped, b.swapped, result.sizes.swapped, false)
    }
    return flops
  }
}

extension Sizes {
  /// The sizes with the first two swapped.
  fileprivate var swapped: Sizes {
    var swapped = self
    (swapped[0], swapped[1]) = (self[1], self[0])
    return swapped
  }
}
