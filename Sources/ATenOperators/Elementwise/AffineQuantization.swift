import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Quantization of torchao: a scale and a zero point for each block of the input.
///
/// Rows are in alphabetical order.
///
/// Source: torchao, `torchao/quantization/quant_primitives.py`.
let affineQuantization: [OperatorRow] = [
  OperatorRow("torchao.choose_qparams_affine") { .tuple(try chooseParameters($0)) },
  OperatorRow("torchao.choose_scale_float8") { call in
    let input = try call.tensor(0)
    return .tensor(call.newTensor(try Blocks(call, of: input).counts(call), like: input, dtype: .float32))
  },
  OperatorRow("torchao.dequantize_affine") { call in
    let input = try call.tensor(0)
    let (given, dtype) = (try call.optionalDtype(4), try call.optionalDtype(7) ?? .float32)
    try call.require(
      given == nil || given?.isSmallUnsigned == true || given == input.dtype,
      "Expected: \(given?.name ?? ""), got: \(input.dtype.name)")
    try call.require(
      [.float32, .float16, .bfloat16].contains(dtype), "Unsupported output dtype: \(dtype.name)")
    _ = try Blocks(call, of: input)
    return .tensor(call.emptyLike(input, dtype: dtype))
  },
  OperatorRow("torchao.dequantize_affine_float8_non_decomposed") { call in
    .tensor(call.emptyLike(try call.tensor(0), dtype: try call.optionalDtype(2)))
  },
  OperatorRow("torchao.quantize_affine") { call in
    let input = try call.tensor(0)
    try call.require(
      [.float32, .float16, .bfloat16].contains(input.dtype), "Unsupported input dtype: \(input.dtype.name)")
    _ = try Blocks(call, of: input)
    let dtype = try call.optionalDtype(4)
    return .tensor(call.emptyLike(input, dtype: dtype?.isSmallUnsigned == true ? .uint8 : dtype))
  },
  OperatorRow("torchao.quantize_affine_float8_non_decomposed") { call in
    .tensor(call.emptyLike(try call.tensor(0), dtype: try call.optionalDtype(2)))
  },
]

extension ScalarType {
  /// Whether elements are unsigned integers of less than a byte.
  fileprivate var isSmallUnsigned: Bool {
    switch self {
    case .uint1, .uint2, .uint3, .uint4, .uint5, .uint6, .uint7: true
    default: false
    }
  }
}

/// How the block sizes at a position divide a tensor.
private struct Blocks {
  /// The sizes of the tensor; a dim with several blocks counts as two dims, and the block dims are reduced.
  var kept: Sizes = []
  private let input: FakeTensor
  private let sizes: Sizes

  /// - Guards: whether a dim is one block, otherwise that the block size divides it.
  /// - Source: `_get_reduction_params`.
  init(_ call: OperatorCall, of input: FakeTensor, at position: Int = 1) throws {
    (self.input, sizes) = (input, try call.symInts(position))
    try call.require(
      sizes.count == input.rank,
      "Got input dim:\(input.rank), block_size: \(call.shapes.shortText(of: sizes))")
    for (size, block) in zip(input.sizes, sizes) {
      if try call.isEqual(block, size) || !call.evaluate(call.shapes.gt(block, 1)) {
        if try call.isEqual(block, 1) { kept.append(size) }
        continue
      }
      try call.require(
        try call.isEqual(call.shapes.mod(size, block), 0),
        "Expecting input size \(call.shapes.text(of: size)) to be divisible by block_size "
          + call.shapes.text(of: block))
      kept.append(call.shapes.floorDiv(size, block))
    }
  }

  /// The number of blocks in each dim.
  func counts(_ call: OperatorCall) throws -> Sizes {
    var counts = Sizes()
    for (size, block) in zip(input.sizes, sizes) { counts.append(call.shapes.floorDiv(size, block)) }
    return counts
  }
}

/// `choose_qparams_affine(Tensor? input, str mapping_type, SymInt[] block_size, ScalarType target_dtype, …, ScalarType?
/// scale_dtype, ScalarType? zero_point_dtype, bool keepdim) -> (scale, zero_point)`: one number per block; with
/// `keepdim`, in as many dims as the input has.
private func chooseParameters(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, mapping) = (try call.tensor(0), try call.string(1))
  try call.require(
    ["SYMMETRIC", "SYMMETRIC_NO_CLIPPING_ERR", "ASYMMETRIC"].contains(mapping),
    "Unsupported mapping type: \(mapping)")
  let blocks = try Blocks(call, of: input, at: 2)
  let sizes = try call.bool(9) ? blocks.counts(call) : blocks.kept
  let fallback: ScalarType = mapping == "ASYMMETRIC" ? .int32 : input.dtype
  return [
    .tensor(call.newTensor(sizes, like: input, dtype: try call.optionalDtype(7))),
    .tensor(call.newTensor(sizes, like: input, dtype: try call.optionalDtype(8) ?? fallback)),
  ]
}
