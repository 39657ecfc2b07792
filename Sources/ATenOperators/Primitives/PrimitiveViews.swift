import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Primitives that return views.
///
/// Rows are in alphabetical order. Source: `torch/_prims/__init__.py`.
let primitiveViews: [OperatorRow] = [
  OperatorRow("prims.as_strided") { call in
    .tensor(
      try call.views.asStrided(
        try call.tensor(0), try call.symInts(1), try call.symInts(2), try call.symInt(3)))
  },
  OperatorRow("prims.as_strided_scatter") { call in
    let input = try call.tensor(0)
    return .tensor(
      call.mode.tensor(input.sizes, strides: input.strides, dtype: input.dtype, device: input.device))
  },
  OperatorRow("prims.broadcast_in_dim", broadcastInDim),
  OperatorRow("prims.collapse", collapse),
  OperatorRow("prims.collapse_view", collapseView),
  OperatorRow("prims.conj") { call in
    .tensor(try call.atenTensor("_conj.default", .tensor(try call.tensor(0))))
  },
  OperatorRow("prims.split_dim", splitDim),
  OperatorRow("prims.squeeze", squeeze),
  OperatorRow("prims.transpose") { call in
    .tensor(try call.views.permute(try call.tensor(0), try call.ints(1)))
  },
  OperatorRow("prims.view_of") { call in .tensor(call.alias(try call.tensor(0))) },
  OperatorRow("prims.view_of_dtype") { call in
    .tensor(
      try call.atenTensor(
        "view.dtype", .tensor(try call.tensor(0)), .dtype(try call.dtype(1))))
  },
]

/// `prims.broadcast_in_dim(Tensor(a) a, SymInt[] shape, int[] broadcast_dimensions) -> Tensor(a)`: dim `i` of `a`
/// becomes dim `broadcast_dimensions[i]`; the other dims are new.
@Sendable
private func broadcastInDim(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let (sizes, dims) = (try call.symInts(1), try call.ints(2))
  let shapes = call.shapes
  try call.require(
    dims.count == input.rank && sizes.count >= input.rank,
    "there must be one broadcast dimension for each dim")
  for (index, dim) in dims.enumerated() {
    let isAscending = index == 0 || dims[index - 1] < dim
    try call.require(
      dim >= 0 && dim < sizes.count && isAscending,
      "broadcast_dimensions must be strictly ascending and in range")
    try call.check(
      shapes.or(shapes.eq(input.sizes[index], 1), shapes.eq(sizes[dim], input.sizes[index])),
      "\(shapes.text(of: input.sizes[index])) must be broadcastable to \(shapes.text(of: sizes[dim]))")
  }
  var strides = Sizes()
  var own = 0
  for (dim, size) in sizes.enumerated() {
    if own < dims.count, dims[own] == dim {
      let isOne = shapes.guardOrFalse(shapes.eq(input.sizes[own], 1))
      let isSame = input.sizes[own] == size || shapes.guardOrFalse(shapes.eq(input.sizes[own], size))
      if !isOne {
        try call.check(
          shapes.eq(input.sizes[own], size),
          "non-broadcasting semantics require \(shapes.text(of: input.sizes[own])) == \(shapes.text(of: size))"
        )
      }
      strides.append(isOne && !isSame ? 0 : input.strides[own])
      own += 1
    } else if shapes.guardOrTrue(shapes.ne(size, 1)) {
      strides.append(0)
    } else {
      strides.append(own == input.rank ? 1 : shapes.mul(input.strides[own], input.sizes[own]))
    }
  }
  return .tensor(call.mode.view(of: input, sizes: sizes, strides: strides))
}

/// `prims.collapse(Tensor a, int start, int end)`: dims `start` to `end` become one; contiguous.
@Sendable
private func collapse(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let (start, end) = try collapsedDims(call, input)
  if input.rank == 0 { return .tensor(call.newTensor([1], like: input)) }
  var sizes = Sizes(input.sizes[..<start])
  sizes.append(call.shapes.product(input.sizes[start...end]))
  for size in input.sizes[(end + 1)...] { sizes.append(size) }
  return .tensor(call.newTensor(sizes, like: input))
}

private func collapsedDims(_ call: OperatorCall, _ input: FakeTensor) throws -> (start: Int, end: Int) {
  let (start, end) = (try call.int(1), try call.int(2))
  let rank = Swift.max(1, input.rank)
  try call.require(
    start >= 0 && end >= start && end < rank,
    "Attempting to collapse but start or end is not a dim: \(start), \(end)")
  return (start, end)
}

/// `prims.collapse_view(Tensor(a) a, int start, int end) -> Tensor(a)`: the dims must be contiguous in
/// memory.
@Sendable
private func collapseView(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let (start, end) = try collapsedDims(call, input)
  let shapes = call.shapes
  if input.rank == 0 { return .tensor(call.mode.view(of: input, sizes: [1], strides: [1])) }
  if start == end { return .tensor(call.alias(input)) }
  let (sizes, strides) = (input.sizes, input.strides)
  let isEmpty = shapes.eq(shapes.geometry.numel(input), 0)
  var isValid: SymBool = true
  for dim in start..<end {
    let nests = shapes.eq(strides[dim], shapes.mul(strides[dim + 1], sizes[dim + 1]))
    isValid = shapes.and(
      isValid, shapes.or(shapes.or(shapes.eq(sizes[dim], 1), shapes.eq(sizes[dim + 1], 1)), nests))
  }
  try call.check(
    shapes.or(isValid, isEmpty), "Attempting to view a collapsed tensor, but no such view exists!")
  var stride = strides[end]
  for dim in start..<end where try !call.isEqual(sizes[dim], 1) { stride = shapes.min(stride, strides[dim]) }
  var newSizes = Sizes(sizes[..<start])
  var newStrides = Sizes(strides[..<start])
  newSizes.append(shapes.product(sizes[start...end]))
  newStrides.append(stride)
  for dim in sizes.indices.dropFirst(end + 1) {
    newSizes.append(sizes[dim])
    newStrides.append(strides[dim])
  }
  if shapes.guardOrFalse(isEmpty) { newStrides = shapes.geometry.contiguousStrides(newSizes) }
  return .tensor(call.mode.view(of: input, sizes: newSizes, strides: newStrides))
}

/// `prims.split_dim(Tensor(a) a, int dim, SymInt outer_length) -> Tensor(a)`: `[n]` becomes `[outer, n / outer]`.
@Sendable
private func splitDim(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let (dim, outer) = (try call.int(1), try call.symInt(2))
  let shapes = call.shapes
  try call.require(dim >= 0 && dim < input.rank, "dim \(dim) is out of range")
  try call.require(try call.evaluate(shapes.gt(outer, 0)), "the outer length must be positive")
  try call.require(
    try call.isEqual(shapes.mod(input.sizes[dim], outer), 0),
    "Attempting to split dimension of length \(shapes.text(of: input.sizes[dim])), but outer length of "
      + "\(shapes.text(of: outer)) divides it with a remainder!")
  let inner = shapes.floorDiv(input.sizes[dim], outer)
  var (sizes, strides) = (Sizes(), Sizes())
  for index in input.sizes.indices {
    if index == dim {
      sizes.append(outer)
      strides.append(shapes.mul(input.strides[index], inner))
    }
    sizes.append(index == dim ? inner : input.sizes[index])
    strides.append(input.strides[index])
  }
  return .tensor(call.mode.view(of: input, sizes: sizes, strides: strides))
}

/// `prims.squeeze(Tensor(a) a, int[] dimensions) -> Tensor(a)`: all of `dimensions` have size 1.
@Sendable
private func squeeze(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let dims = try call.ints(1)
  for dim in dims {
    try call.require(dim >= 0 && dim < input.rank, "dim \(dim) is out of range")
    try call.require(
      try call.isEqual(input.sizes[dim], 1),
      "Cannot squeeze dimension \(dim) with size \(call.shapes.text(of: input.sizes[dim])) (must be 1)")
  }
  var (sizes, strides) = (Sizes(), Sizes())
  for dim in input.sizes.indices where !dims.contains(dim) {
    sizes.append(input.sizes[dim])
    strides.append(input.strides[dim])
  }
  return .tensor(call.mode.view(of: input, sizes: sizes, strides: strides))
}
