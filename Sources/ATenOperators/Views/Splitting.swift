import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Operators that split a tensor into a list of views along one dim.
///
/// Rows are in alphabetical order.
let splitting: [OperatorRow] = [
  OperatorRow("chunk") { call in try call.views.chunk() },
  OperatorRow("dsplit.array") { call in try call.views.splitAtIndices(along: 2, atLeast: 3) },
  OperatorRow("dsplit.int") { call in try call.views.splitEvenly(along: 2, atLeast: 3) },
  OperatorRow("hsplit.array") { call in
    try call.views.splitAtIndices(along: call.tensor(0).rank == 1 ? 0 : 1, atLeast: 1)
  },
  OperatorRow("hsplit.int") { call in
    try call.views.splitEvenly(along: call.tensor(0).rank == 1 ? 0 : 1, atLeast: 1)
  },
  OperatorRow("split.Tensor") { call in
    .list(try call.views.split(call.tensor(0), call.symInt(1), call.int(2)))
  },
  OperatorRow("split.sizes") { call in
    .list(try call.views.splitWithSizes(call.tensor(0), call.symInts(1), call.int(2)))
  },
  OperatorRow("split_with_sizes") { call in
    .list(try call.views.splitWithSizes(call.tensor(0), call.symInts(1), call.int(2)))
  },
  OperatorRow("tensor_split.indices") { call in
    .list(try call.views.split(call.tensor(0), at: call.symInts(1), call.int(2)))
  },
  OperatorRow("tensor_split.sections") { call in
    .list(try call.views.split(call.tensor(0), sections: call.symInt(1), call.int(2)))
  },
  OperatorRow("tensor_split.tensor_indices_or_sections", tensorSplit),
  OperatorRow("unbind") { call in .list(try call.views.unbind(call.tensor(0), call.int(1))) },
  OperatorRow("unsafe_chunk") { call in try call.views.chunk() },
  OperatorRow("unsafe_split") { call in
    .list(try call.views.split(call.tensor(0), call.symInt(1), call.int(2)))
  },
  OperatorRow("unsafe_split_with_sizes") { call in
    .list(try call.views.splitWithSizes(call.tensor(0), call.symInts(1), call.int(2)))
  },
  OperatorRow("vsplit.array") { call in try call.views.splitAtIndices(along: 0, atLeast: 2) },
  OperatorRow("vsplit.int") { call in try call.views.splitEvenly(along: 0, atLeast: 2) },
]

extension Views {
  /// `split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]`: pieces of `split_size`, the
  /// last one possibly smaller.
  ///
  /// - Throws: a refusal for a negative size, and for 0 unless the dim is empty.
  /// - Guards: the number of pieces.
  /// - Source: `split`, `torch/_decomp/decompositions.py`.
  func split(_ tensor: FakeTensor, _ splitSize: SymInt, _ dim: Int) throws -> [FakeValue] {
    try call.require(tensor.rank > 0, "split expects at least a 1-dimensional tensor")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    let size = tensor.sizes[dim]
    try call.check(
      shapes.ge(splitSize, 0),
      "split expects split_size be non-negative, but got split_size=\(shapes.text(of: splitSize))")
    if try call.isEqual(size, 0) { return [.tensor(call.alias(tensor))] }
    try call.check(
      shapes.gt(splitSize, 0),
      "split_size can only be 0 if dimension size is 0, but got dimension size of \(shapes.text(of: size))")
    let count = try pieceCount(of: tensor, shapes.ceilDiv(size, splitSize))
    guard count > 0 else { return [] }
    var sizes = [SymInt](repeating: splitSize, count: count)
    sizes[count - 1] = shapes.sub(splitSize, shapes.sub(shapes.mul(splitSize, SymInt(count)), size))
    return try pieces(of: tensor, Sizes(sizes), dim)
  }

  fileprivate func pieceCount(of tensor: FakeTensor, _ count: SymInt) throws -> Int {
    let count = try call.evaluateInt(count)
    try call.require(count >= 0, "a split into \(count) pieces")
    try requirePieces(of: tensor, count)
    return count
  }

  /// Refuses a list that would make the memory of the run grow out of proportion to its program.
  private func requirePieces(of tensor: FakeTensor, _ count: Int) throws {
    try call.require(
      mode.allowsPieces(count, rank: tensor.rank),
      "\(count) pieces of \(tensor.rank) dims are more than are left of the \(mode.mostPieces) that one run may make"
    )
  }

  /// `split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]`.
  ///
  /// - Throws: a refusal unless the sizes are non-negative and sum to the size of the dim.
  /// - Guards: each size `>= 0`; their sum equals the size of the dim.
  /// - Source: `split_with_sizes`, `torch/_refs`.
  fileprivate func splitWithSizes(
    _ tensor: FakeTensor, _ splitSizes: Sizes, _ dim: Int
  ) throws -> [FakeValue] {
    try requirePieces(of: tensor, splitSizes.count)
    return try pieces(of: tensor, splitSizes, dim)
  }

  /// The pieces of these sizes, which were counted.
  private func pieces(of tensor: FakeTensor, _ splitSizes: Sizes, _ dim: Int) throws -> [FakeValue] {
    try call.require(tensor.rank > 0, "split expects at least a 1-dimensional tensor")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    var total: SymInt = 0
    for size in splitSizes {
      try call.check(
        shapes.ge(size, 0), "split_with_sizes expects split_sizes have only non-negative entries")
      total = shapes.add(total, size)
    }
    try call.check(
      shapes.eq(total, tensor.sizes[dim]),
      "Split sizes add up to \(shapes.text(of: total)) but got the tensor's size of "
        + shapes.text(of: tensor.sizes[dim]))
    var offset = tensor.storageOffset
    return splitSizes.map { size in
      var sizes = tensor.sizes
      sizes[dim] = size
      let piece = mode.view(of: tensor, sizes: sizes, strides: tensor.strides, offset: offset)
      offset = shapes.add(offset, shapes.mul(tensor.strides[dim], size))
      return .tensor(piece)
    }
  }

  /// `chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]`: at most `chunks` pieces of equal size.
  ///
  /// - Source: `chunk`, `aten/src/ATen/native/TensorShape.cpp`.
  fileprivate func chunk() throws -> FakeValue {
    let (tensor, chunks) = (try call.tensor(0), try call.int(1))
    try call.require(tensor.rank > 0, "chunk expects at least a 1-dimensional tensor")
    try call.require(chunks > 0, "chunk expects `chunks` to be greater than 0, got: \(chunks)")
    let dim = try call.wrapped(call.int(2), rank: tensor.rank)
    let size = tensor.sizes[dim]
    let splitSize = shapes.ceilDiv(size, SymInt(chunks))
    if try call.isEqual(splitSize, 0), try call.isEqual(size, 0) {
      try requirePieces(of: tensor, chunks)
      return .list(try pieces(of: tensor, Sizes(repeating: 0, count: chunks), dim))
    }
    return .list(try split(tensor, splitSize, dim))
  }

  /// `tensor_split.sections`: `sections` pieces; the first ones are larger by one if the size is not divisible.
  ///
  /// - Source: `_tensor_split_sections_symint`, `aten/src/ATen/native/TensorShape.cpp`.
  fileprivate func split(_ tensor: FakeTensor, sections: SymInt, _ dim: Int) throws -> [FakeValue] {
    try call.require(tensor.rank > 0, "tensor_split expected at least a 1-dimensional tensor")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    let count = try pieceCount(of: tensor, sections)
    try call.require(count > 0, "number of sections must be larger than 0, got \(count)")
    let size = tensor.sizes[dim]
    let least = shapes.floorDiv(size, SymInt(count))
    let larger = shapes.mod(size, SymInt(count))
    var start: SymInt = 0
    return try (0..<count).map { piece in
      let isLarger = try call.evaluate(shapes.gt(larger, SymInt(piece)))
      let end = shapes.add(start, isLarger ? shapes.add(least, 1) : least)
      defer { start = end }
      return .tensor(try slice(tensor, dim, start, end, 1))
    }
  }

  /// `tensor_split.indices`: the pieces between successive indices, which wrap and clamp as in a slice.
  fileprivate func split(_ tensor: FakeTensor, at indices: Sizes, _ dim: Int) throws -> [FakeValue] {
    try call.require(tensor.rank > 0, "tensor_split expected at least a 1-dimensional tensor")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    try requirePieces(of: tensor, indices.count)
    var start: SymInt = 0
    return try (Array(indices) + [tensor.sizes[dim]]).map { end in
      defer { start = end }
      return .tensor(try slice(tensor, dim, start, end, 1))
    }
  }

  fileprivate func splitAtIndices(along dim: Int, atLeast rank: Int) throws -> FakeValue {
    let tensor = try call.tensor(0)
    try call.require(
      tensor.rank >= rank, "the tensor to split must have at least \(rank) dims, not \(tensor.rank)")
    return .list(try split(tensor, at: call.symInts(1), dim))
  }

  /// `hsplit.int` and its variants: the sections must divide the dim.
  fileprivate func splitEvenly(along dim: Int, atLeast rank: Int) throws -> FakeValue {
    let (tensor, sections) = (try call.tensor(0), try call.int(1))
    try call.require(
      tensor.rank >= rank, "the tensor to split must have at least \(rank) dims, not \(tensor.rank)")
    try call.require(
      try sections > 0 && call.isEqual(shapes.mod(tensor.sizes[dim], SymInt(sections)), 0),
      "the size of dim \(dim), \(shapes.text(of: tensor.sizes[dim])), is not divisible by \(sections)")
    return .list(try split(tensor, sections: SymInt(sections), dim))
  }

  /// `unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]`: all slices along a dim of known size.
  func unbind(_ tensor: FakeTensor, _ dim: Int) throws -> [FakeValue] {
    try call.require(tensor.rank > 0, "Dimension specified as \(dim) but tensor has no dimensions")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    if try call.isEqual(tensor.sizes[dim], 0) { return [] }
    let count = try pieceCount(of: tensor, tensor.sizes[dim])
    return try (0..<count).map { .tensor(try select(tensor, dim, SymInt($0))) }
  }
}

/// `tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0)
/// -> Tensor(a)[]`: a 0-dim tensor is a number of sections, a 1-dim tensor lists indices.
@Sendable
private func tensorSplit(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, how) = (try call.tensor(0), try call.tensor(1))
  try call.require(tensor.rank > 0, "tensor_split expected at least a 1-dimensional tensor")
  try call.require(
    how.device.type == .cpu && how.dtype == .int64 && how.rank <= 1,
    "tensor_split expected indices or sections to be an int64 CPU tensor of at most one dim")
  if how.rank == 0 {
    return .list(try call.views.split(tensor, sections: call.integerItem(how), call.int(2)))
  }
  if how.constant != nil || !call.mode.allowsDynamicOutputs {
    return .list(try call.views.split(tensor, at: call.knownIntegers(how), call.int(2)))
  }
  let dim = try call.wrapped(call.int(2), rank: tensor.rank)
  let count = try call.views.pieceCount(of: tensor, how.sizes[0])
  return .list(
    try (0...count).map { piece in
      .tensor(
        try call.views.slice(
          tensor, along: dim, piece == 0 ? 0 : nil, piece == count ? tensor.sizes[dim] : nil))
    })
}
