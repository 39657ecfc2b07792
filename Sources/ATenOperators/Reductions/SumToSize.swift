import FakeTensors
import SymbolicShapes

/// The inverse of `expand`.
let sumToSizes: [OperatorRow] = [OperatorRow("sum_to_size", sumToSize)]

/// `sum_to_size(Tensor self, SymInt[] size) -> Tensor`: sums over the dims that `expand` would add or
/// enlarge.
///
/// - Throws: a refusal unless `size` expands to the sizes of the tensor.
/// - Guards: which sizes are 1.
/// - Source: `sum_to`, `aten/src/ATen/ExpandUtils.h`.
@Sendable
private func sumToSize(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, size) = (try call.tensor(0), try call.symInts(1))
  let shapes = call.shapes
  let lead = tensor.rank - size.count
  func law() -> String {
    "size \(shapes.shortText(of: size)) is not expandable to size \(shapes.shortText(of: tensor.sizes))."
  }
  try call.require(lead >= 0, law())
  if size.isEmpty { return .tensor(try call.atenTensor("sum.default", .tensor(tensor))) }
  var summed = Array(0..<lead)
  for dim in lead..<tensor.rank where tensor.sizes[dim] != size[dim - lead] {
    if try call.isEqual(tensor.sizes[dim], size[dim - lead]) { continue }
    try call.require(try call.isEqual(size[dim - lead], 1), law())
    summed.append(dim)
  }
  var result = tensor
  if !summed.isEmpty {
    result = try call.atenTensor("sum.dim_IntList", .tensor(tensor), .ints(summed), .bool(true))
  }
  return .tensor(lead > 0 ? try call.views.view(result, size) : result)
}
