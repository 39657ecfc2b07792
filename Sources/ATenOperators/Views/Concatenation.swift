import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Operators that join tensors along an existing or a new dim.
///
/// Rows are in alphabetical order.
let concatenation: [OperatorRow] = [
  OperatorRow("_chunk_cat", chunkCat),
  OperatorRow("_stack", stack),
  OperatorRow("block_diag", blockDiagonal),
  OperatorRow("cat") { call in
    if call.isOut { try call.requireDistinctElements(call.tensor(2)) }
    return .tensor(try call.views.cat(call.tensors(0), call.int(1)))
  },
  OperatorRow("column_stack", columnStack),
  OperatorRow("concat") { call in .tensor(try call.views.cat(call.tensors(0), call.int(1))) },
  OperatorRow("concatenate") { call in .tensor(try call.views.cat(call.tensors(0), call.int(1))) },
  OperatorRow("dstack") { call in .tensor(try call.views.cat(call.views.raisedTensors(atLeast: 3), 2)) },
  OperatorRow("hstack", horizontalStack),
  OperatorRow("row_stack") { call in .tensor(try call.views.cat(call.views.raisedTensors(atLeast: 2), 0)) },
  OperatorRow("stack", stack),
  OperatorRow("vstack") { call in .tensor(try call.views.cat(call.views.raisedTensors(atLeast: 2), 0)) },
]

extension Views {
  /// `cat(Tensor[] tensors, int dim=0) -> Tensor`: `out.size(dim) = Σ size(dim)`, the other sizes are equal.
  ///
  /// Tensors `[0]` may occur between others of any rank. The result is channels-last if all tensors are.
  ///
  /// - Throws: a refusal for an empty list, 0-dim tensors, different ranks or sizes.
  /// - Guards: equality of the sizes outside `dim`; whether 1-dim tensors are empty; whether a size of the result is 0.
  /// - Source: `cat`, `torch/_refs`.
  func cat(_ tensors: [FakeTensor], _ dim: Int) throws -> FakeTensor {
    try call.require(!tensors.isEmpty, "cat expects at least one tensor, but received zero!")
    let device = try catDevice(tensors)
    var promotion = TypePromotion(call.shapes.profile)
    for tensor in tensors { promotion.add(tensor) }
    let rank = (tensors.first { $0.rank != 1 } ?? tensors[0]).rank
    var joined: [FakeTensor] = []
    for (index, tensor) in tensors.enumerated() {
      let isEmpty =
        try tensor.rank == 1 && (rank != 1 || tensors.count > 1)
        && shapes.guardOrFalse(shapes.eq(call.size(tensor, 0), 0))
      try call.require(
        tensor.rank == rank || isEmpty,
        "Number of dimensions of tensors must match. Expected \(rank)-D tensors, but got \(tensor.rank)-D for "
          + "tensor number \(index) in the list")
      if !isEmpty { joined.append(tensor) }
    }
    let format = catFormat(tensors)
    guard let first = joined.first else {
      return mode.tensor([0], dtype: promotion.result, device: device)
    }
    try call.require(rank > 0, "zero-dimensional tensor (at position 0) cannot be concatenated")
    let dim = try call.wrapped(dim, rank: rank)
    var sizes = first.sizes
    for (index, tensor) in joined.enumerated().dropFirst() {
      for other in 0..<rank where other != dim && tensor.sizes[other] != first.sizes[other] {
        try call.check(
          shapes.eq(tensor.sizes[other], first.sizes[other]),
          "Sizes of tensors must match except in dimension \(dim). Expected \(shapes.text(of: first.sizes[other])) in "
            + "dimension \(other) but got \(shapes.text(of: tensor.sizes[other])) for tensor number \(index) in the list"
        )
      }
    }
    sizes[dim] = shapes.sum(joined.map { $0.sizes[dim] })
    call.askWhetherEmpty(sizes)
    return mode.tensor(
      sizes, strides: try call.strides(sizes, format), dtype: promotion.result, device: device)
  }

  /// The memory format that all tensors have; contiguous if they differ.
  private func catFormat(_ tensors: [FakeTensor]) -> MemoryFormat {
    var common: MemoryFormat?
    for tensor in tensors {
      let format = shapes.geometry.suggestedMemoryFormat(tensor)
      if format == .contiguous || (common ?? format) != format { return .contiguous }
      common = format
    }
    return common ?? .contiguous
  }

  private func catDevice(_ tensors: [FakeTensor]) throws -> Device {
    let device = tensors.first?.device ?? .cpu
    for tensor in tensors where tensor.device != device {
      throw call.refusal(
        "Expected all tensors to be on the same device, found \(device) and \(tensor.device)")
    }
    return device
  }

  /// The list at position 0, each tensor with at least `rank` dims.
  fileprivate func raisedTensors(atLeast rank: Int) throws -> [FakeTensor] {
    try call.tensors(0).map { try atLeast(rank, $0) }
  }

  /// `stack(Tensor[] tensors, int dim=0) -> Tensor`: tensors of equal sizes along a new dim.
  ///
  /// - Source: `stack`, `torch/_refs`: a `cat` that is then split, or a `cat` of unsqueezed tensors.
  func stack(_ tensors: [FakeTensor], _ dim: Int) throws -> FakeTensor {
    guard let first = tensors.first else { throw call.refusal("stack expects a non-empty TensorList") }
    let dim = try call.wrapped(dim, rank: first.rank + 1)
    guard dim < first.rank else { return try cat(tensors.map { try unsqueeze($0, dim) }, dim) }
    for tensor in tensors.dropFirst() {
      func law() -> String {
        "stack expects each tensor to be equal size, but got \(shapes.shortText(of: first.sizes)) at entry 0 "
          + "and \(shapes.shortText(of: tensor.sizes))"
      }
      try call.require(tensor.rank == first.rank, law())
      if tensor.sizes != first.sizes { try call.check(allEqual(tensor.sizes, first.sizes), law()) }
    }
    var sizes = first.sizes
    sizes.insert(SymInt(tensors.count), at: dim)
    let joined = try cat(tensors, dim)
    guard call.has(.stacksAsViews), sizes.isSymbolic,
      let strides = try computeStride(joined, sizes, .assuming)
    else { return try view(joined, sizes) }
    return mode.view(of: joined, sizes: sizes, strides: strides)
  }
}

@Sendable
private func stack(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.views.stack(call.tensors(0), call.int(1)))
}

/// `hstack(Tensor[] tensors) -> Tensor`: joins along the columns; vectors along their only dim.
@Sendable
private func horizontalStack(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.views.raisedTensors(atLeast: 1)
  return .tensor(try call.views.cat(tensors, tensors.first?.rank == 1 ? 0 : 1))
}

/// `column_stack(Tensor[] tensors) -> Tensor`: like `hstack`, with vectors as columns.
@Sendable
private func columnStack(_ call: OperatorCall) throws -> FakeValue {
  let columns = try call.tensors(0).map { tensor in
    tensor.rank <= 1 ? try call.views.reshape(tensor, [call.shapes.geometry.numel(tensor), 1]) : tensor
  }
  return .tensor(try call.views.cat(columns, columns.first?.rank == 1 ? 0 : 1))
}

/// `block_diag(Tensor[] tensors) -> Tensor`: `[Σ rows, Σ columns]`; vectors count as rows.
///
/// - Throws: a refusal for an empty list and for tensors of more than two dims.
/// - Source: `_block_diag_iterable`, `torch/_refs`.
@Sendable
private func blockDiagonal(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.tensors(0)
  guard let first = tensors.first else { throw call.refusal("block_diag expects at least one tensor") }
  var promotion = TypePromotion(call.shapes.profile)
  var (rows, columns): (SymInt, SymInt) = (0, 0)
  for tensor in tensors {
    try call.require(
      tensor.rank <= 2, "Input tensors must have 2 or fewer dimensions. Input has \(tensor.rank) dimensions")
    try call.require(tensor.device == first.device, "Input tensors must all be on the same device.")
    promotion.add(tensor.dtype, rank: 2)
    rows = call.shapes.add(rows, tensor.rank == 2 ? tensor.sizes[0] : 1)
    columns = call.shapes.add(columns, tensor.sizes.last ?? 1)
  }
  return .tensor(call.mode.tensor([rows, columns], dtype: promotion.result, device: first.device))
}

/// `_chunk_cat(Tensor[] tensors, int dim, int num_chunks) -> Tensor`: each tensor is padded to a multiple of
/// `num_chunks` and cut into chunks; the chunks are flattened and joined after a new chunk dim.
///
/// - Source: `_chunk_cat`, `torch/_decomp/decompositions.py`.
@Sendable
private func chunkCat(_ call: OperatorCall) throws -> FakeValue {
  let (tensors, chunks) = (try call.tensors(0), try call.int(2))
  let shapes = call.shapes
  try call.require(chunks >= 1, "_chunk_cat expects positive num_chunks")
  guard let first = tensors.first else {
    throw call.refusal("_chunk_cat expects a non-empty input tensor list")
  }
  for tensor in tensors {
    try call.check(shapes.gt(shapes.geometry.numel(tensor), 0), "_chunk_cat expects non-empty tensor")
    try call.require(
      tensor.dtype == first.dtype && tensor.device == first.device,
      "_chunk_cat expects all input tensors with the same dtype and on the same device")
  }
  var dim = try call.int(1)
  if tensors.allSatisfy({ $0.rank == first.rank }) { dim = try call.wrapped(dim, rank: first.rank) }
  for tensor in tensors {
    try call.require(
      dim >= 0 && dim < tensor.rank, "_chunk_cat expects 0 <= dim < ndim for all input tensors")
    for (a, b) in zip(tensor.sizes[..<dim], first.sizes[..<dim]) {
      try call.require(
        try call.isEqual(a, b), "_chunk_cat expects same sizes of 0,...,dim-1 dimensions for all tensors")
    }
  }
  let count = SymInt(chunks)
  let blocks = try tensors.map { tensor in
    var sizes = tensor.sizes
    let padded = shapes.mul(shapes.ceilDiv(sizes[dim], count), count)
    if try !call.isEqual(padded, sizes[dim]) { sizes[dim] = padded }
    let whole =
      sizes == tensor.sizes ? tensor : call.mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
    return try call.views.reshape(whole, Sizes(Array(sizes[..<dim]) + [count, -1]))
  }
  return .tensor(try call.views.cat(blocks, dim + 1))
}
