import FX
import FakeTensors
import SymbolicShapes

/// A sum over products of two tensors, written as a batched matrix product.
///
/// - Source: `einsum` and `sumproduct_pair` in `aten/src/ATen/native/Linear.cpp`, v2.13.
struct Einsum {
  private let operands: [[Character]]
  /// The labels of the result, then those that are summed over.
  private let labels: [Character]
  private let resultCount: Int

  /// Reads an equation of two operands without ellipsis and repeated labels; `nil` for others.
  init?(_ call: BoundCall) {
    let text = call.string("equation").filter { $0 != " " }
    guard let arrow = text.firstIndex(of: "-"), text[arrow...].hasPrefix("->"), !text.contains(".") else {
      return nil
    }
    operands = text[..<arrow].split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
    let result = Array(text[arrow...].dropFirst(2))
    guard operands.count == 2, (operands + [result]).allSatisfy({ Set($0).count == $0.count }) else {
      return nil
    }
    let summed = Set(operands.joined()).subtracting(result).sorted()
    labels = result + summed
    resultCount = result.count
    guard Set(result).isSubset(of: Set(operands.joined())) else { return nil }
  }

  func apply(_ t: Rewriter, _ tensors: [FakeTensor]) throws -> FakeTensor? {
    guard tensors.count == 2, zip(tensors, operands).allSatisfy({ $0.rank == $1.count }) else { return nil }
    var sides: [FakeTensor] = []
    for (tensor, own) in zip(tensors, operands) {
      var (side, order, next) = (tensor, [Int](), own.count)
      for label in labels {
        if let position = own.firstIndex(of: label) {
          order.append(position)
        } else {
          side = try t.op("aten.unsqueeze.default", side, next)
          order.append(next)
          next += 1
        }
      }
      sides.append(try t.op("aten.permute.default", side, order))
    }
    if labels.count == resultCount { return try t.op("aten.mul.Tensor", sides[0], sides[1]) }
    return try product(t, sides[0], sides[1])
  }

  private func product(_ t: Rewriter, _ left: FakeTensor, _ right: FakeTensor) throws -> FakeTensor? {
    var (left, right) = (left, right)
    var (both, onlyLeft, onlyRight, summed) = ([Int](), [Int](), [Int](), [Int]())
    for dim in labels.indices {
      let (inLeft, inRight) = (left.sizes[dim].constant != 1, right.sizes[dim].constant != 1)
      if dim >= resultCount {
        if inLeft && !inRight { left = try t.op("aten.sum.dim_IntList", left, [dim], true) }
        if inRight && !inLeft { right = try t.op("aten.sum.dim_IntList", right, [dim], true) }
        summed.append(dim)
      } else if inLeft && inRight {
        both.append(dim)
      } else if inLeft {
        onlyLeft.append(dim)
      } else {
        onlyRight.append(dim)
      }
    }
    let size = { (tensor: FakeTensor, dims: [Int]) in try t.product(dims.map { tensor.sizes[$0] }) }
    let (batch, rows, columns) = (try size(left, both), try size(left, onlyLeft), try size(right, onlyRight))
    let inner = try size(left, summed)
    let sizes =
      (both + onlyLeft).map { left.sizes[$0] } + summed.map { _ in SymInt(1) }
      + onlyRight.map { right.sizes[$0] }
    let leftMatrix = try t.reshape(
      try t.op("aten.permute.default", left, both + onlyLeft + summed + onlyRight), [batch, rows, inner])
    let rightMatrix = try t.reshape(
      try t.op("aten.permute.default", right, both + summed + onlyRight + onlyLeft), [batch, inner, columns])
    let raised = try t.op("aten.view.default", try t.op("aten.bmm.default", leftMatrix, rightMatrix), sizes)
    var order = [Int](repeating: 0, count: labels.count)
    for (place, dim) in (both + onlyLeft + summed + onlyRight).enumerated() { order[dim] = place }
    let sorted = try t.op("aten.permute.default", raised, order)
    return try t.op("aten.view.default", sorted, Array(sorted.sizes.prefix(resultCount)))
  }
}
