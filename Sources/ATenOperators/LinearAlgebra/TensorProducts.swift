import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Products over chosen dims of tensors of any rank, composed of matrix products.
///
/// Rows are in alphabetical order.
let tensorProducts: [OperatorRow] = [
  OperatorRow("_trilinear", trilinear),
  OperatorRow("bilinear", bilinear).onOneDevice(),
  OperatorRow("chain_matmul", chainMatmul),
  OperatorRow("inner", inner),
  OperatorRow("kron", kron),
  .product("linalg_matmul") { try $0.matrices.matmul($1, $2) },
  OperatorRow("linalg_multi_dot", chainMatmul),
  OperatorRow("linear", linear),
  OperatorRow("linear_backward", linearBackward),
  .product("matmul") { try $0.matrices.matmul($1, $2) },
  OperatorRow("tensordot", tensordot),
]

extension Matrices {
  /// `[*a, n, m] × [*b, m, p] → [*broadcast(a, b), n, p]`; a vector acts as a row or column that is dropped from the
  /// result.
  ///
  /// - Throws: a refusal if a tensor is 0-dim, batches do not broadcast, or inner sizes differ.
  /// - Source: `matmul`, `torch/_decomp/decompositions.py`.
  func matmul(_ a: FakeTensor, _ b: FakeTensor) throws -> FakeTensor {
    try call.require(
      a.rank > 0 && b.rank > 0,
      "both arguments to matmul need to be at least 1D, but they are \(a.rank)D and \(b.rank)D")
    switch (a.rank, b.rank) {
    case (1, 1): return try dot(a, b)
    case (2, 1): return try mv(a, b)
    case (2, 2): return try mm(a, b)
    default: break
    }
    if b.rank > 2 {
      try call.require(a.dtype == b.dtype, "expected scalar type \(a.dtype.name) but found \(b.dtype.name)")
    }
    let (inner, other) = (a.sizes[a.rank - 1], b.sizes[Swift.max(b.rank - 2, 0)])
    var sizes = try call.broadcast(batch(of: a), batch(of: b))
    try call.check(
      shapes.eq(other, inner),
      "size mismatch, got \(shapes.shortText(of: a.sizes)) X \(shapes.shortText(of: b.sizes))")
    if a.rank > 1 { sizes.append(a.sizes[a.rank - 2]) }
    if b.rank > 1 { sizes.append(b.sizes[b.rank - 1]) }
    if shapes.isOpenWhetherOne(a.sizes) || shapes.isOpenWhetherOne(b.sizes) || sizes.contains(0) {
      return try productOfViews(a, b, sizes)
    }
    let strides = isFolded(a, b) ? foldedStrides(sizes) : nil
    return mode.tensor(sizes, strides: strides, dtype: a.dtype, device: try call.commonDevice([a, b]))
  }

  /// `matmul` as views of one product of matrices or of batches, which ask about the sizes.
  private func productOfViews(_ a: FakeTensor, _ b: FakeTensor, _ sizes: Sizes) throws -> FakeTensor {
    let views = call.views
    let inner = a.sizes[a.rank - 1]
    if a.rank == 1, b.rank == 2 { return try views.squeeze(mm(views.unsqueeze(a, 0), b), [0]) }
    if isFolded(a, b) {
      let folded = try views.reshape(a, [shapes.product(a.sizes.dropLast()), inner])
      return try views.view(b.rank == 2 ? mm(folded, b) : mv(folded, b), sizes)
    }
    let batch = try call.broadcast(self.batch(of: a), self.batch(of: b))
    let count = shapes.product(batch)
    let rows = a.rank > 1 ? a.sizes[a.rank - 2] : 1
    let left = try views.reshape(
      views.expand(a, batch.appending(rows).appending(inner)), [count, rows, inner])
    let right: FakeTensor
    if b.rank == 1 {
      right = try views.unsqueeze(views.reshape(views.expand(b, batch.appending(inner)), [count, inner]), 2)
    } else {
      let columns = b.sizes[b.rank - 1]
      right = try views.reshape(
        views.expand(b, batch.appending(inner).appending(columns)), [count, inner, columns])
    }
    return try views.view(bmm(left, right), sizes)
  }

  /// Whether the leading dims of `a` fold into one, so that two matrices are multiplied.
  ///
  /// - Source: `should_fold`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  private func isFolded(_ a: FakeTensor, _ b: FakeTensor) -> Bool {
    guard a.rank >= 3, b.rank <= 2 else { return false }
    if b.requiresGrad { return true }
    return (0..<a.rank - 2).allSatisfy { dim in
      shapes.guardOrFalse(shapes.eq(a.strides[dim], shapes.mul(a.strides[dim + 1], a.sizes[dim + 1])))
    }
  }

  /// The strides of a view of a folded product: products of sizes, which may be zero.
  ///
  /// A view with an unbacked size is contiguous instead.
  func foldedStrides(_ sizes: Sizes) -> Sizes {
    if sizes.contains(where: shapes.isUnbacked) { return shapes.geometry.contiguousStrides(sizes) }
    var strides = Sizes(repeating: 1, count: sizes.count)
    for dim in sizes.indices.dropLast().reversed() {
      strides[dim] = shapes.mul(strides[dim + 1], sizes[dim + 1])
    }
    return strides
  }

  private func batch(of tensor: FakeTensor) -> Sizes {
    tensor.sizes.leading(droppingLast: Swift.min(2, tensor.rank))
  }
}

/// `linear(input, weight, bias?)`: `[*, m] × [n, m]ᵀ + [n] → [*, n]`.
///
/// - Source: `linear`, `aten/src/ATen/native/Linear.cpp`.
@Sendable
private func linear(_ call: OperatorCall) throws -> FakeValue {
  let (input, weight) = (try call.tensor(0), try call.tensor(1))
  let bias = try call.optionalTensor(2)
  try call.require(
    input.rank != 0 && weight.rank != 0,
    "both arguments to linear need to be at least 1D, but they are \(input.rank)D and \(weight.rank)D")
  try call.require(weight.rank <= 2, "t() expects a tensor with <= 2 dimensions, but self is \(weight.rank)D")
  let transposed = weight.rank == 2 ? try call.transposed(weight, 0, 1) : weight
  guard let bias else { return .tensor(try call.matrices.matmul(input, transposed)) }
  if input.rank == 2, weight.rank == 2 { return .tensor(try call.matrices.addmm(bias, input, transposed)) }
  let product = try call.matrices.matmul(input, transposed)
  // A contiguous input is folded into one matrix, and the bias is added to that product.
  let isFolded =
    weight.rank == 2 && input.rank > 2 && bias.rank <= 2 && call.shapes.geometry.isContiguous(input)
  guard isFolded else {
    // The sum is a new tensor, not a view of a folded product.
    let sizes = try call.broadcast(product.sizes, bias.sizes)
    try call.require(
      sizes.count == product.rank, "the bias has more dims than the product that it is added to")
    return .tensor(call.mode.tensor(product.sizes, dtype: product.dtype, device: product.device))
  }
  let rows = call.shapes.product(product.sizes.dropLast())
  _ = try call.broadcast([rows, product.sizes[product.rank - 1]], bias.sizes)
  let strides = bias.rank > 1 ? nil : call.matrices.foldedStrides(product.sizes)
  return .tensor(
    call.mode.tensor(
      product.sizes, strides: strides, dtype: call.matrices.promoted(bias, input, weight),
      device: product.device))
}

/// `_trilinear(i1, i2, i3, expand1, expand2, expand3, sumdim, unroll_dim)`: the product of three tensors,
/// unsqueezed at the dims of the `expand` lists and summed over `sumdim`.
///
/// - Guards: specializes the size of `unroll_dim`; whether each tensor is empty.
/// - Source: `_trilinear`, `aten/src/ATen/native/Linear.cpp`.
@Sendable
private func trilinear(_ call: OperatorCall) throws -> FakeValue {
  let tensors = [try call.tensor(0), try call.tensor(1), try call.tensor(2)]
  let rank = tensors[0].rank + (try call.ints(3)).count
  let expands = try (3...5).map { Set(try call.wrapped(try call.ints($0), rank: rank)) }
  let summed = Set(try call.wrapped(try call.ints(6), rank: rank))
  let unroll = try call.int(7)
  try call.require(unroll >= 0 && unroll < rank, "unroll_dim must be in [0,\(rank - 1)]")
  for index in 0..<3 {
    try call.require(
      tensors[index].rank + expands[index].count == rank, "the operands of _trilinear have different ranks")
    if !expands[index].isEmpty { call.askWhetherOnes(tensors[index].sizes) }
  }
  var positions = [0, 0, 0]
  var sizes = Sizes()
  for dim in 0..<rank {
    var size: SymInt = 0
    for index in 0..<3 where !expands[index].contains(dim) {
      size = tensors[index].sizes[positions[index]]
      positions[index] += 1
    }
    if dim == unroll { size = SymInt(try call.evaluateInt(size)) }
    if !summed.contains(dim) { sizes.append(size) }
  }
  for tensor in tensors where try !call.evaluate(call.shapes.ne(call.shapes.geometry.numel(tensor), 0)) {
    break
  }
  return .tensor(call.newTensor(sizes, like: tensors[0]))
}

/// `bilinear(input1, input2, weight, bias?)`: `[*, m], [*, k], [n, m, k] → [*, n]`.
///
/// - Guards: all sizes are compared, and `n` is specialized.
/// - Source: `bilinear`, `aten/src/ATen/native/Linear.cpp`.
@Sendable
private func bilinear(_ call: OperatorCall) throws -> FakeValue {
  let (a, b, weight) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let bias = try call.optionalTensor(3)
  try call.require(a.rank == b.rank && a.rank > 0, "bilinear(): input dimensions do not match")
  for dim in 0..<(a.rank - 1) {
    try call.require(
      try call.isEqual(a.sizes[dim], b.sizes[dim]),
      "bilinear(): input batch dimensions do not match at dim \(dim)")
  }
  try call.require(weight.rank == 3, "bilinear(): weight must have 3 dims, got \(weight.rank)")
  try call.require(
    try call.isEqual(a.sizes[a.rank - 1], weight.sizes[1]),
    "bilinear(): input1 size does not match weight size")
  try call.require(
    try call.isEqual(b.sizes[b.rank - 1], weight.sizes[2]),
    "bilinear(): input2 size does not match weight size")
  if let bias {
    try call.require(
      try call.isEqual(try call.size(bias, 0), weight.sizes[0]),
      "bilinear(): bias size does not match weight size")
  }
  call.askWhetherOnes(weight.sizes)
  _ = try call.evaluateInt(weight.sizes[0])
  let batch = a.sizes.leading(droppingLast: 1)
  let rows = call.shapes.product(batch)
  for input in [a, b] {
    try call.check(
      call.shapes.ne(input.sizes[input.rank - 1], 0),
      "cannot reshape a tensor of 0 elements: the unspecified dim can be any value")
  }
  for numel in [call.shapes.mul(rows, a.sizes[a.rank - 1]), call.shapes.geometry.numel(weight)]
  where try !call.evaluate(call.shapes.ne(numel, 0)) { break }
  return .tensor(call.newTensor(batch.appending(weight.sizes[0]), like: a))
}

/// `linalg_multi_dot(tensors)`: the product of matrices in the cheapest order; the first and last may be
/// vectors.
///
/// - Guards: specializes all sizes.
/// - Source: `multi_dot_impl`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func chainMatmul(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.tensors(0)
  guard let first = tensors.first, let last = tensors.last, tensors.count > 1 else {
    if let only = tensors.first, call.schema.name.base == "chain_matmul" { return .tensor(only) }
    throw call.refusal("multi_dot(): expected at least 2 tensors but got \(tensors.count)")
  }
  for (index, tensor) in tensors.enumerated() {
    let isEnd = (index == 0 || index == tensors.count - 1) && call.schema.name.base != "chain_matmul"
    try call.require(
      tensor.rank == 2 || (isEnd && tensor.rank == 1),
      "multi_dot(): tensor \(index) must be \(isEnd ? "1D or 2D" : "2D") but got \(tensor.rank)D")
    try call.require(
      tensor.dtype == first.dtype, "multi_dot(): all tensors must have be the same dtype")
  }
  var sizes = Sizes()
  var inner: Int?
  for (index, tensor) in tensors.enumerated() {
    var extents = try tensor.sizes.map { try call.evaluateInt($0) }
    if extents.count == 1 { extents = index == 0 ? [1, extents[0]] : [extents[0], 1] }
    if let inner {
      try call.require(
        inner == extents[0], "multi_dot(): tensors \(index - 1) and \(index) cannot be multiplied")
    }
    if index == 0, first.rank == 2 { sizes.append(first.sizes[0]) }
    if index == tensors.count - 1, last.rank == 2 { sizes.append(last.sizes[1]) }
    inner = extents[1]
  }
  return .tensor(call.mode.tensor(sizes, dtype: first.dtype, device: try call.commonDevice(tensors)))
}

/// `inner(self, other)`: `[*a, m], [*b, m] → [*a, *b]`; with a 0-dim tensor, the elementwise product.
@Sendable
private func inner(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  if a.rank == 0 || b.rank == 0 { return .tensor(try call.pointwise(0..<2)) }
  try call.require(
    try call.isEqual(a.sizes[a.rank - 1], b.sizes[b.rank - 1]),
    "inner() the last dimension must match on both input tensors")
  return .tensor(try call.matrices.tensordot(a, b, [-1], [-1]))
}

/// `kron(self, other)`: size `aᵢ·bᵢ` at every dim, aligned at the last.
///
/// - Guards: specializes all sizes.
/// - Source: `KronImpl`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func kron(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  let rank = Swift.max(a.rank, b.rank)
  var (left, leftStrides, right, rightStrides, sizes) = (Sizes(), Sizes(), Sizes(), Sizes(), Sizes())
  for dim in 0..<rank {
    let (i, j) = (dim - (rank - a.rank), dim - (rank - b.rank))
    let x = i >= 0 ? SymInt(try call.evaluateInt(a.sizes[i])) : 1
    let y = j >= 0 ? SymInt(try call.evaluateInt(b.sizes[j])) : 1
    let (xStride, yStride) = (i >= 0 ? a.strides[i] : 0, j >= 0 ? b.strides[j] : 0)
    left = left.appending(x, 1)
    leftStrides = leftStrides.appending(xStride, call.shapes.mul(x, xStride))
    right = right.appending(1, y)
    rightStrides = rightStrides.appending(call.shapes.mul(y, yStride), yStride)
    sizes.append(call.shapes.mul(x, y))
  }
  let product = try call.pointwise(
    [
      call.mode.view(of: a, sizes: left, strides: leftStrides),
      call.mode.view(of: b, sizes: right, strides: rightStrides),
    ], dtype: call.matrices.promoted(a, b))
  if call.shapes.geometry.isContiguous(product) { return .tensor(call.newTensor(sizes, like: product)) }
  return .tensor(try call.atenTensor("_unsafe_view.default", .tensor(product), .sizes(sizes)))
}

/// `tensordot(self, other, dims_self, dims_other)`: the remaining dims of `self`, then those of `other`.
@Sendable
private func tensordot(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.matrices.tensordot(try call.tensor(0), try call.tensor(1), try call.ints(2), try call.ints(3)))
}

extension Matrices {
  /// Sums over pairs of dims, where size 1 broadcasts.
  ///
  /// - Guards: whether a summed size is 1; whether both operands are vectors, for which a dot product is faster.
  /// - Source: `tensordot`, `aten/src/ATen/native/Linear.cpp`.
  func tensordot(_ a: FakeTensor, _ b: FakeTensor, _ dimsA: [Int], _ dimsB: [Int]) throws -> FakeTensor {
    try call.require(dimsA.count == dimsB.count, "both dimension lists should have same length")
    try call.require(a.dtype == b.dtype, "both inputs should have same dtype")
    let (left, right) = (try call.wrapped(dimsA, rank: a.rank), try call.wrapped(dimsB, rank: b.rank))
    for (i, j) in zip(left, right) where i < a.rank && j < b.rank {
      let (x, y) = (a.sizes[i], b.sizes[j])
      if try call.evaluate(shapes.eq(y, 1)) { continue }
      if try call.evaluate(shapes.eq(x, 1)) { continue }
      try call.check(
        shapes.eq(x, y),
        "contracted dimensions need to match, but first has size \(shapes.text(of: x)) in dim \(i) "
          + "and second has size \(shapes.text(of: y)) in dim \(j)")
    }
    var sizes = Sizes()
    for dim in 0..<a.rank where !left.contains(dim) { sizes.append(a.sizes[dim]) }
    let kept = sizes.count
    for dim in 0..<b.rank where !right.contains(dim) { sizes.append(b.sizes[dim]) }
    let isMatrix = try [sizes[..<kept], sizes[kept...]].contains { extents in
      try call.evaluate(shapes.ne(shapes.product(Sizes(extents)), 1))
    }
    // The number that a dot product gives is viewed with dims of size 1.
    if !isMatrix { for dim in sizes.indices { sizes[dim] = 1 } }
    return mode.tensor(sizes, dtype: a.dtype, device: try call.commonDevice([a, b]))
  }
}

/// `linear_backward(self, grad_output, weight, bool[3] output_mask)`: gradients `self`, `[n, m]` and `[n]`, if
/// requested; the last two come together.
///
/// - Source: `linear_backward`, `torch/_meta_registrations.py`.
@Sendable
private func linearBackward(_ call: OperatorCall) throws -> FakeValue {
  let (input, grad) = (try call.tensor(0), try call.tensor(1))
  guard let mask = call[3].elements, mask.count == 3, input.rank > 0, grad.rank > 0 else {
    throw call.refusal("output_mask must have three elements, and tensors at least one dim")
  }
  func isRequested(_ position: Int) -> Bool {
    if case .bool(true) = mask[position] { return true }
    return false
  }
  let features = grad.sizes[grad.rank - 1]
  var results = [FakeValue](repeating: .none, count: 3)
  if isRequested(0) { results[0] = .tensor(call.newTensor(input.sizes, like: grad)) }
  if isRequested(1) || isRequested(2) {
    results[1] = .tensor(call.newTensor([features, input.sizes[input.rank - 1]], like: grad))
    results[2] = .tensor(call.newTensor([features], like: grad))
  }
  return .tuple(results)
}
