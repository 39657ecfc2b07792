public import SymbolicShapes

/// The sizes or the strides of a tensor: up to six integers in place, more in an array.
///
/// Two values are equal when they hold equal integers in the same order.
@frozen
public struct Sizes: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral, Sendable {
  /// How many integers fit in place.
  public static var inlineCapacity: Int { 6 }

  @usableFromInline var inline = InlineArray<6, SymInt>(repeating: 0)
  @usableFromInline var length: UInt8 = 0
  /// All elements, when there are more than fit in place; empty otherwise.
  @usableFromInline var spill: ContiguousArray<SymInt> = []

  /// Makes a list of these integers.
  @inlinable
  public init() {}

  /// Makes a list of these integers.
  @inlinable
  public init(arrayLiteral elements: SymInt...) { self.init(elements) }

  /// Makes a list of these integers.
  @inlinable
  public init(_ elements: some Collection<SymInt>) {
    for element in elements { append(element) }
  }

  /// Makes a list of these integers.
  @inlinable
  public init(repeating value: SymInt, count: Int) {
    for _ in 0..<Swift.max(0, count) { append(value) }
  }

  /// The position of the first integer.
  @inlinable public var startIndex: Int { 0 }
  /// The number of integers.
  @inlinable public var endIndex: Int { spill.isEmpty ? Int(length) : spill.count }

  /// The integer at a position.
  @inlinable
  public subscript(position: Int) -> SymInt {
    get { spill.isEmpty ? inline[position] : spill[position] }
    set {
      if spill.isEmpty { inline[position] = newValue } else { spill[position] = newValue }
    }
  }

  /// Adds an integer at the end.
  @inlinable
  public mutating func append(_ value: SymInt) {
    if spill.isEmpty, Int(length) < Self.inlineCapacity {
      inline[Int(length)] = value
      length += 1
    } else {
      moveToSpill()
      spill.append(value)
    }
  }

  /// Puts an integer before the one at `index`.
  @inlinable
  public mutating func insert(_ value: SymInt, at index: Int) {
    append(value)
    var position = count - 1
    while position > index {
      self[position] = self[position - 1]
      position -= 1
    }
    self[index] = value
  }

  /// Takes out and returns the integer at `index`.
  @discardableResult @inlinable
  public mutating func remove(at index: Int) -> SymInt {
    let removed = self[index]
    var rest = Sizes()
    for (position, value) in enumerated() where position != index { rest.append(value) }
    self = rest
    return removed
  }

  @usableFromInline
  mutating func moveToSpill() {
    guard spill.isEmpty else { return }
    spill.reserveCapacity(Self.inlineCapacity * 2)
    for index in 0..<Int(length) { spill.append(inline[index]) }
  }
}

extension Sizes: Equatable, Hashable {
  /// Whether both hold equal integers in the same order.
  @inlinable
  public static func == (a: Sizes, b: Sizes) -> Bool {
    guard a.count == b.count else { return false }
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }

  /// Mixes in the integers in order.
  public func hash(into hasher: inout Hasher) {
    for value in self { hasher.combine(value) }
  }
}
