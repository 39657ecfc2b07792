import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Fourier transforms: the kernels over given dims, and the public forms that pad, trim and promote first.
///
/// Rows are in alphabetical order.
let fourierTransforms: [OperatorRow] = [
  OperatorRow("_fft_c2c") { call in
    .tensor(try call.fourier.complexTransform(try call.tensor(0), try call.fourierDims()))
  },
  OperatorRow("_fft_c2r") { call in
    let input = try call.tensor(0)
    let dims = try call.ints(1).map { try call.wrapped($0, rank: input.rank) }
    return .tensor(try call.fourier.complexToReal(input, dims, lastSize: try call.symInt(3)))
  },
  OperatorRow("_fft_r2c") { call in
    .tensor(
      try call.fourier.realToComplex(try call.tensor(0), try call.fourierDims(), isOneSided: try call.bool(3))
    )
  },
  OperatorRow("fft_fft") { .tensor(try $0.transform(isForward: true)) },
  OperatorRow("fft_fft2") { .tensor(try $0.transformN()) },
  OperatorRow("fft_fftfreq") { .tensor(try $0.frequencies { n, _ in n }) },
  OperatorRow("fft_fftn") { .tensor(try $0.transformN()) },
  OperatorRow("fft_fftshift", shift),
  OperatorRow("fft_hfft") { .tensor(try $0.transformToReal(isForward: true)) },
  OperatorRow("fft_hfft2") { .tensor(try $0.hermitianTransformN()) },
  OperatorRow("fft_hfftn") { .tensor(try $0.hermitianTransformN()) },
  OperatorRow("fft_ifft") { .tensor(try $0.transform(isForward: false)) },
  OperatorRow("fft_ifft2") { .tensor(try $0.transformN()) },
  OperatorRow("fft_ifftn") { .tensor(try $0.transformN()) },
  OperatorRow("fft_ifftshift", shift),
  OperatorRow("fft_ihfft") { .tensor(try $0.transformFromReal(isForward: false)) },
  OperatorRow("fft_ihfft2") { .tensor(try $0.inverseHermitianTransformN()) },
  OperatorRow("fft_ihfftn") { .tensor(try $0.inverseHermitianTransformN()) },
  OperatorRow("fft_irfft") { .tensor(try $0.transformToReal(isForward: false)) },
  OperatorRow("fft_irfft2") { .tensor(try $0.inverseRealTransformN()) },
  OperatorRow("fft_irfftn") { .tensor(try $0.inverseRealTransformN()) },
  OperatorRow("fft_rfft") { .tensor(try $0.transformFromReal(isForward: true)) },
  OperatorRow("fft_rfft2") { .tensor(try $0.realTransformN()) },
  OperatorRow("fft_rfftfreq") { call in
    .tensor(try call.frequencies { n, shapes in shapes.add(shapes.floorDiv(n, 2), 1) })
  },
  OperatorRow("fft_rfftn") { .tensor(try $0.realTransformN()) },
]

/// The public forms. Source: `aten/src/ATen/native/SpectralOps.cpp`.
extension OperatorCall {
  fileprivate func fourierDims() throws -> [Int] { try wrapped(try ints(1), rank: try tensor(0).rank) }

  /// `fft(self, n, dim, norm)`, `ifft`.
  fileprivate func transform(isForward: Bool) throws -> FakeTensor {
    let input = try tensor(0)
    if !input.dtype.isComplex { return try transformFromReal(isForward: isForward, isOneSided: false) }
    let dim = try fourierDim(of: input)
    let size = try dataPoints(1, size(input, dim))
    return try fourier.complexTransform(try fourier.fitted(input, [dim], [size], isGiven: !isNone(1)), [dim])
  }

  /// `rfft(self, n, dim, norm)`, and `ihfft`, which conjugates the result.
  fileprivate func transformFromReal(isForward: Bool, isOneSided: Bool = true) throws -> FakeTensor {
    let input = try fourier.promotedForTransform(try tensor(0), toComplex: false)
    try require(!input.dtype.isComplex, "expected a real input tensor, but got \(input.dtype.name)")
    let dim = try fourierDim(of: input)
    let size = try dataPoints(1, size(input, dim))
    let result = try fourier.realToComplex(
      try fourier.fitted(input, [dim], [size], isGiven: !isNone(1)), [dim], isOneSided: isOneSided)
    return isForward ? result : fourier.conjugated(result)
  }

  /// `irfft(self, n, dim, norm)`, and `hfft`, which conjugates the input.
  fileprivate func transformToReal(isForward: Bool) throws -> FakeTensor {
    var input = try fourier.promotedForTransform(try tensor(0), toComplex: true)
    let dim = try fourierDim(of: input)
    let points = shapes.mul(2, shapes.sub(try size(input, dim), 1))
    let size = try dataPoints(1, points)
    input = try fourier.fitted(input, [dim], [shapes.add(shapes.floorDiv(size, 2), 1)], isGiven: !isNone(1))
    return try fourier.complexToReal(
      isForward ? fourier.resolved(fourier.conjugated(input)) : input, [dim], lastSize: size)
  }

  /// `fftn(self, s, dim, norm)` and its variants.
  fileprivate func transformN() throws -> FakeTensor {
    let input = try fourier.promotedForTransform(try tensor(0), toComplex: true)
    let (dims, sizes) = try transformShape(input)
    return try fourier.complexTransform(try fourier.fitted(input, dims, sizes), dims)
  }

  fileprivate func realTransformN() throws -> FakeTensor {
    let input = try fourier.promotedForTransform(try tensor(0), toComplex: false)
    try require(!input.dtype.isComplex, "expected a real-valued input tensor, but got \(input.dtype.name)")
    let (dims, sizes) = try transformShape(input)
    try require(!dims.isEmpty, "rfftn must transform at least one axis")
    return try fourier.realToComplex(try fourier.fitted(input, dims, sizes), dims, isOneSided: true)
  }

  fileprivate func inverseRealTransformN() throws -> FakeTensor {
    let (input, dims, last) = try halvedInput("irfftn")
    return try fourier.complexToReal(input, dims, lastSize: last)
  }

  fileprivate func hermitianTransformN() throws -> FakeTensor {
    var (input, dims, last) = try halvedInput("hfftn")
    if dims.count > 1 { input = try fourier.complexTransform(input, Array(dims.dropLast())) }
    return try fourier.complexToReal(
      fourier.resolved(fourier.conjugated(input)), Array(dims.suffix(1)), lastSize: last)
  }

  fileprivate func inverseHermitianTransformN() throws -> FakeTensor {
    let input = try fourier.promotedForTransform(try tensor(0), toComplex: false)
    try require(!input.dtype.isComplex, "expected a real-valued input tensor, but got \(input.dtype.name)")
    let (dims, sizes) = try transformShape(input)
    try require(!dims.isEmpty, "ihfftn must transform at least one axis")
    let half = try fourier.realToComplex(
      try fourier.fitted(input, dims, sizes), Array(dims.suffix(1)), isOneSided: true)
    if dims.count == 1 { return fourier.conjugated(half) }
    return try fourier.complexTransform(fourier.resolved(fourier.conjugated(half)), Array(dims.dropLast()))
  }

  /// The input when the last transformed dim contains half of a symmetric signal: `last // 2 + 1` of `last` values.
  private func halvedInput(_ name: String) throws -> (input: FakeTensor, dims: [Int], last: SymInt) {
    let input = try fourier.promotedForTransform(try tensor(0), toComplex: true)
    var (dims, sizes) = try transformShape(input)
    guard let dim = dims.last, sizes.count > 0 else {
      throw refusal("\(name) must transform at least one axis")
    }
    let given = try optionalSymInts(1)?.last
    let isDefault = given == nil || given == -1
    let last = isDefault ? shapes.mul(2, shapes.sub(try size(input, dim), 1)) : sizes[sizes.count - 1]
    try require(
      try evaluate(shapes.ge(last, 1)), "Invalid number of data points (\(shapes.text(of: last))) specified")
    sizes[sizes.count - 1] = shapes.add(shapes.floorDiv(last, 2), 1)
    return (try fourier.fitted(input, dims, sizes), dims, last)
  }

  private func fourierDim(of input: FakeTensor) throws -> Int {
    try require(input.rank > 0, "Dimension specified as 0 but tensor has no dimensions")
    return try wrapped(try int(2), rank: input.rank)
  }

  private func dataPoints(_ position: Int, _ fallback: SymInt) throws -> SymInt {
    let size = try optionalSymInt(position) ?? fallback
    try require(
      try evaluate(shapes.ge(size, 1)), "Invalid number of data points (\(shapes.text(of: size))) specified")
    return size
  }

  /// The dims to transform and their sizes; by default all dims.
  ///
  /// - Source: `canonicalize_fft_shape_and_dim_args`.
  private func transformShape(_ input: FakeTensor) throws -> (dims: [Int], sizes: Sizes) {
    let (given, givenDims) = (try optionalSymInts(1), try optionalInts(2))
    var dims = givenDims ?? []
    if givenDims != nil {
      try require(input.rank > 0 || dims.isEmpty, "tensor has no dimensions")
      dims = try wrapped(dims, rank: input.rank)
    }
    var sizes = Sizes()
    if let given {
      try require(
        givenDims == nil || dims.count == given.count,
        "When given, dim and shape arguments must have the same length")
      try require(
        given.count <= input.rank,
        "Got shape with \(given.count) values but input tensor only has \(input.rank) dimensions.")
      if givenDims == nil { dims = Array((input.rank - given.count)..<input.rank) }
      for (dim, size) in zip(dims, given) { sizes.append(size == -1 ? input.sizes[dim] : size) }
    } else {
      if givenDims == nil { dims = Array(0..<input.rank) }
      for dim in dims { sizes.append(input.sizes[dim]) }
    }
    for size in sizes {
      try require(
        try evaluate(shapes.gt(size, 0)),
        "Invalid number of data points (\(shapes.text(of: size))) specified")
    }
    return (dims, sizes)
  }

  /// `fftfreq(n, d, …)` and `rfftfreq`: sample frequencies.
  fileprivate func frequencies(_ count: (SymInt, ShapeEnv) -> SymInt) throws -> FakeTensor {
    let overloadShift = schema.arguments.count > 5 ? 2 : 1
    let dtype = try optionalDtype(overloadShift) ?? .float32
    try require(
      dtype.isFloatingPoint || dtype.isComplex, "fftfreq requires a floating point or complex dtype")
    let n = try symInt(0)
    try check(shapes.ge(n, 0), "fftfreq needs a non-negative number of points")
    let device = try optionalDevice(overloadShift + 2) ?? .cpu
    return mode.tensor([count(n, shapes)], dtype: dtype, device: device)
  }
}

/// `fft_fftshift(self, dim)` and its inverse: `roll` by half of each size.
@Sendable
private func shift(_ call: OperatorCall) throws -> FakeValue {
  let (input, shapes) = (try call.tensor(0), call.shapes)
  let dims = try call.optionalInts(1) ?? Array(0..<input.rank)
  let positions = try call.wrapped(dims, rank: input.rank)
  var shifts = Sizes()
  for dim in positions where dim < input.rank { shifts.append(shapes.floorDiv(input.sizes[dim], 2)) }
  return try call.aten("roll.default", .tensor(input), .sizes(shifts), .ints(positions))
}
