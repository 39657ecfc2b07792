import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Images to columns of blocks, and back.
///
/// Rows are in alphabetical order.
let slidingBlocks: [OperatorRow] = [
  OperatorRow("col2im", columnsToImage),
  OperatorRow("im2col", imageToColumns),
]

/// A window that slides over an image: one entry for each of two dims.
private struct SlidingWindow {
  let kernel: Sizes
  let dilation: Sizes
  let padding: Sizes
  let stride: Sizes

  /// Reads the four arguments from `position` on.
  init(_ call: OperatorCall, at position: Int) throws {
    kernel = try Self.pair(call, position, "kernel_size", above: 0)
    dilation = try Self.pair(call, position + 1, "dilation", above: 0)
    padding = try Self.pair(call, position + 2, "padding", above: -1)
    stride = try Self.pair(call, position + 3, "stride", above: 0)
  }

  static func pair(_ call: OperatorCall, _ position: Int, _ name: String, above least: SymInt) throws -> Sizes
  {
    let values = try call.symInts(position)
    try call.require(values.count == 2, "only 2D \(name) supported")
    for value in values {
      try call.require(
        try call.evaluate(call.shapes.gt(value, least)),
        "\(name) should be greater than \(call.shapes.text(of: least)), but got \(call.shapes.shortText(of: values))"
      )
    }
    return values
  }

  /// `1 + (size + 2·padding − dilation·(kernel − 1) − 1) // stride`.
  func positions(_ shapes: ShapeEnv, _ size: SymInt, _ dim: Int) -> SymInt {
    let padded = shapes.add(size, shapes.mul(2, padding[dim]))
    let reach = shapes.add(shapes.mul(dilation[dim], shapes.sub(kernel[dim], 1)), 1)
    return shapes.add(1, shapes.floorDiv(shapes.sub(padded, reach), stride[dim]))
  }
}

/// `im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor`:
/// `[N, C, H, W] → [N, C·Πkernel, Πpositions]`, with or without N: a copy `[N, C, kernel, positions, kernel, positions]`
/// with its dims permuted and merged, so a view of it where they merge.
///
/// - Throws: a refusal for empty dims and for an image smaller than the kernel.
/// - Source: `im2col`, `torch/_decomp/decompositions.py`.
@Sendable
private func imageToColumns(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let shapes = call.shapes
  let window = try SlidingWindow(call, at: 1)
  let first = tensor.rank - 3
  try call.require(
    first == 0 || first == 1, "Expected 3D or 4D (batch mode) tensor, but got \(tensor.rank) dims")
  for size in tensor.sizes[first...] {
    try call.require(
      try call.evaluate(shapes.ne(size, 0)),
      "Expected non-zero dimensions, but got: \(shapes.shortText(of: tensor.sizes))")
  }
  var copied: Sizes = [first == 0 ? 1 : tensor.sizes[0], tensor.sizes[first]]
  for dim in 0..<2 {
    let count = window.positions(shapes, tensor.sizes[first + 1 + dim], dim)
    try call.require(
      try call.evaluate(shapes.gt(count, 0)), "the array of sliding blocks must have at least one component")
    copied = copied.appending(window.kernel[dim], count)
    // The positions are unsqueezed.
    call.askWhetherOnes([count])
  }
  let blocks = call.newTensor(copied, like: tensor)
  let order = [0, 1, 2, 4, 3, 5]
  let permuted = call.mode.view(
    of: blocks, sizes: Sizes(order.map { blocks.sizes[$0] }), strides: Sizes(order.map { blocks.strides[$0] })
  )
  let merged: Sizes = [
    copied[0], shapes.mul(shapes.mul(copied[1], copied[2]), copied[4]), shapes.mul(copied[3], copied[5]),
  ]
  let columns = try call.atenTensor("reshape.default", .tensor(permuted), .sizes(merged))
  return .tensor(first == 0 ? try call.atenTensor("squeeze.dim", .tensor(columns), .int(0)) : columns)
}

/// `col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding,
/// int[2] stride) -> Tensor`: `[N, C·Πkernel, Πpositions] → [N, C, *output_size]`, contiguous.
///
/// - Throws: a refusal if the columns do not match the image.
/// - Source: `col2im`, `torch/_decomp/decompositions.py`.
@Sendable
private func columnsToImage(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let shapes = call.shapes
  let window = try SlidingWindow(call, at: 2)
  let output = try SlidingWindow.pair(call, 1, "output_size", above: 0)
  let first = tensor.rank - 2
  try call.require(
    first == 0 || first == 1, "Expected 2D or 3D (batch mode) tensor, but got \(tensor.rank) dims")
  for size in tensor.sizes[first...] {
    try call.require(
      try call.evaluate(shapes.ne(size, 0)),
      "Expected non-zero dimensions, but got: \(shapes.shortText(of: tensor.sizes))")
  }
  let (rows, block) = (tensor.sizes[first], shapes.product(window.kernel))
  try call.check(
    shapes.eq(shapes.mod(rows, block), 0),
    "Expected size of input's first non-batch dimension to be divisible by the product of kernel_size, but got "
      + "\(shapes.text(of: rows)) and \(shapes.shortText(of: window.kernel))")
  let positions = shapes.mul(
    window.positions(shapes, output[0], 0), window.positions(shapes, output[1], 1))
  try call.check(
    shapes.and(shapes.eq(tensor.sizes[first + 1], positions), shapes.gt(positions, 0)),
    "expected input.size(-1) to be \(shapes.text(of: positions)) but got \(shapes.text(of: tensor.sizes[first + 1]))"
  )
  // The padded image, whose border is then cut off.
  var sizes = Sizes(Array(tensor.sizes[..<first]) + [shapes.floorDiv(rows, block)])
  for dim in 0..<2 { sizes.append(shapes.add(output[dim], shapes.mul(2, window.padding[dim]))) }
  let (height, width) = (shapes.neg(window.padding[0]), shapes.neg(window.padding[1]))
  let image = call.mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
  return .tensor(try call.constantPad(image, [width, width, height, height]))
}
