import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Conversions of dtype, device and memory format.
///
/// Rows are in alphabetical order.
let typeConversions: [OperatorRow] = [
  .conversion("_autocast_to_full_precision", to: .float32),
  .conversion("_cast_Byte", to: .uint8),
  .conversion("_cast_Char", to: .int8),
  .conversion("_cast_Double", to: .float64),
  .conversion("_cast_Float", to: .float32),
  .conversion("_cast_Half", to: .float16),
  .conversion("_cast_Int", to: .int32),
  .conversion("_cast_Long", to: .int64),
  .conversion("_cast_Short", to: .int16),
  OperatorRow("_to_copy", toCopy),
  OperatorRow("chalf", chalf),
  OperatorRow("to.device", toDevice),
  OperatorRow("to.dtype", toDtype),
  OperatorRow("to.dtype_layout", toDtypeLayout),
  OperatorRow("to.other", toOther),
  OperatorRow("to.prim_Device", toPrimDevice),
  OperatorRow("to.prim_dtype", toPrimDtype),
  OperatorRow("to.prim_other", toPrimOther),
  OperatorRow("type_as", typeAs),
]

extension OperatorRow {
  fileprivate static func conversion(_ name: String, to dtype: ScalarType) -> OperatorRow {
    OperatorRow(name) { call in
      .tensor(try call.converted(try call.tensor(0), dtype, nil, isCopy: false, nil))
    }
  }
}

extension OperatorCall {
  /// The tensor itself if it already has the requested properties, otherwise a copy.
  ///
  /// Source: `to_impl`, `aten/src/ATen/native/TensorConversions.cpp`.
  func converted(
    _ input: FakeTensor, _ dtype: ScalarType?, _ device: Device?, isCopy: Bool, _ format: MemoryFormat?
  ) throws -> FakeTensor {
    let hasFormat =
      format == nil || format == .preserve || shapes.geometry.suggestedMemoryFormat(input) == format
    if !isCopy, hasFormat, dtype == nil || dtype == input.dtype,
      device.map({ isSame($0, input.device) }) ?? true
    {
      return input
    }
    return try convertedCopy(input, dtype, device, format)
  }

  /// A copy with another dtype, device or memory format.
  ///
  /// Source: `_to_copy`, `torch/_decomp/decompositions.py`.
  func convertedCopy(
    _ input: FakeTensor, _ dtype: ScalarType?, _ device: Device?, _ format: MemoryFormat?
  ) throws -> FakeTensor {
    let strides: Sizes
    if let format, format != .preserve {
      strides = try self.strides(input.sizes, format)
    } else {
      strides = dtype == nil ? preservedStrides(input) : convertedStrides(input)
    }
    let result = mode.tensor(
      input.sizes, strides: strides, dtype: dtype ?? input.dtype, device: device ?? input.device)
    result.isConjugate = input.isConjugate && result.dtype.isComplex
    return result
  }

  /// The strides of `input` with another dtype: unchanged if they are dense, also those of one dim.
  ///
  /// Source: `_convert_element_type_meta`, `torch/_prims`.
  private func convertedStrides(_ input: FakeTensor) -> Sizes {
    askWhetherDense(input) ? input.strides : shapes.geometry.elementwiseStrides([input], input.sizes)
  }

  /// Whether two devices are the same; there is only one CPU.
  private func isSame(_ a: Device, _ b: Device) -> Bool {
    a.type == b.type && (a.type == .cpu || a.type == .meta || a.indexed == b.indexed)
  }

  /// Refuses a layout other than strided.
  func requireStrided(_ position: Int) throws {
    if let layout = try optionalLayout(position), layout != .strided {
      throw unsupported("a tensor of layout \(layout.name)")
    }
  }
}

/// `_to_copy(Tensor self, *, ScalarType? dtype, Layout? layout, Device? device, bool? pin_memory,
/// bool non_blocking=False, MemoryFormat? memory_format=None)`.
@Sendable
private func toCopy(_ call: OperatorCall) throws -> FakeValue {
  try call.requireStrided(2)
  return .tensor(
    try call.convertedCopy(
      try call.tensor(0), try call.optionalDtype(1), try call.optionalDevice(3),
      try call.optionalMemoryFormat(6)))
}

/// `chalf(Tensor self, *, MemoryFormat? memory_format=None)`.
@Sendable
private func chalf(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.converted(try call.tensor(0), .complex32, nil, isCopy: false, try call.optionalMemoryFormat(1)))
}

/// `to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False,
/// MemoryFormat? memory_format=None)`.
@Sendable
private func toDevice(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.converted(
      try call.tensor(0), try call.optionalDtype(2), try call.optionalDevice(1),
      isCopy: try call.bool(4),
      try call.optionalMemoryFormat(5)))
}

/// `to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False,
/// MemoryFormat? memory_format=None)`.
@Sendable
private func toDtype(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.converted(
      try call.tensor(0), try call.optionalDtype(1), nil, isCopy: try call.bool(3),
      try call.optionalMemoryFormat(4)))
}

/// `to.dtype_layout(Tensor(a) self, *, ScalarType? dtype, Layout? layout, Device? device, bool? pin_memory,
/// bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None)`.
@Sendable
private func toDtypeLayout(_ call: OperatorCall) throws -> FakeValue {
  try call.requireStrided(2)
  return .tensor(
    try call.converted(
      try call.tensor(0), try call.optionalDtype(1), try call.optionalDevice(3),
      isCopy: try call.bool(6),
      try call.optionalMemoryFormat(7)))
}

/// `to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, …)`.
@Sendable
private func toOther(_ call: OperatorCall) throws -> FakeValue {
  let other = try call.tensor(1)
  return .tensor(
    try call.converted(
      try call.tensor(0), other.dtype, other.device, isCopy: try call.bool(3),
      try call.optionalMemoryFormat(4)))
}

/// `to.prim_Device(Tensor(a) self, Device? device, int? dtype=None, bool non_blocking=False, bool copy=False)`.
@Sendable
private func toPrimDevice(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.converted(
      try call.tensor(0), try call.optionalDtypeOrNumber(2), try call.optionalDevice(1),
      isCopy: try call.bool(4), nil))
}

/// `to.prim_dtype(Tensor(a) self, int? dtype=None, bool non_blocking=False, bool copy=False)`.
@Sendable
private func toPrimDtype(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.converted(
      try call.tensor(0), try call.optionalDtypeOrNumber(1), nil, isCopy: try call.bool(3),
      nil))
}

/// `to.prim_other(Tensor(a) self, bool non_blocking=False, bool copy=False)`.
@Sendable
private func toPrimOther(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.converted(try call.tensor(0), nil, nil, isCopy: try call.bool(2), nil))
}

/// `type_as(Tensor self, Tensor other)`: `self` converted to the dtype and device of `other`.
@Sendable
private func typeAs(_ call: OperatorCall) throws -> FakeValue {
  let other = try call.tensor(1)
  return .tensor(try call.converted(try call.tensor(0), other.dtype, other.device, isCopy: false, nil))
}
