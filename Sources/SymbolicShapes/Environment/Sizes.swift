/// The sizes or strides of a tensor: up to six integers stored inline, more in an array.
///
/// Two values are equal when they hold equal integers in the same order.
@frozen
public struct Sizes: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral, Sendable {
  /// How many integers are stored inline.
  @inlinable public static var inlineCapacity: Int { 6 }

  @usableFromInline var inline = InlineArray<6, SymInt>(repeating: 0)
  @usableFromInline var length = 0
  /// All elements if there are more than fit inline; `nil` otherwise, so that a copy retains nothing.
  @usableFromInline var spill: ContiguousArray<SymInt>?

  /// Creates a list of these integers.
  @inlinable
  public init() {}

  /// Creates a list of these integers.
  @inlinable
  public init(arrayLiteral elements: SymInt...) { self.init(elements) }

  /// Creates a list of these integers.
  @inlinable
  public init(_ elements: some Collection<SymInt>) {
    for element in elements { append(element) }
  }

  /// Creates a list of these integers.
  @inlinable
  public init(repeating value: SymInt, count: Int) {
    if count <= Self.inlineCapacity {
      inline = InlineArray(repeating: value)
      length = Swift.max(0, count)
    } else {
      spill = ContiguousArray(repeating: value, count: count)
      length = count
    }
  }

  /// The position of the first integer.
  @inlinable public var startIndex: Int { 0 }
  /// The number of integers.
  @inlinable public var endIndex: Int { length }
  /// The number of integers.
  @inlinable public var count: Int { length }

  /// The integer at a position.
  @inlinable
  public subscript(position: Int) -> SymInt {
    get { length <= Self.inlineCapacity ? inline[position] : spilled(position) }
    set {
      if length <= Self.inlineCapacity { inline[position] = newValue } else { spill?[position] = newValue }
    }
  }

  /// The integers in a range of positions, which they keep.
  @inlinable
  public subscript(bounds: Range<Int>) -> ArraySlice<SymInt> {
    get { Array(self)[bounds] }
    set { for position in bounds { self[position] = newValue[position] } }
  }

  @usableFromInline
  func spilled(_ position: Int) -> SymInt {
    guard let spill else { preconditionFailure("\(length) integers do not fit in place") }
    return spill[position]
  }

  /// Appends an integer.
  @inlinable
  public mutating func append(_ value: SymInt) {
    if length < Self.inlineCapacity { inline[length] = value } else { appendToSpill(value) }
    length += 1
  }

  @usableFromInline
  mutating func appendToSpill(_ value: SymInt) {
    if length == Self.inlineCapacity {
      var all: ContiguousArray<SymInt> = []
      all.reserveCapacity(Self.inlineCapacity * 2)
      for index in 0..<length { all.append(inline[index]) }
      spill = all
    }
    spill?.append(value)
  }

  /// Inserts an integer before the one at `index`.
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

  /// Removes and returns the integer at `index`.
  @discardableResult @inlinable
  public mutating func remove(at index: Int) -> SymInt {
    let removed = self[index]
    var rest = Sizes()
    for position in 0..<count where position != index { rest.append(self[position]) }
    self = rest
    return removed
  }
}

// Custom iterators: those of the standard library would be generic types over `Sizes`. The first use of such a type in
// a process searches all conformances of the program, which takes longer than most rules.
extension Sizes {
  /// Iterates over the integers.
  @frozen
  public struct Iterator: IteratorProtocol {
    @usableFromInline let sizes: Sizes
    @usableFromInline var position = 0

    @inlinable
    init(_ sizes: Sizes) { self.sizes = sizes }

    /// The next integer, or `nil` at the end.
    @inlinable
    public mutating func next() -> SymInt? {
      guard position < sizes.count else { return nil }
      defer { position += 1 }
      return sizes[position]
    }
  }

  /// Iterates over the integers with their positions.
  @frozen
  public struct Enumerated: Sequence, IteratorProtocol {
    @usableFromInline var integers: Sizes.Iterator

    @inlinable
    init(_ sizes: Sizes) { integers = Sizes.Iterator(sizes) }

    /// The next position and its integer, or `nil` at the end.
    @inlinable
    public mutating func next() -> (offset: Int, element: SymInt)? {
      let position = integers.position
      return integers.next().map { (position, $0) }
    }
  }

  /// An iterator over the integers.
  @inlinable
  public func makeIterator() -> Iterator { Iterator(self) }

  /// The integers with their positions.
  @inlinable
  public func enumerated() -> Enumerated { Enumerated(self) }
}

extension Sizes: CustomStringConvertible {
  /// `[8, …]`, where `…` stands for an expression: only its ``ShapeEnv`` knows the symbols.
  public var description: String { "[" + map(\.description).joined(separator: ", ") + "]" }
}

extension Sizes: Equatable, Hashable {
  /// Whether both hold equal integers in the same order.
  @inlinable
  public static func == (a: Sizes, b: Sizes) -> Bool {
    guard a.length == b.length else { return false }
    for index in 0..<a.length where a[index] != b[index] { return false }
    return true
  }

  /// Feeds the integers to the hasher in order.
  public func hash(into hasher: inout Hasher) {
    for value in self { hasher.combine(value) }
  }
}
