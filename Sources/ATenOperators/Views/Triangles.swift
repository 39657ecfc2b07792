import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Parts of matrices, and matrices built from a diagonal: fresh contiguous tensors.
///
/// Rows are in alphabetical order.
let triangles: [OperatorRow] = [
  OperatorRow("diag") { call in .tensor(try call.diag(call.tensor(0), call.int(1))) },
  OperatorRow("diag_embed") { call in
    .tensor(try call.diagEmbed(call.tensor(0), call.int(1), call.int(2), call.int(3)))
  },
  OperatorRow("diagflat") { call in
    let flat = try call.views.view(call.contiguous(call.tensor(0)), [-1])
    return .tensor(try call.diag(flat, call.int(1)))
  },
  OperatorRow("tril", inplace: .reference) { call in .tensor(try call.triangle(call.tensor(0))) },
  OperatorRow("triu", inplace: .reference) { call in .tensor(try call.triangle(call.tensor(0))) },
]

extension OperatorCall {
  /// `tril(Tensor self, SymInt diagonal=0) -> Tensor`, `triu`.
  ///
  /// With symbolic sizes the elements are selected by a mask.
  ///
  /// - Source: `tril`, `torch/_refs`.
  fileprivate func triangle(_ tensor: FakeTensor) throws -> FakeTensor {
    try require(tensor.rank >= 2, "\(schema.name.base): input tensor must have at least 2 dimensions")
    if tensor.sizes.contains(where: \.isSymbolic) {
      let mask = newTensor(Sizes(tensor.sizes.suffix(2)), like: tensor, dtype: .bool)
      return selection(of: tensor, by: mask, tensor.sizes)
    }
    return mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device)
  }

  /// `diag(Tensor self, int diagonal=0) -> Tensor`: a matrix from a vector, the diagonal of a matrix.
  fileprivate func diag(_ tensor: FakeTensor, _ offset: Int) throws -> FakeTensor {
    try require(
      tensor.rank == 1 || tensor.rank == 2, "diag(): Supports 1D or 2D tensors. Got \(tensor.rank)D")
    if tensor.rank == 1 { return try diagEmbed(tensor, offset, 0, 1) }
    return try clone(views.diagonal(tensor, offset, 0, 1), .contiguous)
  }

  /// `diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor`: the last dim as a diagonal of two
  /// dims of size `self.size(−1) + |offset|`.
  ///
  /// - Source: `diag_embed`, `torch/_refs`.
  fileprivate func diagEmbed(
    _ tensor: FakeTensor, _ offset: Int, _ dim1: Int, _ dim2: Int
  ) throws -> FakeTensor {
    let rank = tensor.rank + 1
    let (a, b) = (try wrapped(dim1, rank: rank), try wrapped(dim2, rank: rank))
    try require(a != b, "diagonal dimensions cannot be identical \(dim1), \(dim2)")
    guard let last = tensor.sizes.last else {
      throw refusal("diag_embed expects at least a 1-dimensional tensor")
    }
    let size = shapes.add(last, SymInt(Int(clamping: offset.magnitude)))
    var (sizes, maskSizes) = (Sizes(tensor.sizes.dropLast()), Sizes(repeating: 1, count: rank))
    for dim in [min(a, b), max(a, b)] {
      sizes.insert(size, at: dim)
      maskSizes[dim] = size
    }
    let padded =
      offset == 0
      ? tensor : newTensor(Sizes(tensor.sizes.dropLast()).appending(size), like: tensor)
    let spread = try views.moveDims(views.unsqueeze(padded, min(a, b)), [-1], [max(a, b)])
    return selection(of: spread, by: newTensor(maskSizes, like: tensor, dtype: .bool), sizes)
  }

  /// The elements of `tensor`, expanded to `sizes`, selected by a mask; contiguous.
  private func selection(of tensor: FakeTensor, by mask: FakeTensor, _ sizes: Sizes) -> FakeTensor {
    let strides = shapes.geometry.elementwiseStrides([mask, tensor], sizes)
    let isDone = shapes.geometry.isContiguous(sizes, strides)
    return mode.tensor(sizes, strides: isDone ? strides : nil, dtype: tensor.dtype, device: tensor.device)
  }
}
