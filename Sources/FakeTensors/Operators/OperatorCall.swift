public import OperatorSchemas
import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// One call of an operator: its arguments in the order of the schema, with defaults filled in.
///
/// Calls are reused, so a rule must not store one.
public final class OperatorCall {
  /// The mode of the tensors.
  public let mode: FakeTensorMode
  /// What the operator takes and returns.
  public let schema: FunctionSchema
  /// Whether the operator is in-place or writes to `out=` arguments.
  public let isInplace, isOut: Bool
  /// One value for each argument of ``schema``.
  @exclusivity(unchecked) public var arguments: ContiguousArray<FakeValue>
  /// Whether a kernel writes the result into its only operand, so that the strides of a fresh result are not needed.
  @exclusivity(unchecked) package internal(set) var isWrittenInPlace = false

  /// Creates a call from arguments in the order of the schema.
  public init(_ schema: FunctionSchema, _ arguments: ContiguousArray<FakeValue>, in mode: FakeTensorMode) {
    self.schema = schema
    isInplace = schema.isInplace
    isOut = schema.isOut
    self.arguments = arguments
    self.mode = mode
  }

  /// Makes the number of arguments `count`; they keep their values if it already is.
  @inlinable
  package func setCount(_ count: Int) {
    if arguments.count != count { arguments = ContiguousArray(repeating: .none, count: count) }
  }

  /// The shape environment of the call.
  @inlinable
  public var shapes: ShapeEnv { mode.shapes }

  /// Whether `difference` is so in the version of PyTorch whose rules are asked for.
  public func has(_ difference: SemanticDifference) -> Bool { shapes.profile.has(difference) }

  // Arguments. Positions are those of the schema.

  /// The argument at a position; `None` past the end.
  @inlinable
  public subscript(position: Int) -> FakeValue {
    position < arguments.count ? arguments[position] : .none
  }

  /// Whether the argument is absent or `None`.
  @inlinable
  public func isNone(_ position: Int) -> Bool { self[position].isNone }

  /// The tensor at a position.
  @inlinable
  public func tensor(_ position: Int) throws -> FakeTensor {
    if case .tensor(let tensor) = self[position] { return tensor }
    throw wrongArgument(position, "a tensor")
  }

  /// The tensor at a position, or `nil` for `None`.
  public func optionalTensor(_ position: Int) throws -> FakeTensor? {
    isNone(position) ? nil : try tensor(position)
  }

  /// The list of tensors at a position.
  public func tensors(_ position: Int) throws -> [FakeTensor] {
    try optionalTensors(position).map { tensor in
      guard let tensor else { throw wrongArgument(position, "a list of tensors") }
      return tensor
    }
  }

  /// The list at a position, whose elements may be `None`.
  public func optionalTensors(_ position: Int) throws -> [FakeTensor?] {
    guard let elements = self[position].elements else { throw wrongArgument(position, "a list of tensors") }
    return try elements.map { element in
      switch element {
      case .tensor(let tensor): return tensor
      case .none: return nil
      default: throw wrongArgument(position, "a list of tensors")
      }
    }
  }

  /// The integer at a position, symbolic or not.
  public func symInt(_ position: Int) throws -> SymInt {
    switch self[position] {
    case .symInt(let value): return value
    case .bool(let value): return value ? 1 : 0
    case .symBool(let value): return shapes.symInt(shapes.arena.where(value.expression, .one, .zero))
    case .tensor(let tensor):
      if case .int(let value)? = tensor.constant?.values.first { return SymInt(value) }
      throw wrongArgument(position, "an integer")
    default: throw wrongArgument(position, "an integer")
    }
  }

  /// The integer at a position, or `nil` for `None`.
  public func optionalSymInt(_ position: Int) throws -> SymInt? {
    isNone(position) ? nil : try symInt(position)
  }

  /// An integer that must be concrete, such as a dim or a flag.
  ///
  /// A symbolic one is guarded on.
  public func int(_ position: Int) throws -> Int {
    let value = try symInt(position)
    if let constant = value.constant { return constant }
    return try evaluateInt(value)
  }

  /// The concrete integer at a position, or `nil` for `None`.
  public func optionalInt(_ position: Int) throws -> Int? { isNone(position) ? nil : try int(position) }

  /// A list of integers; a single integer is repeated as often as the schema's `int[2]` asks for.
  public func symInts(_ position: Int) throws -> Sizes {
    switch self[position] {
    case .sizes(let sizes): return sizes
    case .symInt(let value): return Sizes(repeating: value, count: listSize(position))
    case .list(let items), .tuple(let items):
      var sizes = Sizes()
      for item in items {
        guard case .symInt(let value) = item else { throw wrongArgument(position, "a list of integers") }
        sizes.append(value)
      }
      return sizes
    default: throw wrongArgument(position, "a list of integers")
    }
  }

  private func listSize(_ position: Int) -> Int {
    guard position < schema.arguments.count,
      case .list(_, let size?) = schema.arguments[position].type.nonOptional
    else { return 1 }
    return size
  }

  /// The integers at a position, or `nil` for `None`.
  public func optionalSymInts(_ position: Int) throws -> Sizes? {
    isNone(position) ? nil : try symInts(position)
  }

  /// A list of concrete integers, such as dims.
  public func ints(_ position: Int) throws -> [Int] {
    try symInts(position).map { value in
      if let constant = value.constant { return constant }
      return try evaluateInt(value)
    }
  }

  /// The concrete integers at a position, or `nil` for `None`.
  public func optionalInts(_ position: Int) throws -> [Int]? { isNone(position) ? nil : try ints(position) }

  /// The boolean at a position; a symbolic one is decided.
  public func bool(_ position: Int) throws -> Bool {
    switch self[position] {
    case .bool(let value): return value
    case .symInt(let value): return try evaluate(shapes.ne(value, 0))
    case .symBool(let value): return try evaluate(value)
    default: throw wrongArgument(position, "a truth value")
    }
  }

  /// The boolean at a position, or `nil` for `None`.
  public func optionalBool(_ position: Int) throws -> Bool? { isNone(position) ? nil : try bool(position) }

  /// The number at a position as a float.
  ///
  /// A symbolic one is guarded on, as PyTorch does for arguments of type `float` (`guard_float`).
  public func double(_ position: Int) throws -> Double {
    switch self[position] {
    case .float(let value): return value
    case .symInt(let value): return Double(try evaluateInt(value))
    case .bool(let value): return value ? 1 : 0
    case .symFloat(let value): return try evaluateFloat(value)
    default: throw wrongArgument(position, "a number")
    }
  }

  /// The number at a position as a float, or `nil` for `None`.
  public func optionalDouble(_ position: Int) throws -> Double? {
    isNone(position) ? nil : try double(position)
  }

  /// The string at a position.
  public func string(_ position: Int) throws -> String {
    if case .string(let value) = self[position] { return value }
    throw wrongArgument(position, "a string")
  }

  /// The string at a position, or `nil` for `None`.
  public func optionalString(_ position: Int) throws -> String? {
    isNone(position) ? nil : try string(position)
  }

  /// The dtype at a position.
  public func dtype(_ position: Int) throws -> ScalarType {
    guard let dtype = try optionalDtype(position) else { throw wrongArgument(position, "a dtype") }
    return dtype
  }

  /// The dtype at a position, or `nil` for `None`.
  public func optionalDtype(_ position: Int) throws -> ScalarType? {
    switch self[position] {
    case .dtype(let dtype): return dtype
    case .none: return nil
    default: throw wrongArgument(position, "a dtype")
    }
  }

  /// The device at a position.
  public func device(_ position: Int) throws -> Device {
    guard let device = try optionalDevice(position) else { throw wrongArgument(position, "a device") }
    return device
  }

  /// The device at a position, or `nil` for `None`.
  public func optionalDevice(_ position: Int) throws -> Device? {
    switch self[position] {
    case .device(let device): return device
    case .none: return nil
    case .string(let text):
      guard let device = Device(text) else { throw wrongArgument(position, "a device") }
      return device
    default: throw wrongArgument(position, "a device")
    }
  }

  /// The layout at a position, or `nil` for `None`.
  public func optionalLayout(_ position: Int) throws -> Layout? {
    switch self[position] {
    case .layout(let layout): return layout
    case .none: return nil
    default: throw wrongArgument(position, "a layout")
    }
  }

  /// The memory format at a position, or `nil` for `None`.
  public func optionalMemoryFormat(_ position: Int) throws -> MemoryFormat? {
    switch self[position] {
    case .memoryFormat(let format): return format
    case .none: return nil
    default: throw wrongArgument(position, "a memory format")
    }
  }

  /// The category of a number argument in type promotion.
  public func scalarCategory(_ position: Int) throws -> ScalarCategory {
    guard let category = self[position].scalarCategory else { throw wrongArgument(position, "a number") }
    return category
  }
}

extension FakeValue {
  /// The category of a number; `nil` for anything else.
  public var scalarCategory: ScalarCategory? {
    switch self {
    case .bool, .symBool: .bool
    case .symInt: .int
    case .float, .symFloat: .float
    case .complex: .complex
    default: nil
    }
  }
}
