import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Views that drop, add, reorder or repeat dims: the same storage with other sizes and strides.
///
/// Rows are in alphabetical order.
let views: [OperatorRow] = [
  .view("_fw_primal") { call, tensor in call.alias(tensor) },
  .view("_lazy_clone") { call, tensor in try call.clone(tensor) },
  .view("_test_autograd_multiple_dispatch_view") { call, tensor in try call.views.view(tensor, [-1]) },
  .view("adjoint") { call, tensor in try call.views.adjoint(tensor, transposing: false) },
  OperatorRow("atleast_1d") { call in try call.views.atLeast(1) },
  OperatorRow("atleast_2d") { call in try call.views.atLeast(2) },
  OperatorRow("atleast_3d") { call in try call.views.atLeast(3) },
  OperatorRow("broadcast_tensors", broadcastTensors),
  .view("broadcast_to") { call, tensor in try call.views.expand(tensor, call.symInts(1)) },
  .view("expand") { call, tensor in try call.views.expandByKernel(tensor, call.symInts(1)) },
  .view("expand_as") { call, tensor in try call.views.expand(tensor, call.tensor(1).sizes) },
  .view("mH") { call, tensor in try call.views.adjoint(tensor, transposing: false) },
  .view("mT") { call, tensor in try call.views.adjoint(tensor, transposing: true) },
  .view("matrix_H") { call, tensor in
    try call.require(
      tensor.rank == 0 || tensor.rank == 2, "tensor.H is only supported on matrices (2-D tensors)")
    return try call.views.adjoint(tensor, transposing: false)
  },
  .view("moveaxis") { call, tensor in try call.views.moveDims(tensor, call.ints(1), call.ints(2)) },
  .view("movedim") { call, tensor in try call.views.moveDims(tensor, call.ints(1), call.ints(2)) },
  .view("numpy_T") { call, tensor in try call.views.permute(tensor, Array((0..<tensor.rank).reversed())) },
  .view("permute") { call, tensor in try call.views.permute(tensor, call.ints(1)) },
  .view("squeeze") { call, tensor in try call.views.squeeze(tensor, Array(0..<tensor.rank)) },
  .view("squeeze.dim") { call, tensor in try call.views.squeeze(tensor, [call.int(1)]) },
  .view("squeeze.dims") { call, tensor in try call.views.squeeze(tensor, call.ints(1)) },
  .view("swapaxes") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .view("swapdims") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .view("t") { call, tensor in
    try call.require(
      tensor.rank <= 2, "t() expects a tensor with <= 2 dimensions, but self is \(tensor.rank)D")
    return try call.views.transpose(tensor, 0, tensor.rank < 2 ? 0 : 1)
  },
  .view("transpose") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .view("unsqueeze") { call, tensor in try call.views.unsqueeze(tensor, call.int(1)) },
]

extension OperatorRow {
  /// A view of the first argument.
  static func view(
    _ name: String, _ rule: @escaping @Sendable (OperatorCall, FakeTensor) throws -> FakeTensor
  ) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try rule(call, call.tensor(0))) }
  }
}

extension Views {
  /// `expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)`: size-1 dims are repeated with stride
  /// 0; −1 keeps a size; new dims come first.
  ///
  /// - Throws: a refusal if a size is neither 1 nor −1 nor the requested one.
  /// - Guards: `Eq(self.size(d), 1) | Eq(self.size(d), size[d])`; an undecidable size is assumed not to be 1.
  /// - Source: `expand`, `torch/_refs`; `_broadcast_in_dim_meta`, `torch/_prims`.
  func expand(_ tensor: FakeTensor, _ size: Sizes) throws -> FakeTensor {
    let lead = size.count - tensor.rank
    try call.require(
      lead >= 0,
      "expand: the number of sizes provided (\(size.count)) must be at least the number of dims "
        + "(\(tensor.rank))")
    var (sizes, strides) = (size, Sizes(repeating: 0, count: size.count))
    for dim in tensor.sizes.indices {
      let (old, wanted) = (tensor.sizes[dim], size[lead + dim])
      strides[lead + dim] = tensor.strides[dim]
      if old == wanted || shapes.guardOrFalse(shapes.eq(wanted, -1)) {
        sizes[lead + dim] = old
        if old.isSymbolic { _ = shapes.guardOrFalse(shapes.eq(old, 1)) }
        continue
      }
      func misfit() -> String {
        "expand: attempting to expand a dimension of length \(shapes.text(of: old)) -> "
          + "\(shapes.text(of: wanted))!"
      }
      try call.check(shapes.or(shapes.eq(old, 1), shapes.eq(wanted, old)), misfit())
      try call.check(shapes.ge(wanted, 0), misfit())
      if shapes.guardOrFalse(shapes.eq(old, 1)) {
        if !shapes.guardOrFalse(shapes.equalAsInPython(old, wanted)) { strides[lead + dim] = 0 }
      } else {
        try call.check(shapes.eq(old, wanted), misfit())
      }
    }
    for dim in 0..<lead {
      try call.check(shapes.ge(size[dim], 0), "expand: a size of a new dim is negative")
      if shapes.guardOrTrue(shapes.ne(size[dim], 1)) { continue }
      strides[dim] = tensor.rank == 0 ? 1 : shapes.mul(tensor.strides[0], tensor.sizes[0])
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `expand` itself; without symbols the kernel runs, which gives a new dim of size 1 the extent of the next.
  ///
  /// - Source: `inferExpandGeometry`, `aten/src/ATen/ExpandUtils.cpp`.
  fileprivate func expandByKernel(_ tensor: FakeTensor, _ size: Sizes) throws -> FakeTensor {
    let view = try expand(tensor, size)
    if !view.sizes.contains(where: \.isSymbolic), !view.strides.contains(where: \.isSymbolic) {
      view.strides = shapes.geometry.expandedStrides(tensor, to: view.sizes)
    }
    return view
  }

  /// `permute(Tensor(a) self, int[] dims) -> Tensor(a)`: `out.size(i) = self.size(dims[i])`.
  func permute(_ tensor: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    try call.require(
      dims.count == tensor.rank,
      "permute(dims): number of dims don't match in permute: \(tensor.rank) and \(dims.count)")
    let order = try call.wrapped(dims, rank: tensor.rank)
    return mode.view(
      of: tensor, sizes: Sizes(order.map { tensor.sizes[$0] }),
      strides: Sizes(order.map { tensor.strides[$0] }))
  }

  /// `transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`: swaps two dims.
  func transpose(_ tensor: FakeTensor, _ dim0: Int, _ dim1: Int) throws -> FakeTensor {
    let (a, b) = (try call.wrapped(dim0, rank: tensor.rank), try call.wrapped(dim1, rank: tensor.rank))
    if a == b { return call.alias(tensor) }
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    (sizes[a], sizes[b]) = (sizes[b], sizes[a])
    (strides[a], strides[b]) = (strides[b], strides[a])
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// The last two dims swapped, and conjugated unless `transposing`.
  ///
  /// - Source: `_adjoint`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  func adjoint(_ tensor: FakeTensor, transposing: Bool) throws -> FakeTensor {
    try call.require(tensor.rank != 1, "the last two dims are transposed, but the tensor has one dim")
    let result = tensor.rank == 0 ? tensor : try transpose(tensor, -2, -1)
    guard !transposing, tensor.dtype.isComplex else { return result }
    let conjugate = call.alias(result)
    conjugate.isConjugate.toggle()
    return conjugate
  }

  /// `movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`: the dims of `source`
  /// move to `destination`, the others keep their order.
  func moveDims(_ tensor: FakeTensor, _ source: [Int], _ destination: [Int]) throws -> FakeTensor {
    try call.require(
      source.count == destination.count,
      "movedim: source and destination must have the same number of dims: \(source.count) and \(destination.count)"
    )
    let from = try call.wrapped(source, rank: tensor.rank)
    let to = try call.wrapped(destination, rank: tensor.rank)
    if tensor.rank == 0 { return call.alias(tensor) }
    var order = (0..<tensor.rank).filter { !from.contains($0) }
    // From the front, so that each dim ends up at its destination.
    for (a, b) in zip(from, to).sorted(by: { $0.1 < $1.1 }) { order.insert(a, at: b) }
    return try permute(tensor, order)
  }

  /// `squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)`: drops those of `dims` that have size 1.
  ///
  /// An unbacked size is assumed not to be 1.
  ///
  /// - Guards: `Eq(self.size(d), 1)` or its negation, for each `d` of `dims`.
  /// - Source: `squeeze`, `torch/_refs`.
  func squeeze(_ tensor: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    var dropped = try dims.map { try call.wrapped($0, rank: tensor.rank) }
    dropped = dropped.filter { dim in
      dim < tensor.rank && shapes.guardOrFalse(shapes.eq(tensor.sizes[dim], 1))
    }
    if dropped.isEmpty { return call.alias(tensor) }
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    // A dim named twice removes its successor the second time.
    for dim in dropped.sorted(by: >) where try call.wrapped(dim, rank: sizes.count) < sizes.count {
      guard shapes.guardOrFalse(shapes.eq(sizes[dim], 1)) else { continue }
      sizes.remove(at: dim)
      strides.remove(at: dim)
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `unsqueeze(Tensor(a) self, int dim) -> Tensor(a)`: a dim of size 1 whose stride is the extent of the next.
  ///
  /// - Guards: whether the other sizes are 1, as for every broadcast.
  /// - Source: `expand_dims`, `_broadcast_in_dim_meta`, `torch/_prims`.
  func unsqueeze(_ tensor: FakeTensor, _ dim: Int) throws -> FakeTensor {
    call.askWhetherOnes(tensor.sizes)
    return try unsqueezed(tensor, dim)
  }

  /// The view that `unsqueeze` returns.
  func unsqueezed(_ tensor: FakeTensor, _ dim: Int) throws -> FakeTensor {
    let dim = try call.wrapped(dim, rank: tensor.rank + 1)
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    let stride: SymInt = dim < tensor.rank ? shapes.mul(sizes[dim], strides[dim]) : 1
    sizes.insert(1, at: dim)
    strides.insert(stride, at: dim)
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `atleast_2d(Tensor self) -> Tensor` and its variants, of one tensor or of a list.
  fileprivate func atLeast(_ rank: Int) throws -> FakeValue {
    if case .tensor(let tensor) = call[0] { return .tensor(try atLeast(rank, tensor)) }
    return .list(try call.tensors(0).map { .tensor(try atLeast(rank, $0)) })
  }

  /// `tensor` with dims of size 1 added: in front, and at the end for the third dim.
  ///
  /// - Source: `aten/src/ATen/native/TensorTransformations.cpp`.
  func atLeast(_ rank: Int, _ tensor: FakeTensor) throws -> FakeTensor {
    if tensor.rank >= rank { return tensor }
    if tensor.rank == 0 { return try reshape(tensor, Sizes(repeating: 1, count: rank)) }
    let matrix = tensor.rank == 1 ? try unsqueeze(tensor, 0) : tensor
    return rank == 2 ? matrix : try unsqueeze(matrix, -1)
  }
}

/// `broadcast_tensors(Tensor[] tensors) -> Tensor[]`: each expanded to the common sizes.
@Sendable
private func broadcastTensors(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.tensors(0)
  let common = try call.broadcast(tensors.map(\.sizes))
  return .list(
    try tensors.map {
      .tensor(call.keepsOwnSizes($0.sizes, in: common) ? $0 : try call.views.expand($0, common))
    })
}
