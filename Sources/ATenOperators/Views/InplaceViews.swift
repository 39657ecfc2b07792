import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Operators that change the sizes and strides of their argument and return it.
///
/// Rows are in alphabetical order.
let inplaceViews: [OperatorRow] = [
  .restriding("as_strided_") { call, tensor in
    try call.views.asStrided(tensor, call.symInts(1), call.symInts(2), call.optionalSymInt(3))
  },
  OperatorRow("resize") { call in
    let like = call.alias(try call.tensor(0))
    try call.resize(like, to: call.symInts(1), call.optionalMemoryFormat(2))
    return .tensor(try call.clone(like))
  },
  OperatorRow("resize_") { call in
    try call.resize(call.tensor(0), to: call.symInts(1), call.optionalMemoryFormat(2))
    return call[0]
  },
  OperatorRow("resize_as", resizeAs),
  OperatorRow("resize_as_", resizeAsInplace),
  OperatorRow("set", setTensor),
  OperatorRow("set_", setTensor),
  .restriding("squeeze_") { call, tensor in try call.squeezeKnown(tensor, Array(0..<tensor.rank)) },
  .restriding("squeeze_.dim") { call, tensor in try call.squeezeKnown(tensor, [call.int(1)]) },
  .restriding("squeeze_.dims") { call, tensor in try call.squeezeKnown(tensor, call.ints(1)) },
  .restriding("swapaxes_") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .restriding("swapdims_") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .restriding("t_") { call, tensor in
    try call.require(
      tensor.rank <= 2, "t_() expects a tensor with <= 2 dimensions, but self is \(tensor.rank)D")
    return try call.views.transpose(tensor, 0, tensor.rank < 2 ? 0 : 1)
  },
  .restriding("transpose_") { call, tensor in try call.views.transpose(tensor, call.int(1), call.int(2)) },
  .restriding("unsqueeze_") { call, tensor in try call.views.unsqueezed(tensor, call.int(1)) },
]

extension OperatorRow {
  /// An operator that turns its argument into a view.
  fileprivate static func restriding(
    _ name: String, _ view: @escaping @Sendable (OperatorCall, FakeTensor) throws -> FakeTensor
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      call.become(tensor, try view(call, tensor))
      return .tensor(tensor)
    }
  }
}

extension OperatorCall {
  /// Gives `tensor` the geometry and the storage of `view`.
  fileprivate func become(_ tensor: FakeTensor, _ view: FakeTensor) {
    mode.noteMutation(of: tensor)
    tensor.sizes = view.sizes
    tensor.strides = view.strides
    tensor.storageOffset = view.storageOffset
    tensor.storage = view.storage
  }

  /// Like `squeeze`, but it must be known whether a size is 1.
  fileprivate func squeezeKnown(_ tensor: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    for dim in try wrapped(dims, rank: tensor.rank) where dim < tensor.rank {
      _ = try evaluate(shapes.ne(tensor.sizes[dim], 1))
    }
    return try views.squeeze(tensor, dims)
  }

  /// `resize_(Tensor(a!) self, SymInt[] size, *, MemoryFormat? memory_format=None) -> Tensor(a!)`: contiguous
  /// strides, unless the sizes stay the same.
  ///
  /// - Throws: a refusal for negative sizes.
  /// - Guards: whether the sizes stay the same.
  /// - Source: `_resize_`, `aten/src/ATen/native/Resize.cpp`.
  fileprivate func resize(_ tensor: FakeTensor, to size: Sizes, _ format: MemoryFormat?) throws {
    try require(!tensor.requiresGrad, "cannot resize variables that require grad")
    for value in size { try require(try evaluate(shapes.ge(value, 0)), "resize_: a size is negative") }
    var isSame = tensor.rank == size.count
    for (a, b) in zip(tensor.sizes, size) where isSame { isSame = try isEqual(a, b) }
    if !isSame {
      if size.isSymbolic { _ = try evaluate(shapes.eq(shapes.product(size), 0)) }
      if has(.resizesSymbolically) {
        if FakeValue.tensor(tensor).isSymbolic { try requireKnownGrowth(tensor, to: size) }
      } else {
        // The kernel writes plain numbers; a tensor with symbolic sizes cannot hold them.
        try require(
          !FakeValue.tensor(tensor).isSymbolic || size.contains(where: \.isSymbolic),
          "tried to directly modify sizes for customized tensor")
      }
      tensor.sizes = size
      tensor.strides = shapes.geometry.contiguousStrides(size)
    }
    if let format {
      try require(format != .preserve, "Unsupported memory format preserve")
      tensor.strides = try strides(tensor.sizes, format)
    }
    mode.noteMutation(of: tensor)
  }

  /// It must be known whether the new elements fit the memory, which is taken to end with the last element.
  private func requireKnownGrowth(_ tensor: FakeTensor, to size: Sizes) throws {
    let bytes = SymInt(tensor.dtype.itemSize)
    var held = shapes.add(tensor.storageOffset, 1)
    for (size, stride) in zip(tensor.sizes, tensor.strides) {
      held = shapes.add(held, shapes.mul(shapes.sub(size, 1), stride))
    }
    let wanted = shapes.mul(shapes.add(tensor.storageOffset, shapes.product(size)), bytes)
    _ = try evaluate(shapes.gt(wanted, shapes.mul(held, bytes)))
  }

  fileprivate func resizeAs(_ tensor: FakeTensor) throws {
    let like = try self.tensor(1)
    let format = try optionalMemoryFormat(2)
    for size in like.sizes { _ = try evaluateInt(size) }
    try resize(
      tensor, to: like.sizes, format == .preserve ? shapes.geometry.suggestedMemoryFormat(like) : format)
  }
}

/// `resize_as(Tensor self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor`.
@Sendable
private func resizeAs(_ call: OperatorCall) throws -> FakeValue {
  let result = call.alias(try call.tensor(0))
  try call.resizeAs(result)
  return .tensor(try call.clone(result))
}

/// `resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor(a!)`.
@Sendable
private func resizeAsInplace(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.resizeAs(tensor)
  return .tensor(tensor)
}

/// `set_.source_Tensor(Tensor(a!) self, Tensor source) -> Tensor(a!)` and its variants: `self` takes the storage and
/// geometry of `source`; without a source, it becomes empty.
///
/// The functional form returns a new tensor.
@Sendable
private func setTensor(_ call: OperatorCall) throws -> FakeValue {
  let target = try call.tensor(0)
  var source = call.mode.tensor([0], dtype: target.dtype, device: target.device)
  switch call.schema.name.overload {
  case "source_Tensor", "source_Tensor_out": source = call.alias(try call.tensor(1))
  case "source_Tensor_storage_offset":
    source = try call.views.asStrided(call.tensor(1), call.symInts(3), call.symInts(4), call.symInt(2))
  case "default", "out": break
  default: throw call.unsupported("a Storage as argument")
  }
  try call.require(source.dtype == target.dtype, "set_ needs a source of the same dtype")
  guard call.isInplace else { return .tensor(source) }
  call.become(target, source)
  return .tensor(target)
}
