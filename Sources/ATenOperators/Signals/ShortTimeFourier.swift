import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Short-time Fourier transforms and their inverse.
///
/// Rows are in alphabetical order.
let shortTimeFourier: [OperatorRow] = [
  OperatorRow("istft", istft),
  OperatorRow("stft") { .tensor(try $0.stft()) },
]

extension OperatorCall {
  /// `stft(self, n_fft, hop_length, win_length, window, normalized, onesided, return_complex, align_to_window)`,
  /// and `stft.center` with `center, pad_mode` after the window: `[b?, n] → [b?, frequencies, frames]`.
  ///
  /// - Source: `stft`, `aten/src/ATen/native/SpectralOps.cpp`; `torch/_refs`.
  fileprivate func stft() throws -> FakeTensor {
    let shift = schema.name.overload == "center" ? 2 : 0
    let signal = try tensor(0)
    let points = try symInt(1)
    let hop = try optionalSymInt(2) ?? shapes.floorDiv(points, 4)
    let width = try optionalSymInt(3) ?? points
    let window = try optionalTensor(4)
    let isComplex = signal.dtype.isComplex || window?.dtype.isComplex == true
    let returnsComplex = try optionalBool(7 + shift)
    try require(
      returnsComplex != nil || isComplex,
      "stft requires the return_complex parameter be given for real inputs")
    try require(
      signal.dtype.isFloatingPoint || signal.dtype.isComplex,
      "stft expected a tensor of floating point or complex values")
    try require(signal.rank == 1 || signal.rank == 2, "stft expected a 1D or 2D tensor")
    var input = signal.rank == 1 ? try views.unsqueeze(signal, 0) : signal
    var padding: SymInt = 0
    let centers = shift > 0 ? try bool(5) : false
    if centers {
      padding = shapes.floorDiv(points, 2)
    } else if try optionalBool(8 + shift) == true {
      padding = shapes.floorDiv(shapes.sub(points, width), 2)
    }
    if padding != 0 {
      let length = shapes.add(input.sizes[1], shapes.mul(2, padding))
      input = newTensor([input.sizes[0], length], like: input)
    }
    try require(try evaluate(shapes.gt(points, 0)), "stft expected 0 < n_fft")
    try check(shapes.le(points, input.sizes[1]), "stft expected n_fft <= the length of the signal")
    try require(try evaluate(shapes.gt(hop, 0)), "stft expected hop_length > 0")
    try checkWindow(window, width, points, "stft")
    let frames = shapes.add(shapes.floorDiv(shapes.sub(input.sizes[1], points), hop), 1)
    input = mode.view(
      of: input, sizes: [input.sizes[0], frames, points],
      strides: [input.strides[0], shapes.mul(hop, input.strides[1]), input.strides[1]])
    if window != nil || width != points {
      let factor = mode.tensor([points], dtype: window?.dtype ?? input.dtype, device: input.device)
      input = try pointwise([input, factor], dtype: matrices.promoted(input, factor))
    }
    let isOneSided = try optionalBool(6 + shift) ?? !isComplex
    try require(!isOneSided || !isComplex, "Cannot have onesided output if window or input is complex")
    input = try fourier.promotedForTransform(input, toComplex: false)
    let spectrum =
      isComplex
      ? try fourier.complexTransform(input, [2])
      : try fourier.realToComplex(input, [2], isOneSided: isOneSided)
    var result = try transposed(spectrum, 1, 2)
    if signal.rank == 1 {
      result = mode.view(
        of: result, sizes: Sizes(result.sizes.dropFirst()), strides: Sizes(result.strides.dropFirst()))
    }
    return returnsComplex ?? isComplex ? result : try atenTensor("view_as_real.default", .tensor(result))
  }

  private func isPositive(_ value: SymInt, upTo bound: SymInt) throws -> Bool {
    try evaluate(shapes.gt(value, 0)) ? try evaluate(shapes.le(value, bound)) : false
  }

  fileprivate func checkWindow(
    _ window: FakeTensor?, _ width: SymInt, _ points: SymInt, _ name: String
  ) throws {
    try require(try isPositive(width, upTo: points), "\(name) expected 0 < win_length <= n_fft")
    guard let window else { return }
    let fits = window.rank == 1 ? try isEqual(window.sizes[0], width) : false
    try require(fits, "\(name) expected a 1D window tensor of size equal to win_length")
  }
}

/// `istft(self, n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex)`:
/// `[b?, frequencies, frames] → [b?, n]`.
///
/// - Guards: without `onesided`, whether there are `n_fft` frequencies.
/// - Source: `istft`, `torch/_refs`.
@Sendable
private func istft(_ call: OperatorCall) throws -> FakeValue {
  let (spectrum, shapes) = (try call.tensor(0), call.shapes)
  let points = try call.symInt(1)
  let hop = try call.optionalSymInt(2) ?? shapes.floorDiv(points, 4)
  let width = try call.optionalSymInt(3) ?? points
  let window = try call.optionalTensor(4)
  let returnsComplex = try call.bool(9)
  try call.require(spectrum.dtype.isComplex, "istft expected a complex tensor")
  let (frames, frequencies) = (try call.size(spectrum, -1), try call.size(spectrum, -2))
  let expected = shapes.add(points, shapes.mul(hop, shapes.sub(frames, 1)))
  try call.check(shapes.gt(shapes.geometry.numel(spectrum), 0), "istft input tensor cannot be empty")
  try call.require(
    spectrum.rank == 2 || spectrum.rank == 3,
    "istft expected a tensor with 2 or 3 dimensions, but got \(spectrum.rank)")
  let isOneSided = try call.optionalBool(7) ?? (try call.evaluate(shapes.ne(frequencies, points)))
  let wanted = isOneSided ? shapes.add(shapes.floorDiv(points, 2), 1) : points
  try call.check(shapes.eq(wanted, frequencies), "istft expected another number of frequencies")
  try call.require(try call.evaluate(shapes.gt(hop, 0)), "istft expected 0 < hop_length <= win_length")
  try call.require(try call.evaluate(shapes.le(hop, width)), "istft expected 0 < hop_length <= win_length")
  try call.checkWindow(window, width, points, "istft")
  var input = try call.transposed(spectrum.rank == 2 ? try call.views.unsqueeze(spectrum, 0) : spectrum, 1, 2)
  if returnsComplex {
    try call.require(!isOneSided, "cannot have onesided output if window or input is complex")
    input = try call.fourier.complexTransform(input, [2])
  } else {
    try call.require(
      window?.dtype.isComplex != true, "Complex windows are incompatible with return_complex=False")
    let half = shapes.add(shapes.floorDiv(points, 2), 1)
    if !isOneSided { input = try call.fourier.fitted(input, [2], [half]) }
    let last = shapes.mul(2, shapes.sub(half, 1))
    input = try call.fourier.complexToReal(input, [2], lastSize: last)
  }
  try call.require(try call.isEqual(input.sizes[2], points), "istft expected n_fft values for each frame")
  let start = try call.bool(5) ? shapes.floorDiv(points, 2) : 0
  let length = try call.optionalSymInt(8)
  let end = length.map { shapes.add(start, $0) } ?? shapes.sub(expected, start)
  let dtype = window.map { call.matrices.promoted(input, $0) } ?? input.dtype
  let whole = call.mode.tensor([input.sizes[0], expected], dtype: dtype, device: input.device)
  let isClamped = call.has(.istftClampsSymbolically)
  var size = try call.atenTensor(
    "slice.Tensor", .tensor(whole), .int(1), .symInt(start),
    .symInt(isClamped ? shapes.min(end, expected) : end), .int(1)
  ).sizes[1]
  if isClamped {
    if !shapes.staticallyKnownTrue(shapes.le(end, expected)) {
      size = shapes.add(size, shapes.max(shapes.sub(end, expected), 0))
    }
  } else if try call.evaluate(shapes.gt(end, expected)) {
    size = shapes.add(size, shapes.sub(end, expected))
  }
  let sizes: Sizes = spectrum.rank == 2 ? [size] : [input.sizes[0], size]
  return .tensor(call.mode.tensor(sizes, dtype: dtype, device: input.device))
}
