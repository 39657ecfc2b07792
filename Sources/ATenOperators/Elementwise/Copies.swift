import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Copies and aliases of a tensor.
///
/// Rows are in alphabetical order.
let copies: [OperatorRow] = [
  OperatorRow("alias", alias),
  OperatorRow("alias_copy", aliasCopy),
  OperatorRow("clone", cloneTensor),
  OperatorRow("contiguous", contiguous),
  OperatorRow("copy", inplace: .kernel(.unchecked), copy),
  OperatorRow("copy_", copyInplace),
  OperatorRow("detach", alias),
  OperatorRow("detach_", detachInplace),
  OperatorRow("detach_copy", aliasCopy),
  OperatorRow("fill", inplace: .kernel(.unchecked), fill),
  OperatorRow("fill_diagonal_", fillDiagonal),
  OperatorRow("is_contiguous", isContiguous),
  OperatorRow("lift", alias),
  OperatorRow("lift_fresh", alias),
  OperatorRow("lift_fresh_copy", liftFreshCopy),
  OperatorRow("sym_is_contiguous", isContiguous),
  OperatorRow("zero", inplace: .kernel(.unchecked), fill),
]

/// `alias(Tensor(a) self) -> Tensor(a)`, `detach`: a view of the whole tensor.
@Sendable
private func alias(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let view = call.mode.view(of: input, sizes: input.sizes, strides: input.strides)
  if call.schema.name.base == "detach" { view.requiresGrad = false }
  if let constant = input.constant { call.mode.setConstant(constant, of: view) }
  return .tensor(view)
}

/// `fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)`.
///
/// - Guards: with more than two dims all sizes are equal; which of the first two sizes is larger; the strides are
///   specialized.
/// - Source: `fill_diagonal_`, `aten/src/ATen/native/Fill.cpp`.
@Sendable
private func fillDiagonal(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.rank >= 2, "dimensions must larger than 1")
  if input.rank > 2 {
    for dim in 1..<input.rank {
      try call.require(
        try call.isEqual(input.sizes[dim], input.sizes[0]), "all dimensions of input must be of equal length")
    }
  }
  _ = try call.evaluate(call.shapes.gt(input.sizes[0], input.sizes[1]))
  for stride in input.strides { _ = try call.evaluateInt(stride) }
  call.mode.noteMutation(of: input)
  return .tensor(input)
}

@Sendable
private func detachInplace(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  if input.requiresGrad {
    input.requiresGrad = false
    call.mode.noteMutation(of: input)
  }
  return .tensor(input)
}

/// `alias_copy(Tensor self)`, `detach_copy`: contiguous copies.
@Sendable
private func aliasCopy(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.clone(try call.tensor(0), .contiguous))
}

/// `clone(Tensor self, *, MemoryFormat? memory_format=None)`: dense strides are kept.
@Sendable
private func cloneTensor(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.clone(try call.tensor(0), try call.optionalMemoryFormat(1)))
}

/// `contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)`: the tensor itself if it
/// has that format.
@Sendable
private func contiguous(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let format = try call.optionalMemoryFormat(1) ?? .contiguous
  if call.shapes.geometry.isContiguous(input, format) { return .tensor(input) }
  try call.require(format != .preserve, "preserve memory format is unsupported by the contiguous operator")
  return .tensor(try call.clone(input, format))
}

/// `copy(Tensor self, Tensor src, bool non_blocking=False)`: `src`, broadcast to `self`, in `self`'s layout.
@Sendable
private func copy(_ call: OperatorCall) throws -> FakeValue {
  let (input, source) = (try call.tensor(0), try call.tensor(1))
  _ = try call.views.expand(source, input.sizes)
  if call.hasRepeatedElements(input) { return .tensor(try call.clone(input)) }
  let result = call.mode.tensor(input.sizes, strides: input.strides, dtype: input.dtype, device: input.device)
  result.storageOffset = input.storageOffset
  return .tensor(result)
}

/// `copy_(Tensor(a!) self, Tensor src, bool non_blocking=False)`.
@Sendable
private func copyInplace(_ call: OperatorCall) throws -> FakeValue {
  let target = try call.tensor(0)
  try call.requireWritable(target)
  if let source = call[1].tensor { _ = try call.views.expand(source, target.sizes) }
  call.mode.noteMutation(of: target)
  return .tensor(target)
}

/// `fill(Tensor self, Tensor value)`, or with a number; a tensor value must be 0-dim.
@Sendable
private func fill(_ call: OperatorCall) throws -> FakeValue {
  if let value = call[1].tensor {
    try call.require(
      value.rank == 0,
      "fill_ only supports 0-dimension value tensor but got tensor with \(value.rank) dimensions.")
  }
  let input = try call.tensor(0)
  return .tensor(call.isInplace ? input : call.emptyLike(input))
}

/// `lift_fresh_copy(Tensor self)`: a contiguous copy; known values stay known.
@Sendable
private func liftFreshCopy(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let result = call.mode.tensor(input.sizes, dtype: input.dtype, device: input.device)
  if let constant = input.constant { call.mode.setConstant(constant, of: result) }
  return .tensor(result)
}

/// `is_contiguous(Tensor self)`, `sym_is_contiguous(Tensor self, MemoryFormat memory_format=contiguous_format)`.
@Sendable
private func isContiguous(_ call: OperatorCall) throws -> FakeValue {
  let format = try call.optionalMemoryFormat(1) ?? .contiguous
  return .bool(call.shapes.geometry.isContiguous(try call.tensor(0), format))
}

extension OperatorCall {
  /// Refuses `source` unless it broadcasts to `sizes`.
  func requireBroadcast(_ source: FakeTensor, to sizes: Sizes) throws {
    func text() -> String {
      "output with shape \(shapes.shortText(of: sizes)) doesn't match the broadcast shape "
    }
    try require(source.rank <= sizes.count, text() + shapes.shortText(of: source.sizes))
    let lead = sizes.count - source.rank
    for dim in source.sizes.indices where source.sizes[dim] != sizes[lead + dim] {
      let (own, wanted) = (source.sizes[dim], sizes[lead + dim])
      if shapes.guardOrFalse(shapes.eq(own, 1)) { continue }
      try check(
        shapes.or(shapes.eq(own, 1), shapes.eq(own, wanted)), text() + shapes.shortText(of: source.sizes))
    }
  }
}
