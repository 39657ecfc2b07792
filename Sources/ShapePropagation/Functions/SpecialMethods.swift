import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Methods of tensors that are more than the operator of their name.
///
/// - Source: `tools/autograd/templates/python_variable_methods.cpp`, `torch/_tensor.py`, v2.13.
enum SpecialMethods {
  static func rule(_ name: String) -> HigherOrderRule? {
    if let dtype = conversions[name] {
      return HigherOrderRule(name) { call in
        var keywords: [String: FakeValue] = [:]
        if let format = call.argument(1, "memory_format") { keywords["memory_format"] = format }
        return try call.apply("aten.to.dtype", .tensor(try call.tensor(0)), .dtype(dtype), keywords: keywords)
      }
    }
    return rules[name].map { HigherOrderRule(name, $0) }
  }

  /// Methods named after the type that they convert to.
  private static let conversions: [String: ScalarType] = [
    "bfloat16": .bfloat16, "bool": .bool, "byte": .uint8, "cdouble": .complex128, "cfloat": .complex64,
    "chalf": .complex32, "char": .int8, "double": .float64, "float": .float32, "half": .float16,
    "int": .int32,
    "long": .int64, "short": .int16,
  ]

  private static let rules: [String: @Sendable (HigherOrderCall) throws -> FakeValue] = [
    "__getitem__": { call in
      guard call.arguments.count == 2 else { throw call.refusal("__getitem__ takes one index") }
      return try TensorIndexing(call).get(call.arguments[1])
    },
    "__setitem__": { try TensorIndexing($0).set() },
    "backward": { _ in .none },
    "cpu": { call in try moved(call, to: .cpu) },
    "cuda": { call in
      if case .device(let device)? = call.argument(1, "device") { return try moved(call, to: device) }
      return try moved(call, to: Device(.cuda, index: 0))
    },
    "dim": { call in .int(try call.tensor(0).rank) },
    "get_device": { call in .int(Int(try call.tensor(0).device.index ?? -1)) },
    "is_complex": { call in .bool(try call.tensor(0).dtype.isComplex) },
    "is_contiguous": { call in
      let tensor = try call.tensor(0)
      return .bool(call.mode.shapes.geometry.contiguousStrides(tensor.sizes) == tensor.strides)
    },
    "is_floating_point": { call in .bool(try call.tensor(0).dtype.isFloatingPoint) },
    "item": { call in try call.apply("aten.item.default", .tensor(try call.tensor(0))) },
    "ndimension": { call in .int(try call.tensor(0).rank) },
    "new": { call in
      try call.apply(
        "aten.new_empty.default", .tensor(try call.tensor(0)), .list(Array(call.arguments.dropFirst())))
    },
    "nelement": elementCount,
    "numel": elementCount,
    "requires_grad_": { call in .tensor(try call.tensor(0)) },
    "size": { call in
      let tensor = try call.tensor(0)
      guard let dim = call.argument(1, "dim"), !dim.isNone else { return .sizes(tensor.sizes) }
      guard case .symInt(let value) = dim, let constant = value.constant else {
        throw call.refusal("size takes a dim")
      }
      return .symInt(try call.size(tensor, constant))
    },
    "split": split,
    "storage_offset": { call in .symInt(try call.tensor(0).storageOffset) },
    "stride": { call in
      let tensor = try call.tensor(0)
      guard case .symInt(let value)? = call.argument(1, "dim"), let dim = value.constant else {
        return .sizes(tensor.strides)
      }
      _ = try call.size(tensor, dim)
      return .symInt(tensor.strides[dim < 0 ? dim + tensor.rank : dim])
    },
    "to": convert,
    "type": { call in
      guard case .dtype(let dtype)? = call.argument(1, "dtype") else {
        throw PropagationError(.malformed("type() without a dtype is not supported"))
      }
      return try call.apply("aten.to.dtype", .tensor(try call.tensor(0)), .dtype(dtype))
    },
    "unflatten": { call in
      let sizes = call.argument(2, "sizes") ?? .none
      let items = sizes.elements ?? Array(call.arguments.dropFirst(2))
      return try call.apply(
        "aten.unflatten.int", .tensor(try call.tensor(0)), call.argument(1, "dim") ?? .int(0), .list(items))
    },
  ]

  @Sendable
  private static func elementCount(_ call: HigherOrderCall) throws -> FakeValue {
    .symInt(try call.tensor(0).sizes.reduce(SymInt(1)) { call.mode.shapes.mul($0, $1) })
  }

  @Sendable
  private static func moved(_ call: HigherOrderCall, to device: Device) throws -> FakeValue {
    let tensor = try call.tensor(0)
    return try call.apply("aten.to.device", .tensor(tensor), .device(device), .dtype(tensor.dtype))
  }

  /// `split(size or sizes, dim)`.
  @Sendable
  static func split(_ call: HigherOrderCall) throws -> FakeValue {
    let input = FakeValue.tensor(try call.tensor(0))
    guard let sizes = call.argument(1, "split_size_or_sections") ?? call.argument(1, "split_size") else {
      throw call.refusal("split takes a size")
    }
    let dim = call.argument(2, "dim") ?? .int(0)
    if let items = sizes.elements {
      return try call.apply("aten.split_with_sizes.default", input, .list(items), dim)
    }
    return try call.apply("aten.split.Tensor", input, sizes, dim)
  }

  /// `to(dtype)`, `to(device)`, `to(other)`, with keywords in any order.
  @Sendable
  private static func convert(_ call: HigherOrderCall) throws -> FakeValue {
    let tensor = try call.tensor(0)
    var dtype: FakeValue?
    var device: FakeValue?
    var keywords: [String: FakeValue] = [:]
    var flags: [FakeValue] = []
    for value in call.arguments.dropFirst() {
      switch value {
      case .tensor(let other): (dtype, device) = (.dtype(other.dtype), .device(other.device))
      case .dtype: dtype = value
      case .device: device = value
      case .string(let name): device = Device(name).map { .device($0) }
      case .bool: flags.append(value)
      default: break
      }
    }
    for (name, value) in call.keywords where !value.isNone {
      switch (name, value) {
      case ("dtype", _): dtype = value
      case ("device", .string(let text)): device = Device(text).map { .device($0) }
      case ("device", _): device = value
      case ("other", .tensor(let other)): (dtype, device) = (.dtype(other.dtype), .device(other.device))
      default: keywords[name] = value
      }
    }
    for (name, value) in zip(["non_blocking", "copy"], flags) { keywords[name] = value }
    guard let device else {
      return try call.apply(
        "aten.to.dtype", .tensor(tensor), dtype ?? .dtype(tensor.dtype), keywords: keywords)
    }
    return try call.apply(
      "aten.to.device", .tensor(tensor), device, dtype ?? .dtype(tensor.dtype), keywords: keywords)
  }
}
