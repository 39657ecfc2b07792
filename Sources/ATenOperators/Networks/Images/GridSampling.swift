import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Sampling at the points of a grid, and affine grids.
///
/// Rows are in alphabetical order.
let gridSampling: [OperatorRow] = [
  OperatorRow("_grid_sampler_2d_cpu_fallback") { call in
    try call.checkPlaneGrid(try call.tensor(0), try call.tensor(1))
    return .tensor(try call.sampled2d())
  },
  OperatorRow("_grid_sampler_2d_cpu_fallback_backward") { call in
    let (input, grid) = (try call.tensor(1), try call.tensor(2))
    try call.checkPlaneGrid(input, grid)
    return .tensors(call.newTensor(input.sizes, like: input), call.newTensor(grid.sizes, like: grid))
  },
  OperatorRow("affine_grid_generator", affineGrid),
  OperatorRow("affine_grid_generator_backward", affineGridBackward),
  OperatorRow("grid_sampler") { call in
    .tensor(try (try call.tensor(0)).rank == 5 ? call.sampled3d() : call.sampled2d())
  },
  OperatorRow("grid_sampler_2d") { .tensor(try $0.sampled2d()) },
  OperatorRow("grid_sampler_2d_backward") { try $0.samplingGradients() }.onOneDevice(),
  OperatorRow("grid_sampler_3d") { .tensor(try $0.sampled3d()) },
  OperatorRow("grid_sampler_3d_backward") { call in
    try call.checkGrid(try call.tensor(1), try call.tensor(2), mode: 3)
    return try call.samplingGradients()
  }.onOneDevice(),
]

extension OperatorCall {
  /// `[n, c, ih, iw]` at `[n, oh, ow, 2]` → `[n, c, oh, ow]`.
  ///
  /// - Guards: the grid's points have two coordinates.
  /// - Source: `_grid_sampler_2d`, `torch/_decomp/decompositions.py`.
  fileprivate func sampled2d() throws -> FakeTensor {
    let (input, grid) = (try tensor(0), try tensor(1))
    try require(
      input.rank == 4 && grid.rank == 4,
      "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, "
        + "but got input with sizes \(shapes.shortText(of: input.sizes)) and grid with sizes \(shapes.shortText(of: grid.sizes))"
    )
    try require((0...2).contains(try int(2)), "Invalid interpolation mode")
    try require((0...2).contains(try int(3)), "Invalid padding mode")
    try require(
      try !evaluate(shapes.ne(grid.sizes[3], 2)), "grid last dimension must be 2 (for x,y coords)")
    // On the CPU, the grid is repeated for each channel.
    if input.device.type == .cpu, input.sizes.isSymbolic || grid.sizes.isSymbolic {
      let (height, width) = (grid.sizes[1], grid.sizes[2])
      let view = try views.view(grid, [input.sizes[0], 1, height, width, 2])
      _ = try expanded(view, to: [input.sizes[0], input.sizes[1], height, width, 2])
      for size in input.sizes.prefix(2) { ask(.layout, of: mode.tensor([size], dtype: .int64)) }
    } else {
      try check(
        shapes.eq(grid.sizes[0], input.sizes[0]),
        "grid_sampler(): expected grid and input to have same batch size")
    }
    return mode.tensor(
      [input.sizes[0], input.sizes[1], grid.sizes[1], grid.sizes[2]], dtype: matrices.promoted(input, grid),
      device: try commonDevice([input, grid]))
  }

  /// `[n, c, id, ih, iw]` at `[n, od, oh, ow, 3]` → `[n, c, od, oh, ow]`.
  ///
  /// - Source: `grid_sampler_3d`, `torch/_meta_registrations.py`.
  fileprivate func sampled3d() throws -> FakeTensor {
    let (input, grid) = (try tensor(0), try tensor(1))
    try checkGrid(input, grid, mode: 2)
    return newTensor(
      [input.sizes[0], input.sizes[1], grid.sizes[1], grid.sizes[2], grid.sizes[3]], like: input)
  }

  fileprivate func checkPlaneGrid(_ input: FakeTensor, _ grid: FakeTensor) throws {
    try require(
      input.rank == 4 && grid.rank == 4,
      "grid_sampler(): expected 4D input and grid with same number of dimensions")
    for dim in 2..<4 {
      try check(
        shapes.gt(input.sizes[dim], 0), "grid_sampler(): expected input to have non-empty spatial dimensions")
    }
  }

  fileprivate func checkGrid(_ input: FakeTensor, _ grid: FakeTensor, mode position: Int) throws {
    try require(
      input.rank == 5 && grid.rank == 5,
      "grid_sampler(): expected 5D input and grid with same number of dimensions")
    try check(
      shapes.eq(input.sizes[0], grid.sizes[0]),
      "grid_sampler(): expected grid and input to have same batch size")
    try check(shapes.eq(grid.sizes[4], 3), "grid_sampler(): expected grid to have size 3 in last dimension")
    for dim in 2..<5 {
      try check(
        shapes.gt(input.sizes[dim], 0), "grid_sampler(): expected input to have non-empty spatial dimensions")
    }
    let takesBicubic =
      has(.gridSamplesBicubicIn3D) && (input.device.type == .cpu || input.device.type == .cuda)
    try require(
      try takesBicubic || int(position) != 2, "grid_sampler(): bicubic interpolation only supports 4D input")
  }

  /// `(grad_output, input, grid, …, output_mask)`: gradients of the input, if requested, and of the grid.
  fileprivate func samplingGradients() throws -> FakeValue {
    let (input, grid) = (try tensor(1), try tensor(2))
    guard let mask = self[6].elements, mask.count == 2 else {
      throw refusal("output_mask must have two elements")
    }
    var first = FakeValue.none
    if case .bool(true) = mask[0] { first = .tensor(newTensor(input.sizes, like: input)) }
    return .tuple([first, .tensor(newTensor(grid.sizes, like: grid))])
  }
}

/// `affine_grid_generator(theta[n, d, d + 1], size[n, c, *s], align_corners)`: points `[n, *s, d]`.
///
/// - Source: `affine_grid_generator`, `torch/_decomp/decompositions.py`.
@Sendable
private func affineGrid(_ call: OperatorCall) throws -> FakeValue {
  let (theta, size, shapes) = (try call.tensor(0), try call.symInts(1), call.shapes)
  try call.require(
    size.count == 4 || size.count == 5, "affine_grid_generator needs 4d (spatial) or 5d (volumetric) inputs.")
  let dims = SymInt(size.count - 2)
  try call.require(theta.rank == 3, "affine_grid_generator needs a batch of matrices")
  try call.check(shapes.eq(theta.sizes[0], size[0]), "affine_grid_generator: theta has another batch size")
  try call.check(shapes.eq(theta.sizes[1], dims), "affine_grid_generator: theta has another number of rows")
  try call.check(
    shapes.eq(theta.sizes[2], shapes.add(dims, 1)),
    "affine_grid_generator: theta has another number of columns")
  for value in size { try call.check(shapes.ge(value, 0), "sizes must not be negative") }
  var sizes: Sizes = [size[0]]
  for value in size.dropFirst(2) { sizes.append(value) }
  return .tensor(call.newTensor(sizes.appending(dims), like: theta))
}

/// `affine_grid_generator_backward(grad, size, align_corners)`: a gradient `[n, d, d + 1]`.
@Sendable
private func affineGridBackward(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, size) = (try call.tensor(0), try call.symInts(1))
  try call.require(
    size.count == 4 || size.count == 5, "affine_grid_generator_backward needs a 4d or 5d size")
  let dims = size.count - 2
  // The product [n, d + 1, d] is returned transposed.
  return .tensor(
    try call.transposed(call.newTensor([size[0], SymInt(dims + 1), SymInt(dims)], like: gradient), 1, 2))
}
