/// One value for each number, in one piece of memory.
///
/// Numbers that were never written have the value `nothing`.
@frozen
public struct Column<Value: Sendable>: Sendable {
  @usableFromInline var values: ContiguousArray<Value> = []
  @usableFromInline let nothing: Value

  /// Creates an empty column.
  @inlinable
  public init(nothing: Value) { self.nothing = nothing }

  /// Whether nothing was ever written.
  @inlinable public var isEmpty: Bool { values.isEmpty }

  /// Reserves room for `count` values.
  @inlinable
  public mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

  /// The value of a number, which is at least 0.
  @inlinable
  public subscript(number: Int) -> Value {
    get { number < values.count ? values[number] : nothing }
    set {
      if number >= values.count { extend(through: number) }
      values[number] = newValue
    }
  }

  /// Extends the column beyond `number`, by at least half its length, so that writing in order rarely extends it.
  @inlinable
  mutating func extend(through number: Int) {
    values.append(contentsOf: repeatElement(nothing, count: number + 1 - values.count + values.count / 2))
  }
}
