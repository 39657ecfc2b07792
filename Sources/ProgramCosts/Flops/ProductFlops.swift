import FakeTensors
import SymbolicShapes

/// Products of matrices: two operations for each pair of elements.
///
/// Rows are in alphabetical order.
let productFlops: [FlopRule] = [
  FlopRule("_scaled_mm") { $0.mm(0, 1) },
  FlopRule("addmm") { $0.mm(1, 2) },
  FlopRule("baddbmm") { $0.bmm(1, 2) },
  FlopRule("bmm") { $0.bmm(0, 1) },
  FlopRule("chain_matmul", as: "mm") { $0.chain(0) },
  FlopRule("corrcoef", as: "mm") { $0.covariance() },
  FlopRule("cov", as: "mm") { $0.covariance() },
  FlopRule("einsum", as: "bmm") { $0.einsum() },
  FlopRule("inner", as: "mm") { $0.inner() },
  FlopRule("linalg_matmul") { $0.matmul() },
  FlopRule("linalg_matrix_power") { $0.matrixPower() },
  FlopRule("linalg_multi_dot", as: "mm") { $0.chain(0) },
  FlopRule("linear") { $0.linear() },
  FlopRule("matmul") { $0.matmul() },
  FlopRule("matrix_power") { $0.matrixPower() },
  FlopRule("mm") { $0.mm(0, 1) },
  FlopRule("tensordot", as: "mm") { $0.tensordot() },
]

extension CountedCall {
  /// `[m, k] × [k, n]`: `2·m·n·k`.
  fileprivate func mm(_ first: Int, _ second: Int) -> SymInt? {
    guard let a = sizes(first, rank: 2), let b = sizes(second, rank: 2) else { return nil }
    return multiplyAdds(a[0], a[1], b[1])
  }

  /// `[b, m, k] × [b, k, n]`: `2·b·m·n·k`.
  fileprivate func bmm(_ first: Int, _ second: Int) -> SymInt? {
    guard let a = sizes(first, rank: 3), let b = sizes(second, rank: 3) else { return nil }
    return multiplyAdds(a[0], a[1], a[2], b[2])
  }

  /// `linear(input, weight, bias)`: `2 · input.numel() · out_features`; a weight that is a vector is multiplied by `mv`,
  /// which counts nothing.
  fileprivate func linear() -> FlopTally? {
    guard let input = tensor(0), let weight = tensor(1) else { return nil }
    guard weight.rank == 2 else { return FlopTally() }
    return FlopTally(
      tensor(2) == nil ? "aten.mm" : "aten.addmm", multiplyAdds(product(input.sizes), weight.sizes[0]))
  }

  /// `matmul(self, other)`: `2 · result.numel() · k`.
  ///
  /// `dot` and `mv` count nothing, and a batch of matrices times a vector becomes `mv` when the batch can be viewed as
  /// one matrix.
  ///
  /// - Source: `_matmul_impl`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  fileprivate func matmul() -> FlopTally? {
    guard let a = tensor(0), let b = tensor(1), let result = result.tensor, let inner = a.sizes.last else {
      return nil
    }
    let flops = multiplyAdds(product(result.sizes), inner)
    switch (a.rank, b.rank) {
    case (1, 1), (2, 1): return FlopTally()
    case (1, 2), (2, 2): return FlopTally("aten.mm", flops)
    case (3..., 1): return isFolded(a, b) ? FlopTally() : FlopTally("aten.bmm", flops)
    case (1, 3...): return isFolded(b, a, isTransposed: true) ? FlopTally() : FlopTally("aten.bmm", flops)
    case (3..., 2): return FlopTally(isFolded(a, b) ? "aten.mm" : "aten.bmm", flops)
    default: return FlopTally("aten.bmm", flops)
    }
  }

  /// Whether a batch of matrices is viewed as one matrix.
  ///
  /// - Source: `should_fold`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  private func isFolded(_ batch: FakeTensor, _ other: FakeTensor, isTransposed: Bool = false) -> Bool {
    if other.requiresGrad { return true }
    var (sizes, strides) = (batch.sizes, batch.strides)
    let last = sizes.count - 1
    if isTransposed {
      (sizes[last - 1], sizes[last]) = (sizes[last], sizes[last - 1])
      (strides[last - 1], strides[last]) = (strides[last], strides[last - 1])
    }
    return (0..<(last - 1)).allSatisfy { dim in
      shapes.withoutLeastOne(strides[dim])
        == shapes.withoutLeastOne(shapes.mul(strides[dim + 1], sizes[dim + 1]))
    }
  }

  /// `inner(self, other)`: a product with the last dims contracted; a scalar is multiplied, two vectors are `dot`.
  fileprivate func inner() -> SymInt? {
    guard let a = tensor(0), let b = tensor(1), let result = result.tensor else { return nil }
    if a.rank == 0 || b.rank == 0 || a.rank == 1 && b.rank == 1 { return 0 }
    return multiplyAdds(product(result.sizes), a.sizes[a.rank - 1])
  }

  /// `tensordot(self, other, dims_self, dims_other)`; a contracted dim of size 1 is summed in the other tensor first.
  fileprivate func tensordot() -> SymInt? {
    guard let a = tensor(0), let b = tensor(1), let result = result.tensor, let left = integers(2),
      let right = integers(3), left.count == right.count
    else { return nil }
    var contracted: SymInt = 1
    for (x, y) in zip(left, right) {
      guard let x = a.size(at: x), let y = b.size(at: y) else { return nil }
      if x != 1, y != 1 { contracted = shapes.mul(contracted, x) }
    }
    return multiplyAdds(product(result.sizes), contracted)
  }

  /// The product of several matrices in the order that needs the fewest operations; the first and the last may be
  /// vectors.
  ///
  /// - Source: `matrix_chain_order`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  fileprivate func chain(_ position: Int) -> SymInt? {
    guard let matrices = tensors(position), let first = matrices.first, let last = matrices.last,
      matrices.count <= 64, matrices.allSatisfy({ 1...2 ~= $0.rank })
    else { return nil }
    let count = matrices.count
    guard count > 1 else { return 0 }
    if count == 2, first.rank == 1, last.rank == 1 { return 0 }
    var extents = [first.rank == 1 ? 1 : first.sizes[0]]
    extents += matrices.dropFirst().map { $0.sizes[0] }
    extents.append(last.rank == 1 ? 1 : last.sizes[1])
    var least = [[SymInt]](repeating: [SymInt](repeating: 0, count: count), count: count)
    for length in 1..<count {
      for i in 0..<(count - length) {
        let j = i + length
        let ways = (i..<j).map { k in
          shapes.add(
            shapes.add(least[i][k], least[k + 1][j]), multiplyAdds(extents[i], extents[k + 1], extents[j + 1])
          )
        }
        least[i][j] = ways.dropFirst().reduce(ways[0], shapes.min)
      }
    }
    return least[0][count - 1]
  }

  /// `matrix_power(self, n)`: squares, and one more product for every other bit of `n` that is set.
  fileprivate func matrixPower() -> FlopTally? {
    guard let matrix = tensor(0), matrix.rank >= 2, let power = integer(1)?.constant else { return nil }
    let exponent = power.magnitude
    guard exponent > 1 else { return FlopTally() }
    let products = exponent.bitWidth - 1 - exponent.leadingZeroBitCount + exponent.nonzeroBitCount - 1
    let one = multiplyAdds(product(matrix.sizes), matrix.sizes[matrix.rank - 1])
    return FlopTally(matrix.rank == 2 ? "aten.mm" : "aten.bmm", shapes.mul(SymInt(products), one))
  }

  /// `cov(self)`: rows times rows.
  fileprivate func covariance() -> SymInt? {
    guard let input = tensor(0), input.rank <= 2 else { return nil }
    let rows = input.rank == 2 ? input.sizes[0] : 1
    return multiplyAdds(rows, rows, input.sizes.last ?? 1)
  }
}

extension FakeTensor {
  /// The size at a dim, which may be negative; `nil` if there is none.
  fileprivate func size(at dim: SymInt) -> SymInt? {
    guard let dim = dim.constant else { return nil }
    let index = dim < 0 ? dim + rank : dim
    return sizes.indices.contains(index) ? sizes[index] : nil
  }
}
