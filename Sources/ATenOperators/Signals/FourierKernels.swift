import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The layout of a Fourier transform over some dims: transformed dims innermost, the others outside in the order of
/// their strides, as the MKL kernels produce it.
///
/// For cuFFT, see Fourier+CUFFT.swift.
extension Fourier {
  /// Complex to complex.
  ///
  /// Source: `meta_fft_c2c`, `torch/_meta_registrations.py`.
  func complexTransform(_ input: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    try call.require(input.dtype.isComplex, "expected a complex tensor, but got \(input.dtype.name)")
    if dims.isEmpty { return try call.clone(input) }
    if input.device.type == .cuda { return try stagedTransform(input, dims) }
    return try transformed(input, input.sizes, try sortedByStride(dims, input), dtype: input.dtype)
  }

  /// Real to complex; one-sided results have `n // 2 + 1` values at the last dim.
  ///
  /// - Source: `meta_fft_r2c`, `torch/_meta_registrations.py`.
  func realToComplex(_ input: FakeTensor, _ dims: [Int], isOneSided: Bool) throws -> FakeTensor {
    try call.require(
      input.dtype.isFloatingPoint, "expected a floating-point tensor, but got \(input.dtype.name)")
    guard let last = dims.last, last < input.rank else { throw call.refusal("no dims to transform") }
    var sizes = input.sizes
    if isOneSided { sizes[last] = shapes.add(shapes.floorDiv(sizes[last], 2), 1) }
    if input.device.type == .cuda || input.device.type == .xpu {
      return try stagedRealToComplex(input, dims, sizes)
    }
    let sorted = try sortedByStride(Array(dims.dropLast()), input) + [last]
    return try transformed(input, sizes, sorted, dtype: input.dtype.toComplex ?? .complex64)
  }

  /// Complex to real with `lastSize` values at the last dim; the other dims are transformed first.
  ///
  /// - Source: `meta_fft_c2r`, `torch/_meta_registrations.py`.
  func complexToReal(_ input: FakeTensor, _ dims: [Int], lastSize: SymInt) throws -> FakeTensor {
    try call.require(input.dtype.isComplex, "expected a complex tensor, but got \(input.dtype.name)")
    guard let last = dims.last, last < input.rank else { throw call.refusal("no dims to transform") }
    if input.device.type == .cuda { return try cuFFTComplexToReal(input, dims, lastSize: lastSize) }
    let source = dims.count > 1 ? try complexTransform(input, Array(dims.dropLast())) : input
    var sizes = source.sizes
    sizes[last] = lastSize
    return try transformed(source, sizes, [last], dtype: input.dtype.toReal)
  }

  /// The layout of a result: batch dims from the largest stride to the smallest, then `dims`.
  ///
  /// - Guards: whether the result is empty, unless the memory already has this layout.
  /// - Source: `_exec_fft`, `torch/_meta_registrations.py`.
  func transformed(
    _ input: FakeTensor, _ sizes: Sizes, _ dims: [Int], dtype: ScalarType
  ) throws -> FakeTensor {
    try call.require(dims.allSatisfy { $0 < input.rank }, "Dimension out of range")
    let batch = try sortedByStride((0..<input.rank).filter { !dims.contains($0) }, input)
    var laidOut: Sizes = [try foldedBatch(input, batch, dims)]
    for dim in dims { laidOut.append(sizes[dim]) }
    if try laidOut != sizes && !call.matrices.areEqual(sizes, laidOut) {
      _ = try call.evaluate(shapes.eq(shapes.product(laidOut), 0))
    }
    let base = shapes.geometry.contiguousStrides(laidOut)
    var strides = Sizes(repeating: 0, count: input.rank)
    var inner: SymInt = 1
    for dim in batch.reversed() {
      strides[dim] = shapes.mul(inner, base[0])
      inner = shapes.mul(inner, sizes[dim])
    }
    for (position, dim) in dims.enumerated() { strides[dim] = base[position + 1] }
    return mode.tensor(sizes, strides: strides, dtype: dtype, device: input.device)
  }

  /// The number of transforms: the batch size after the input is reshaped to `[batch, *dims]`.
  private func foldedBatch(_ input: FakeTensor, _ batch: [Int], _ dims: [Int]) throws -> SymInt {
    let count = shapes.product(batch.map { input.sizes[$0] })
    let order = batch + dims
    let isInPlace = batch.count == 1 && order == Array(order.indices)
    guard input.sizes.isSymbolic || input.strides.isSymbolic,
      !isInPlace || shapes.isOpenWhetherOne(input.sizes)
    else { return count }
    let folded: Sizes = Sizes([-1] + dims.map { input.sizes[$0] })
    _ = try call.views.reshape(call.permuted(input, by: order), folded)
    return count
  }

  /// `dims` by descending stride of `tensor`; equal strides keep the given order.
  ///
  /// Makes the same comparisons as Python's `sort(reverse=True)`, so that the same one is undecidable.
  func sortedByStride(_ dims: [Int], _ tensor: FakeTensor) throws -> [Int] {
    let items = Array(dims.reversed())
    guard items.count > 1 else { return dims }
    func isLess(_ a: Int, _ b: Int) throws -> Bool {
      try call.evaluate(shapes.lt(tensor.strides[a], tensor.strides[b]))
    }
    var sorted = [items[0]]
    var (position, isDescending) = (2, false)
    isDescending = try isLess(items[1], items[0])
    sorted.append(items[1])
    while position < items.count, try isLess(items[position], items[position - 1]) == isDescending {
      sorted.append(items[position])
      position += 1
    }
    if isDescending { sorted.reverse() }
    for item in items[position...] {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if try isLess(item, sorted[middle]) { high = middle } else { low = middle + 1 }
      }
      sorted.insert(item, at: low)
    }
    return sorted.reversed()
  }

  /// Integers become the default float; half precision is only for GPUs; real becomes complex if requested.
  ///
  /// - Source: `promote_tensor_fft`, `aten/src/ATen/native/SpectralOps.cpp`.
  func promotedForTransform(_ tensor: FakeTensor, toComplex: Bool) throws -> FakeTensor {
    var dtype = tensor.dtype
    if !dtype.isComplex {
      if !dtype.isFloatingPoint { dtype = .float32 }
      let takesHalf = tensor.device.type == .cuda || tensor.device.type == .xpu
      try call.require(
        dtype == .float32 || dtype == .float64 || takesHalf && dtype == .float16,
        "Unsupported dtype \(dtype.name)")
      if toComplex { dtype = dtype.toComplex ?? .complex64 }
    }
    if dtype == tensor.dtype { return tensor }
    return mode.tensor(
      tensor.sizes, strides: shapes.geometry.elementwiseStrides([tensor], tensor.sizes), dtype: dtype,
      device: tensor.device)
  }

  /// `input` trimmed or padded to `sizes` at `dims`.
  ///
  /// - Guards: how each size compares with the requested one.
  /// - Source: `resize_fft_input`, `aten/src/ATen/native/SpectralOps.cpp`.
  func fitted(
    _ input: FakeTensor, _ dims: [Int], _ sizes: Sizes, isGiven: Bool = true
  ) throws -> FakeTensor {
    guard isGiven else { return input }
    var (result, padded) = (input.sizes, input.sizes)
    var (isPadded, isCut) = (false, false)
    for (dim, size) in zip(dims, sizes) where size != input.sizes[dim] {
      if try call.evaluate(shapes.lt(input.sizes[dim], size)) {
        isPadded = true
        padded[dim] = size
      }
      if try call.evaluate(shapes.gt(input.sizes[dim], size)) {
        isCut = true
        result[dim] = size
        padded[dim] = size
      }
    }
    let cut = isCut ? mode.view(of: input, sizes: result, strides: input.strides) : input
    guard isPadded else { return cut }
    let format = shapes.geometry.suggestedMemoryFormat(cut)
    return mode.tensor(
      padded, strides: shapes.geometry.strides(padded, format), dtype: input.dtype, device: input.device)
  }

  /// A lazily conjugated view.
  func conjugated(_ tensor: FakeTensor) -> FakeTensor {
    let view = mode.view(of: tensor, sizes: tensor.sizes, strides: tensor.strides)
    view.isConjugate.toggle()
    return view
  }

  /// A copy without lazy conjugation.
  func resolved(_ tensor: FakeTensor) -> FakeTensor {
    guard tensor.isConjugate else { return tensor }
    return mode.tensor(
      tensor.sizes, strides: shapes.geometry.elementwiseStrides([tensor], tensor.sizes), dtype: tensor.dtype,
      device: tensor.device)
  }
}
