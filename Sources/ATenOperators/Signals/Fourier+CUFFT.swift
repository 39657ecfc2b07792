import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Fourier transforms as cuFFT computes them: at most three dims at a time, so the layout is that of the last stage.
///
/// Source: `meta_fft_c2c`, `meta_fft_r2c`, `meta_fft_c2r`, `torch/_meta_registrations.py`.
extension Fourier {
  /// The transform over `dims`, three at a time, starting with the smallest strides.
  func stagedTransform(_ input: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    var (result, rest) = (input, dims)
    while !rest.isEmpty {
      rest = try sortedByStride(rest, result)
      let stage = Array(rest.suffix(Self.dimsPerStage))
      rest.removeLast(stage.count)
      result = try transformed(result, input.sizes, stage, dtype: input.dtype)
    }
    return result
  }

  /// Real to complex, with `sizes`: in one step, or the last dim first and then the others of the halved result.
  ///
  /// A two-sided result is filled from the halved one and is contiguous.
  func stagedRealToComplex(_ input: FakeTensor, _ dims: [Int], _ sizes: Sizes) throws -> FakeTensor {
    guard let last = dims.last else { throw call.refusal("no dims to transform") }
    let dtype = input.dtype.toComplex ?? .complex64
    if input.device.type == .cuda, isOneTransform(dims) {
      return try transformed(input, sizes, dims, dtype: dtype)
    }
    var half = input.sizes
    half[last] = shapes.add(shapes.floorDiv(half[last], 2), 1)
    let first = dims.count == 1 ? sizes : half
    let result = try stagedTransform(
      transformed(input, first, [last], dtype: dtype), Array(dims.dropLast()))
    return try call.isEqual(result.sizes[last], sizes[last]) ? result : call.newTensor(sizes, like: result)
  }

  /// Complex to real: in one step from a contiguous copy, or the last dim after the others.
  func cuFFTComplexToReal(_ input: FakeTensor, _ dims: [Int], lastSize: SymInt) throws -> FakeTensor {
    guard let last = dims.last else { throw call.refusal("no dims to transform") }
    var sizes = input.sizes
    sizes[last] = lastSize
    let isAtOnce = isOneTransform(dims)
    let source =
      isAtOnce ? try call.clone(input, .contiguous) : try stagedTransform(input, Array(dims.dropLast()))
    return try transformed(source, sizes, isAtOnce ? dims : [last], dtype: input.dtype.toReal)
  }

  /// Whether one plan transforms all of `dims`; plans that start with the two outermost dims are avoided.
  ///
  /// Source: `use_optimized_cufft_path`, `aten/src/ATen/native/cuda/SpectralOps.cpp`.
  private func isOneTransform(_ dims: [Int]) -> Bool {
    dims.count <= Self.dimsPerStage && !dims.starts(with: [0, 1])
  }

  private static var dimsPerStage: Int { 3 }
}
