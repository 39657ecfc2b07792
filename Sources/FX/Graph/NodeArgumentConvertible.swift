public import TensorVocabulary

/// A type that can be an argument of a node: nodes, numbers, strings, and whatever else Python passes to operators.
///
/// `Optional` conforms, and `nil` is Python's `None`. An array becomes a list.
public protocol NodeArgumentConvertible {
  /// The value as an argument.
  var nodeArgument: Node.Argument { get }
}

extension Node: NodeArgumentConvertible {
  /// The value of the node.
  public var nodeArgument: Node.Argument { .node(self) }
}

extension Node.Argument: NodeArgumentConvertible {
  /// The argument itself.
  public var nodeArgument: Node.Argument { self }
}

extension Int: NodeArgumentConvertible {
  /// A constant integer.
  public var nodeArgument: Node.Argument { .int(self) }
}

extension Double: NodeArgumentConvertible {
  /// A constant float.
  public var nodeArgument: Node.Argument { .float(self) }
}

extension Bool: NodeArgumentConvertible {
  /// A constant bool.
  public var nodeArgument: Node.Argument { .bool(self) }
}

extension String: NodeArgumentConvertible {
  /// A constant string.
  public var nodeArgument: Node.Argument { .string(self) }
}

extension ScalarType: NodeArgumentConvertible {
  /// A dtype.
  public var nodeArgument: Node.Argument { .dtype(self) }
}

extension Device: NodeArgumentConvertible {
  /// A device.
  public var nodeArgument: Node.Argument { .device(self) }
}

extension Layout: NodeArgumentConvertible {
  /// A layout.
  public var nodeArgument: Node.Argument { .layout(self) }
}

extension MemoryFormat: NodeArgumentConvertible {
  /// A memory format.
  public var nodeArgument: Node.Argument { .memoryFormat(self) }
}

extension Optional: NodeArgumentConvertible where Wrapped: NodeArgumentConvertible {
  /// The value, or Python's `None`.
  public var nodeArgument: Node.Argument { map(\.nodeArgument) ?? Node.Argument.none }
}

extension Array: NodeArgumentConvertible where Element: NodeArgumentConvertible {
  /// A list.
  public var nodeArgument: Node.Argument { .list(map(\.nodeArgument)) }
}

// No literal `nil`: where an optional argument is expected, it would mean `None` rather than "no argument".
extension Node.Argument: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  /// A constant integer.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A constant float.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A constant bool.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A constant string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: Node.Argument...) { self = .list(elements) }
}
