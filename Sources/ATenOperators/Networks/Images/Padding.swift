import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Padding of dims at both ends, from the last dim on: constant, reflected, replicated or circular.
///
/// Rows are in alphabetical order.
let padding: [OperatorRow] = [
  OperatorRow("_pad_circular") { call in .tensor(try call.circularPad(call.tensor(0), call.symInts(1))) },
  OperatorRow("_pad_enum") { call in
    .tensor(try call.pad(call.tensor(0), call.symInts(1), mode: PaddingMode(rawValue: call.int(2)), value: 3))
  },
  OperatorRow("constant_pad_nd") { call in .tensor(try call.constantPad(call.tensor(0), call.symInts(1))) },
  OperatorRow("pad") { call in
    let mode = PaddingMode(name: try call.string(2))
    return .tensor(try call.pad(call.tensor(0), call.symInts(1), mode: mode, value: 3))
  },
  .padding("reflection_pad1d", dims: 1, .reflect),
  .padding("reflection_pad2d", dims: 2, .reflect),
  .padding("reflection_pad3d", dims: 3, .reflect),
  .paddingGradient("reflection_pad1d_backward", dims: 1, .reflect),
  .paddingGradient("reflection_pad2d_backward", dims: 2, .reflect),
  .paddingGradient("reflection_pad3d_backward", dims: 3, .reflect),
  .padding("replication_pad1d", dims: 1, .replicate),
  .padding("replication_pad2d", dims: 2, .replicate),
  .padding("replication_pad3d", dims: 3, .replicate),
  .paddingGradient("replication_pad1d_backward", dims: 1, .replicate),
  .paddingGradient("replication_pad2d_backward", dims: 2, .replicate),
  .paddingGradient("replication_pad3d_backward", dims: 3, .replicate),
]

/// How the new elements are computed.
///
/// Raw values are those of `at::padding_mode`.
enum PaddingMode: Int {
  case reflect, replicate, circular, constant

  init?(name: String) {
    switch name {
    case "reflect": self = .reflect
    case "replicate": self = .replicate
    case "circular": self = .circular
    case "constant": self = .constant
    default: return nil
    }
  }
}

extension OperatorRow {
  fileprivate static func padding(_ name: String, dims: Int, _ mode: PaddingMode) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.pad(call.tensor(0), call.symInts(1), dims: dims, mode)) }
  }

  /// `…_backward(Tensor grad_output, Tensor self, SymInt[] padding) -> Tensor`: contiguous, the sizes of
  /// `self`.
  fileprivate static func paddingGradient(_ name: String, dims: Int, _ mode: PaddingMode) -> OperatorRow {
    OperatorRow(name) { call in
      .tensor(try call.padGradient(call.tensor(0), call.tensor(1), call.symInts(2), dims: dims, mode))
    }
  }
}

extension OperatorCall {
  /// `constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor`:
  /// `out.size(−1−i) = self.size(−1−i) + pad[2i] + pad[2i+1]`; negative amounts crop.
  ///
  /// - Throws: a refusal for an odd number of amounts, more than two for each dim, a negative size.
  /// - Source: `_constant_pad_nd_meta`, `torch/_meta_registrations.py`.
  func constantPad(_ tensor: FakeTensor, _ pad: Sizes) throws -> FakeTensor {
    try require(pad.count % 2 == 0, "Length of pad must be even but instead it equals \(pad.count)")
    try require(
      pad.count <= 2 * tensor.rank,
      "Length of pad should be no more than twice the number of dimensions of the input. Pad length is \(pad.count) "
        + "while the input has \(tensor.rank) dimensions.")
    if pad.allSatisfy({ $0.isKnown { $0 <= 0 } }) { return try clone(cut(tensor, pad)) }
    var sizes = tensor.sizes
    for pair in 0..<pad.count / 2 {
      let dim = tensor.rank - 1 - pair
      let size = shapes.add(shapes.add(sizes[dim], pad[2 * pair]), pad[2 * pair + 1])
      try check(
        shapes.ge(size, 0),
        "The input size \(shapes.text(of: sizes[dim])), plus negative padding resulted in a negative output size, "
          + "which is invalid. Check dimension \(dim) of your input.")
      sizes[dim] = size
    }
    let format = shapes.geometry.suggestedMemoryFormat(tensor)
    return mode.tensor(
      sizes, strides: try strides(sizes, format), dtype: tensor.dtype, device: tensor.device)
  }

  /// The cropped view, if nothing is added.
  private func cut(_ tensor: FakeTensor, _ pad: Sizes) throws -> FakeTensor {
    var result = tensor
    for pair in 0..<pad.count / 2 {
      let dim = tensor.rank - 1 - pair
      for (amount, isFront) in [(pad[2 * pair], true), (pad[2 * pair + 1], false)] where amount != 0 {
        let length = shapes.add(result.sizes[dim], amount)
        result = try views.narrow(result, dim, isFront ? shapes.neg(amount) : 0, length)
      }
    }
    return result
  }

  /// `pad(Tensor self, SymInt[] pad, str mode="constant", float? value=None) -> Tensor`.
  ///
  /// - Source: `_pad_enum_symint`, `aten/src/ATen/native/PadNd.cpp`.
  fileprivate func pad(
    _ tensor: FakeTensor, _ pad: Sizes, mode: PaddingMode?, value position: Int
  ) throws -> FakeTensor {
    guard let mode else { throw refusal("Unrecognised padding mode") }
    try require(pad.count % 2 == 0, "Padding length must be divisible by 2")
    try require(
      pad.count <= 2 * tensor.rank,
      "Padding length should be less than or equal to two times the input dimension but got padding length "
        + "\(pad.count) and input of dimension \(tensor.rank)")
    if mode == .constant { return try constantPad(tensor, pad) }
    try require(
      try isNone(position) || double(position) == 0, "Padding mode \"\(mode)\" doesn't take in value argument"
    )
    let dims = pad.count / 2
    try require(
      1...3 ~= dims && (tensor.rank == dims + 1 || tensor.rank == dims + 2),
      "Padding size \(pad.count) is not supported for \(tensor.rank)D input tensor.")
    return mode == .circular ? try circularPad(tensor, pad) : try self.pad(tensor, pad, dims: dims, mode)
  }

  /// `_pad_circular(Tensor self, SymInt[] pad) -> Tensor`: contiguous.
  ///
  /// - Source: `_pad_circular_symint`, `aten/src/ATen/native/PadNd.cpp`.
  fileprivate func circularPad(_ tensor: FakeTensor, _ pad: Sizes) throws -> FakeTensor {
    let dims = pad.count / 2
    let lead = tensor.rank - dims
    try require(
      pad.count % 2 == 0 && (lead == 1 || lead == 2),
      "Invalid padding size, expected 1 or 2 non-padded dimensions")
    var sizes = tensor.sizes
    for pair in 0..<dims {
      let dim = tensor.rank - 1 - pair
      let (before, after) = (pad[2 * pair], pad[2 * pair + 1])
      try require(
        try evaluate(shapes.le(before, sizes[dim])) && evaluate(shapes.le(after, sizes[dim])),
        "Padding value causes wrapping around more than once.")
      sizes[dim] = shapes.add(shapes.add(sizes[dim], before), after)
      try require(
        try evaluate(shapes.ge(sizes[dim], 0)), "Negative padding value is resulting in an empty dimension")
    }
    return mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
  }

  /// `reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor` and its variants, over the last `dims`
  /// dims.
  ///
  /// - Throws: a refusal for a wrong number of amounts, empty dims, a result that is too small, and for
  ///   reflections as wide as the dim.
  /// - Source: `_pad1d_common`, `_pad2d_common`, `_pad3d_common`, `torch/_meta_registrations.py`.
  fileprivate func pad(
    _ tensor: FakeTensor, _ pad: Sizes, dims: Int, _ padding: PaddingMode
  ) throws -> FakeTensor {
    try require(
      padding == .reflect || !tensor.dtype.isBool, "\"replication_pad\(dims)d\" not implemented for 'Bool'")
    try require(pad.count == 2 * dims, "padding size is expected to be \(2 * dims), but got: \(pad.count)")
    let isBatch = tensor.rank == dims + 2
    var nonEmpty: SymBool = true
    for size in isBatch ? tensor.sizes[1...] : tensor.sizes[...] {
      nonEmpty = shapes.and(nonEmpty, shapes.ne(size, 0))
    }
    try check(
      nonEmpty,
      "Expected \(dims + 1)D or \(dims + 2)D (batch mode) tensor with possibly 0 batch size and other non-zero "
        + "dimensions for input, but got: \(shapes.shortText(of: tensor.sizes))")
    let first = isBatch ? 2 : 1
    try require(tensor.rank >= first + dims, "Dimension out of range")
    var padded = Sizes(tensor.sizes[first..<(first + dims)])
    for pair in 0..<dims {
      let dim = dims - 1 - pair
      let (before, after) = (pad[2 * pair], pad[2 * pair + 1])
      if padding == .reflect { try requireNarrow(before, after, than: padded[dim]) }
      padded[dim] = shapes.add(shapes.add(padded[dim], before), after)
    }
    try requireLargeEnough(padded)
    let lead: [SymInt] =
      isBatch
      ? Array(tensor.sizes[..<2]) : tensor.rank == dims + 1 ? [tensor.sizes[0]] : [1, tensor.sizes[0]]
    let sizes = Sizes(lead + Array(padded))
    for size in sizes { try check(shapes.ge(size, 0), "Trying to create tensor with negative dimension") }
    let keepsFormat = dims == 2 && isBatch && tensor.device.type != .cuda
    let format = keepsFormat ? shapes.geometry.suggestedMemoryFormat(tensor) : .contiguous
    return mode.tensor(sizes, strides: try strides(sizes, format), dtype: tensor.dtype, device: tensor.device)
  }

  /// No padded dim is empty; up to PyTorch 2.13 at least one is not.
  ///
  /// There the last of two dims is decided before the other.
  private func requireLargeEnough(_ padded: Sizes) throws {
    if has(.paddingLeavesAllDims) {
      let filled = padded.reversed().reduce(SymBool(true)) { shapes.and($0, shapes.ge($1, 1)) }
      return try check(
        filled, "the calculated output \(shapes.shortText(of: padded)) must be >= 1 in every dimension")
    }
    var isLargeEnough: SymBool = false
    for size in padded.reversed() {
      let hasElements = shapes.ge(size, 1)
      if padded.count == 2, isLargeEnough.constant == false, try size != padded[0] && evaluate(hasElements) {
        return
      }
      isLargeEnough = shapes.or(isLargeEnough, hasElements)
    }
    try check(isLargeEnough, "input is too small: the calculated output is \(shapes.shortText(of: padded))")
  }

  private func requireNarrow(_ before: SymInt, _ after: SymInt, than size: SymInt) throws {
    try check(
      shapes.and(shapes.lt(before, size), shapes.lt(after, size)),
      "Padding size should be less than the corresponding input dimension, but got: padding "
        + "(\(shapes.text(of: before)), \(shapes.text(of: after))) for a size of \(shapes.text(of: size))")
  }

  /// - Source: `_pad1d_backward_common`, `meta_pad2d_backward`, `meta_pad3d_backward`.
  fileprivate func padGradient(
    _ gradient: FakeTensor, _ tensor: FakeTensor, _ pad: Sizes, dims: Int, _ padding: PaddingMode
  ) throws -> FakeTensor {
    try require(pad.count == 2 * dims, "padding size is expected to be \(2 * dims)")
    let first = tensor.rank == dims + 2 ? 2 : 1
    try require(
      tensor.rank >= first + dims && gradient.rank >= first + dims, "the input has too few dims to be padded")
    for pair in 0..<dims {
      let dim = first + dims - 1 - pair
      let (before, after) = (pad[2 * pair], pad[2 * pair + 1])
      if dims == 1, padding == .reflect { try requireNarrow(before, after, than: tensor.sizes[dim]) }
      let expected = shapes.add(shapes.add(tensor.sizes[dim], before), after)
      try check(
        shapes.eq(expected, gradient.sizes[dim]),
        "grad_output size unexpected. Expected: \(shapes.text(of: expected)), Got: "
          + shapes.text(of: gradient.sizes[dim]))
    }
    return mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device)
  }
}
