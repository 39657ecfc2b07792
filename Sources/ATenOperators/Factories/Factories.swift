import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Tensors created from sizes, or like another tensor.
///
/// `options` is the position of `dtype`, followed by `layout`, `device` and `pin_memory`. Rows are in
/// alphabetical order.
let factories: [OperatorRow] = [
  .sized("_efficientzerotensor", options: 1),
  OperatorRow("empty", empty),
  .like("empty_like", options: 1),
  OperatorRow("empty_permuted", emptyPermuted),
  OperatorRow("empty_strided", emptyStrided),
  OperatorRow("full", full),
  .like("full_like", options: 2),
  .sizedNew("new_empty", options: 2),
  OperatorRow("new_empty_strided", newEmptyStrided),
  .sizedNew("new_full", options: 3),
  .sizedNew("new_ones", options: 2),
  .sizedNew("new_zeros", options: 2),
  .sized("ones", options: 1),
  .like("ones_like", options: 1),
  OperatorRow("scalar_tensor", scalarTensor),
  .sized("zeros", options: 1),
  .like("zeros_like", options: 1),
]

extension OperatorRow {
  /// A contiguous tensor of the sizes at position 0.
  static func sized(_ name: String, options: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.fresh(try call.sizesArgument(0), options: options)) }
  }

  /// A contiguous tensor of the sizes at position 1; dtype and device default to those of `self`.
  static func sizedNew(_ name: String, options: Int) -> OperatorRow {
    OperatorRow(name) { call in
      let model = try call.tensor(0)
      return .tensor(
        try call.fresh(
          try call.sizesArgument(1), options: options, dtype: model.dtype, device: model.device))
    }
  }

  /// A tensor with the sizes and layout of `self`; the memory format is four positions after the dtype.
  static func like(_ name: String, options: Int, refuses: DtypeCategories = []) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.freshLike(options: options, refuses: refuses)) }
  }
}

extension OperatorCall {
  /// The sizes at `position`, which must be non-negative.
  func sizesArgument(_ position: Int) throws -> Sizes {
    let sizes = try symInts(position)
    for size in sizes {
      try check(
        shapes.ge(size, 0),
        "Trying to create tensor with negative dimension \(shapes.text(of: size)): \(shapes.shortText(of: sizes))"
      )
    }
    try require(
      shapes.product(sizes) != .tooLarge,
      "Storage size calculation overflowed with sizes=\(shapes.shortText(of: sizes))")
    return sizes
  }

  /// A fresh tensor with the dtype, layout and device given at `options`, which default to the parameters.
  func fresh(
    _ sizes: Sizes, strides: Sizes? = nil, options: Int, dtype: ScalarType = .float32, device: Device = .cpu
  ) throws -> FakeTensor {
    try requireStrided(options + 1)
    return mode.tensor(
      sizes, strides: strides, dtype: try optionalDtype(options) ?? dtype,
      device: try optionalDevice(options + 2) ?? device)
  }

  /// A fresh tensor like the argument at position 0.
  func freshLike(options: Int, refuses: DtypeCategories = []) throws -> FakeTensor {
    let model = try tensor(0)
    let dtype = try optionalDtype(options) ?? model.dtype
    if !refuses.isEmpty { try require(dtype, isNotIn: refuses) }
    try requireStrided(options + 1)
    let device = try optionalDevice(options + 2) ?? model.device
    guard let format = try optionalMemoryFormat(options + 4), format != .preserve else {
      return emptyLike(model, dtype: dtype, device: device)
    }
    return mode.tensor(model.sizes, strides: try strides(model.sizes, format), dtype: dtype, device: device)
  }

  /// The dtype of a tensor created from the number at `position`.
  func dtypeOfNumber(_ position: Int) throws -> ScalarType {
    switch try scalarCategory(position) {
    case .bool: .bool
    case .int: .int64
    case .float: .float32
    case .complex: .complex64
    }
  }
}

/// `empty.memory_format(SymInt[] size, *, …, MemoryFormat? memory_format=None)`.
@Sendable
private func empty(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  let format = try call.optionalMemoryFormat(5) ?? .contiguous
  try call.require(format != .preserve, "unsupported memory format option Preserve")
  return .tensor(try call.fresh(sizes, strides: try call.strides(sizes, format), options: 1))
}

/// `empty_permuted(SymInt[] size, int[] physical_layout, *, …)`: dense, with the dims in memory in the given order,
/// outermost first.
@Sendable
private func emptyPermuted(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  let order = try call.ints(1)
  try call.require(
    order.count == sizes.count,
    "Number of dimensions in size does not match the length of the physical_layout; i.e. "
      + "len(size) = \(sizes.count) is not equal to len(physical_layout) = \(order.count)")
  try call.require(
    order.sorted() == Array(0..<order.count), "Duplicate or out-of-range dim in physical_layout \(order)")
  let strides = call.shapes.geometry.strides(sizes, fromInnermost: order.reversed())
  return .tensor(try call.fresh(sizes, strides: strides, options: 2))
}

/// `empty_strided(SymInt[] size, SymInt[] stride, *, …)`.
@Sendable
private func emptyStrided(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  return .tensor(try call.fresh(sizes, strides: try stridesArgument(call, 1, sizes), options: 2))
}

/// `new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, *, …)`.
@Sendable
private func newEmptyStrided(_ call: OperatorCall) throws -> FakeValue {
  let model = try call.tensor(0)
  let sizes = try call.sizesArgument(1)
  return .tensor(
    try call.fresh(
      sizes, strides: try stridesArgument(call, 2, sizes), options: 3, dtype: model.dtype,
      device: model.device))
}

private func stridesArgument(_ call: OperatorCall, _ position: Int, _ sizes: Sizes) throws -> Sizes {
  let strides = try call.symInts(position)
  try call.require(
    strides.count == sizes.count,
    "dimensionality of sizes (\(sizes.count)) must match dimensionality of strides (\(strides.count))")
  for stride in strides {
    try call.check(
      call.shapes.ge(stride, 0),
      "as_strided: Negative strides are not supported at the moment, got strides: "
        + call.shapes.shortText(of: strides))
  }
  return strides
}

/// `full(SymInt[] size, Scalar fill_value, *, …)`: the dtype defaults to that of the number.
@Sendable
private func full(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.fresh(try call.sizesArgument(0), options: 2, dtype: try call.dtypeOfNumber(1)))
}

/// `scalar_tensor(Scalar s, *, …)`: the dtype defaults to the default float.
@Sendable
private func scalarTensor(_ call: OperatorCall) throws -> FakeValue {
  _ = try call.scalarCategory(0)
  return .tensor(try call.fresh([], options: 1))
}
