/// A value with a name, such as a keyword argument.
public struct Named<Value> {
  /// The name.
  public var name: String
  /// The value.
  public var value: Value

  /// Creates a named value.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension Named: Equatable where Value: Equatable {}
extension Named: Sendable where Value: Sendable {}

extension Collection {
  /// The value with this name, or `nil` if there is none.
  @inlinable
  public subscript<Value>(name: String) -> Value? where Element == Named<Value> {
    first { $0.name == name }?.value
  }
}
