import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Cartesian products of vectors.
///
/// Rows are in alphabetical order.
let grids: [OperatorRow] = [
  OperatorRow("cartesian_prod", cartesianProduct),
  OperatorRow("combinations", combinations),
  OperatorRow("meshgrid") { call in .list(try call.meshgrid(call.tensors(0), "ij").map { .tensor($0) }) },
  OperatorRow("meshgrid.indexing") { call in
    .list(try call.meshgrid(call.tensors(0), call.string(1)).map { .tensor($0) })
  },
]

extension OperatorCall {
  /// `meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]`: each vector along its own dim of
  /// the grid, expanded along the others.
  ///
  /// With `xy` the first two are swapped.
  ///
  /// - Throws: a refusal for an empty list, tensors of more than one dim, mixed dtypes or devices.
  /// - Source: `meshgrid`, `aten/src/ATen/native/TensorShape.cpp`; `torch/_refs` for symbolic sizes.
  fileprivate func meshgrid(_ given: [FakeTensor], _ indexing: String) throws -> [FakeTensor] {
    guard let first = given.first else { throw refusal("meshgrid expects a non-empty TensorList") }
    try require(
      indexing == "ij" || indexing == "xy",
      "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: \(indexing)")
    for tensor in given {
      try require(tensor.dtype == first.dtype, "meshgrid expects all tensors to have the same dtype")
      try require(tensor.device == first.device, "meshgrid expects all tensors to have the same device")
      try require(tensor.rank <= 1, "torch.meshgrid: Expected 0D or 1D tensor in the tensor list")
    }
    try requireRoom(forTensors: given.count, rank: given.count)
    let swaps = indexing == "xy" && given.count >= 2
    var tensors = given
    if swaps { tensors.swapAt(0, 1) }
    let sizes = Sizes(tensors.map { shapes.geometry.numel($0) })
    var grids = try tensors.enumerated().map { position, tensor in
      try gridAxis(tensor, position, sizes)
    }
    if swaps { grids.swapAt(0, 1) }
    return grids
  }

  private func gridAxis(_ tensor: FakeTensor, _ position: Int, _ sizes: Sizes) throws -> FakeTensor {
    var shape = Sizes(repeating: 1, count: sizes.count)
    shape[position] = shapes.geometry.numel(tensor)
    if !isSymbolic { return try views.expand(views.view(tensor, shape), sizes) }
    let vector = tensor.rank == 0 ? try views.view(tensor, [1]) : tensor
    ask(.layout, of: vector)
    var strides = Sizes(repeating: 0, count: sizes.count)
    for dim in sizes.indices where dim != position && !shapes.guardOrTrue(shapes.ne(sizes[dim], 1)) {
      strides[dim] =
        dim > position ? 1 : shapes.mul(vector.strides[0], shapes.geometry.atLeastOne(vector.sizes[0]))
    }
    strides[position] = vector.strides[0]
    return mode.view(of: vector, sizes: sizes, strides: strides)
  }
}

/// `cartesian_prod(Tensor[] tensors) -> Tensor`: `[Π size, count]`; a single tensor is returned unchanged.
@Sendable
private func cartesianProduct(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.tensors(0)
  for tensor in tensors {
    try call.require(
      tensor.rank == 1, "Expect a 1D vector, but got shape \(call.shapes.shortText(of: tensor.sizes))")
  }
  if tensors.count == 1 { return .tensor(tensors[0]) }
  let columns = try call.meshgrid(tensors, "ij").map { try call.views.flatten($0, 0, -1) }
  return .tensor(try call.views.stack(columns, 1))
}

extension OperatorCall {
  /// `n·(n − 1)//2·(n − 2)//3 …`, with `+` where elements may be chosen again.
  fileprivate func combinationCount(_ size: SymInt, of count: Int, repeats: Bool) throws -> SymInt {
    var result = size
    for step in stride(from: 1, to: count, by: 1) {
      let next = shapes.add(size, SymInt(repeats ? step : -step))
      result = shapes.floorDiv(shapes.mulUnexpanded(result, next), SymInt(step + 1))
      if result.isSymbolic { try check(shapes.ge(result, 0), "a number of combinations is not negative") }
      // A constant that is too small leaves nothing to choose from.
      if let constant = next.constant, constant <= 0 { return 0 }
    }
    return result
  }
}

/// `combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor`: `[n over r, r]`; up to PyTorch 2.13
/// `[u, r]`, selected from a grid by a mask.
///
/// - Throws: `dynamicOutputShape` where no symbols are allowed, up to PyTorch 2.13.
/// - Source: `combinations`, `aten/src/ATen/native/Itertools.cpp`.
@Sendable
private func combinations(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, count) = (try call.tensor(0), try call.int(1))
  try call.require(
    tensor.rank == 1, "Expect a 1D vector, but got shape \(call.shapes.shortText(of: tensor.sizes))")
  try call.require(count >= 0 && count <= 64, "Expect a non-negative number, but got \(count)")
  if count == 0 { return .tensor(call.mode.tensor([0], dtype: tensor.dtype, device: tensor.device)) }
  if call.has(.combinationsAreCounted) {
    return .tensor(
      call.newTensor(
        [try call.combinationCount(tensor.sizes[0], of: count, repeats: call.bool(2)), SymInt(count)],
        like: tensor))
  }
  let grids = try call.meshgrid([FakeTensor](repeating: tensor, count: count), "ij")
  let mask = call.mode.tensor(grids[0].sizes, dtype: .bool, device: tensor.device)
  let columns = try grids.map { try call.atenTensor("masked_select.default", .tensor($0), .tensor(mask)) }
  return .tensor(try call.views.stack(columns, 1))
}
