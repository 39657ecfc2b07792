public import TensorVocabulary

/// The key of Python's `container[key]`, as far as it matters for selecting elements.
///
/// This is the only rule for `getitem`. It knows no values: it turns a key and a number of elements into positions, so
/// it works for every kind of value.
public enum ElementKey: Equatable, Sendable {
  /// An integer, counted from the end if negative.
  ///
  /// `True` and `False` are 1 and 0.
  case index(Int)
  /// `start:stop:step`; `nil` is an open bound.
  case slice(start: Int?, stop: Int?, step: Int?)
  case string(String)
  /// A key of another Python type, such as `float`.
  case other(type: String)

  /// Python's `None`, which selects nothing but leaves the bound of a slice open.
  public static let none = ElementKey.other(type: "NoneType")

  /// The key `start:stop:step`.
  ///
  /// - Throws: ``SelectionError/Kind/unsupportedBound(type:)`` unless each bound is an index or ``none``.
  public init(
    slice start: ElementKey, _ stop: ElementKey, _ step: ElementKey
  ) throws(SelectionError) {
    self = .slice(start: try start.bound, stop: try stop.bound, step: try step.bound)
  }

  private var bound: Int? {
    get throws(SelectionError) {
      switch self {
      case .index(let index): return index
      case .none: return nil
      case .string: throw SelectionError(.unsupportedBound(type: "str"), in: "slice")
      case .slice: throw SelectionError(.unsupportedBound(type: "slice"), in: "slice")
      case .other(let type): throw SelectionError(.unsupportedBound(type: type), in: "slice")
      }
    }
  }
}

/// The elements that an ``ElementKey`` selects.
public enum ElementSelection: Equatable, Sendable {
  /// One element, selected by an index.
  case element(Int)
  /// A container of the same type with these elements, selected by a slice.
  case elements(ElementPositions)
}

/// Equally spaced positions of elements, in the order in which a slice selects them.
public struct ElementPositions: RandomAccessCollection, Equatable, Sendable {
  /// The first position.
  public let start: Int
  /// The position before which the positions end; after which, if they run backwards.
  public let stop: Int
  /// The distance between positions, negative if they run backwards.
  public let step: Int
  /// The number of positions.
  public let count: Int

  /// The positions of `start:stop:step` among `length` elements (`slice.indices`).
  ///
  /// - Precondition: `step` is not zero.
  init(_ start: Int?, _ stop: Int?, _ step: Int, among length: Int) {
    // Positions lie in 0…length-1; backwards, a bound may also be -1, "before the first".
    let (lowest, highest) = step < 0 ? (-1, length - 1) : (0, length)
    func clamped(_ bound: Int) -> Int {
      Swift.max(lowest, Swift.min(highest, bound < 0 ? bound + length : bound))
    }
    self.start = start.map(clamped) ?? (step < 0 ? highest : lowest)
    self.stop = stop.map(clamped) ?? (step < 0 ? lowest : highest)
    self.step = step
    let distance = step < 0 ? self.start - self.stop : self.stop - self.start
    // Rounded up. Bound: the distance is at most `length`; the magnitude of `Int.min` does not fit an Int.
    count = distance <= 0 ? 0 : (distance - 1) / Int(clamping: step.magnitude) + 1
  }

  /// The index of the first position.
  public var startIndex: Int { 0 }
  /// The index after the last position.
  public var endIndex: Int { count }
  /// The position at an index.
  public subscript(place: Int) -> Int {
    precondition(indices.contains(place), "a selection of \(count) elements has no place \(place)")
    return start + place * step
  }
}

extension ElementKey {
  /// The positions that the key selects among the elements of a tuple, list, string or range.
  ///
  /// - Parameters:
  ///   - count: the number of elements.
  ///   - container: the Python type of the container, for the error.
  /// - Returns: one position for an index, several for a slice.
  /// - Throws: ``SelectionError`` where Python raises `IndexError`, `TypeError` or `ValueError`.
  /// - Source: `PySlice_AdjustIndices`, `Objects/sliceobject.c`, CPython 3.12.
  public func select(
    from count: Int, in container: String
  ) throws(SelectionError) -> ElementSelection {
    switch self {
    case .index(let index):
      let position = index < 0 ? index + count : index
      guard (0..<count).contains(position) else {
        throw SelectionError(.indexOutOfRange(index, count: count), in: container)
      }
      return .element(position)
    case .slice(_, _, 0):
      throw SelectionError(.zeroStep, in: container)
    case .slice(let start, let stop, let step):
      return .elements(ElementPositions(start, stop, step ?? 1, among: count))
    case .string:
      throw SelectionError(.unsupportedKey(type: "str"), in: container)
    case .other(let type):
      throw SelectionError(.unsupportedKey(type: type), in: container)
    }
  }

  /// The position of the key among the keys of a dictionary.
  ///
  /// - Throws: ``SelectionError`` where Python raises `KeyError` or, for keys that cannot be hashed, `TypeError`.
  public func position(among keys: some Sequence<DictionaryKey>) throws(SelectionError) -> Int {
    switch self {
    case .string(let name): return try Self.position(of: .string(name), among: keys)
    case .index(let index): return try Self.position(of: .int(index), among: keys)
    case .slice:
      throw SelectionError(.unhashableKey(type: "slice"), in: "dict")
    case .other(let type) where type == "list" || type == "dict":
      throw SelectionError(.unhashableKey(type: type), in: "dict")
    case .other(let type):
      throw SelectionError(.noSuchKey("of type \(type)"), in: "dict")
    }
  }

  private static func position(
    of wanted: DictionaryKey, among keys: some Sequence<DictionaryKey>
  ) throws(SelectionError) -> Int {
    for (position, key) in keys.enumerated() where key == wanted { return position }
    throw SelectionError(.noSuchKey(wanted.pythonText), in: "dict")
  }
}

/// Why a key selects nothing: what Python raises for `container[key]`.
public struct SelectionError: Error, Equatable {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// `IndexError`: there are only `count` elements.
    case indexOutOfRange(Int, count: Int)
    /// `KeyError`: the dictionary does not have the key, which is written as in Python.
    case noSuchKey(String)
    /// `TypeError`: keys of this type select nothing from this container.
    case unsupportedKey(type: String)
    /// `TypeError`: a bound of a slice is neither an integer nor `None`.
    case unsupportedBound(type: String)
    /// `TypeError`: keys of this type cannot be dictionary keys.
    case unhashableKey(type: String)
    /// `ValueError`: a slice with step zero.
    case zeroStep
    /// `TypeError`: the value has no elements.
    case notSubscriptable
    /// A range with bounds that only Python's integers can represent.
    case tooLarge
  }

  /// What went wrong.
  public let kind: Kind
  /// The Python type of the container.
  public let container: String

  /// Creates an error about a container of this Python type.
  public init(_ kind: Kind, in container: String) {
    self.kind = kind
    self.container = container
  }
}

extension SelectionError: CustomStringConvertible {
  /// What is wrong, in Python's words where they exist.
  public var description: String {
    switch kind {
    case .indexOutOfRange(let index, let count):
      "\(container) index out of range: the index is \(index), and there are \(count) elements"
    case .noSuchKey(let key): "the \(container) has no key \(key)"
    case .unsupportedKey(let type): "\(container) indices must be integers or slices, not \(type)"
    case .unsupportedBound(let type): "slice indices must be integers or None, not \(type)"
    case .unhashableKey(let type): "unhashable type: '\(type)' cannot be a key of a \(container)"
    case .zeroStep: "slice step cannot be zero"
    case .notSubscriptable: "'\(container)' object is not subscriptable"
    case .tooLarge: "the elements of this \(container) do not fit into 64 bits"
    }
  }
}
