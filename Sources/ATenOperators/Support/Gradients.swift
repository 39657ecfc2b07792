import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// `gradient(Tensor self, *, spacing, dim, int edge_order) -> Tensor[]`: one tensor like `self` per dim.
///
/// `spacing` is one number, or one number or coordinate tensor per dim; `dim` defaults to all dims.
///
/// - Throws: a refusal unless there is one number or tensor per dim, and each dim has `edge_order + 1` elements.
/// - Guards: specializes the sizes of the dims.
/// - Source: `gradient`, `pre_check_gradient`, `aten/src/ATen/native/ReduceOps.cpp`.
let gradients: [OperatorRow] = [
  OperatorRow("gradient") { call in
    let tensor = try call.tensor(0)
    // `gradient.array(self, *, dim, edge_order)` has no spacing.
    let hasSpacing = call.schema.arguments.count > 3
    let dimPosition = hasSpacing ? 2 : 1
    let edgeOrder = try call.int(dimPosition + 1)
    let given = try call.optionalInts(dimPosition)
    let dims = given ?? Array(0..<tensor.rank)
    let spacing = hasSpacing ? call[1].elements : nil
    try call.require(tensor.dtype != .uint8, "torch.gradient does not support uint8 input.")
    // With coordinates and second-order edges, PyTorch only multiplies, which bools allow.
    if spacing?.first?.tensor == nil || edgeOrder == 1, !dims.isEmpty {
      try call.require(tensor.dtype, isNotIn: .bool)
    }
    if let spacing {
      try call.require(
        spacing.count == dims.count,
        "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have "
          + "the same length, but got a spacing argument of length \(spacing.count) and \(dims.count) dims.")
    }
    try call.require(
      edgeOrder == 1 || edgeOrder == 2, "torch.gradient only supports edge_order=1 and edge_order=2.")
    let wrapped = try call.wrapped(dims, rank: tensor.rank)
    try call.require(tensor.rank > 0 || given == nil, "torch.gradient needs a tensor with dims")
    if !wrapped.isEmpty { for size in tensor.sizes { _ = try call.evaluateInt(size) } }
    for dim in wrapped {
      let isLongEnough = try call.evaluate(call.shapes.ge(tensor.sizes[dim], SymInt(edgeOrder + 1)))
      try call.require(
        isLongEnough, "torch.gradient expected each dimension size to be at least edge_order+1")
    }
    // Numbers are the distances themselves and do not affect the layout.
    let coordinates = (spacing ?? []).compactMap(\.tensor)
    for coordinate in coordinates {
      try call.require(
        coordinate.device == tensor.device,
        "torch.gradient expected each tensor to be on the same device, but got devices \(tensor.device) and "
          + "\(coordinate.device)!")
      try call.require(
        coordinate.rank == 1, "torch.gradient expected each element of spacing to have one dimension")
    }
    return .list(
      try wrapped.enumerated().map { index, dim in
        let coordinate = index < coordinates.count ? coordinates[index] : nil
        return .tensor(try call.gradient(tensor, dim, coordinate))
      })
  }
]

extension OperatorCall {
  /// Central differences with one-sided ones at both edges, joined along `dim`.
  fileprivate func gradient(_ tensor: FakeTensor, _ dim: Int, _ coordinates: FakeTensor?) throws -> FakeTensor
  {
    let size = tensor.sizes[dim]
    var operands = [tensor]
    if let coordinates {
      try require(
        try isEqual(coordinates.sizes[0], size), "torch.gradient expected one coordinate for each element")
      operands.append(coordinates)
    }
    let dtype = commonType(operands, .intToFloat)
    let edge = try pointwise(
      [try views.narrow(tensor, dim, 1, 1), try views.narrow(tensor, dim, 0, 1)], dtype: dtype)
    let length = shapes.sub(size, 2)
    let centre = try pointwise(
      [try views.narrow(tensor, dim, 2, length), try views.narrow(tensor, dim, 0, length)], dtype: dtype)
    return try views.cat([edge, centre, edge], dim)
  }
}
