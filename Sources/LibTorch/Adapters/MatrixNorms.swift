import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Norms of matrices and what is made of them, and integrals by the trapezoid rule.
  static let matrixNorms: [ScalarAdapter] = [
    ScalarAdapter("cumulative_trapezoid.dx") { (call) throws(LibTorchError) in
      try call.call("cumsum", .value(try call.trapezoids()), call[2])
    },
    // The norm of the matrix times that of its inverse; of order 2, the ratio of singular values.
    ScalarAdapter("linalg_cond") { (call) throws(LibTorchError) in
      let x = try call.tensor(0)
      let order = try call.optionalNumber(1)?.double ?? 2
      if abs(order) == 2 {
        let values = try call.call("linalg_svdvals", .value(x))
        let last = PyTree<RealTensor>.list([.constant(.int(-1))])
        let (large, small) = (
          try call.call("amax", .value(values), last), try call.call("amin", .value(values), last)
        )
        return order > 0
          ? try call.binary("div.Tensor", large, small) : try call.binary("div.Tensor", small, large)
      }
      let norm = try call.matrixNorm(x, order, dims: (-2, -1), keepsDims: false)
      let inverse = try call.call("linalg_inv", .value(x))
      return try call.binary(
        "mul.Tensor", norm, try call.matrixNorm(inverse, order, dims: (-2, -1), keepsDims: false))
    },
    ScalarAdapter("linalg_matrix_norm") { (call) throws(LibTorchError) in
      let dims = (call[2].elements ?? []).compactMap(\.int)
      guard dims.count == 2 else { throw LibTorchError(.argument("'dim' must be two dims")) }
      return try call.matrixNorm(
        try call.given(0, dtype: 4), try call.double(1), dims: (dims[0], dims[1]), keepsDims: call[3].isTrue)
    },
    ScalarAdapter("linalg_norm") { (call) throws(LibTorchError) in
      let x = try call.given(0, dtype: 4)
      let order = try call.optionalNumber(1)?.double
      var dims = call[2].elements?.compactMap(\.int) ?? call[2].int.map { [$0] } ?? []
      if dims.isEmpty, order != nil { dims = try x.rank == 2 ? [0, 1] : [0] }
      if let order, dims.count == 2 {
        return try call.matrixNorm(x, order, dims: (dims[0], dims[1]), keepsDims: call[3].isTrue)
      }
      return try call.norm(x, order ?? 2, call[2], call[3], nil)
    },
    ScalarAdapter("trapezoid.dx") { (call) throws(LibTorchError) in
      try call.call("sum.dim_IntList", .value(try call.trapezoids()), .list([call[2]]))
    },
  ]
}

extension AdaptedCall {
  /// The tensor at `position`, converted to the dtype that another argument says, if it does.
  func given(_ position: Int, dtype: Int) throws(LibTorchError) -> RealTensor {
    let tensor = try tensor(position)
    guard let dtype = self.dtype(dtype) else { return tensor }
    return try converted(tensor, dtype)
  }

  /// The norm of the matrices in two dims, of order 1, 2, infinity or their negatives.
  ///
  /// - Source: `linalg_matrix_norm`, `aten/src/ATen/native/LinearAlgebra.cpp`, v2.13.
  fileprivate func matrixNorm(
    _ x: RealTensor, _ order: Double, dims: (Int, Int), keepsDims: Bool
  ) throws(LibTorchError) -> RealTensor {
    let rank = try x.rank
    func wrapped(_ dim: Int) throws(LibTorchError) -> Int {
      guard (-rank..<rank).contains(dim) else { throw LibTorchError(.argument("\(dim) is no dim")) }
      return dim < 0 ? dim + rank : dim
    }
    let (rows, columns) = (try wrapped(dims.0), try wrapped(dims.1))
    guard rows != columns, [1, 2, .infinity].contains(abs(order)) else {
      throw LibTorchError(.raised("linalg.matrix_norm: Order \(order) not supported."))
    }
    let extreme = order > 0 ? "amax" : "amin"
    func list(_ dims: [Int]) -> PyTree<RealTensor> { .list(dims.map { .constant(.int($0)) }) }
    var result: RealTensor
    if abs(order) == 2 {
      let others = (0..<rank).filter { $0 != rows && $0 != columns }
      let moved = try call("permute", .value(x), list(others + [rows, columns]))
      result = try call(extreme, .value(try call("linalg_svdvals", .value(moved))), list([-1]))
    } else {
      let (summed, compared) = abs(order) == 1 ? (rows, columns) : (columns, rows)
      let sums = try call(
        "sum.dim_IntList", .value(try call("abs", .value(x))), list([summed]), .constant(.bool(true)))
      result = try call(extreme, .value(sums), list([compared]), .constant(.bool(true)))
      result = try call("squeeze.dims", .value(result), list([rows, columns]))
    }
    guard keepsDims else { return result }
    for dim in [rows, columns].sorted() {
      result = try call("unsqueeze", .value(result), .constant(.int(dim)))
    }
    return result
  }

  /// `dx * (y[k] + y[k + 1]) / 2` along the dim that is the third argument.
  fileprivate func trapezoids() throws(LibTorchError) -> RealTensor {
    let y = try tensor(0)
    let rank = try y.rank
    guard let dim = self[2].int, (-rank..<rank).contains(dim) else {
      throw LibTorchError(.argument("argument 'dim' is no dim of the tensor"))
    }
    let count = try y.sizes[dim < 0 ? dim + rank : dim]
    func part(_ start: Int, _ end: Int) throws(LibTorchError) -> RealTensor {
      try call("slice.Tensor", .value(y), self[2], .constant(.int(start)), .constant(.int(end)))
    }
    let sums = try sum(try part(1, count), try part(0, max(0, count - 1)), .int(1), sign: 1)
    return try binary("div.Tensor", try mul(sums, try number(1)), .float(2))
  }
}

extension PyTree<RealTensor> {
  /// Whether the value is the constant `True`.
  var isTrue: Bool {
    if case .constant(.bool(true)) = self { true } else { false }
  }
}
