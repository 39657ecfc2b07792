import FX

/// The distinct expressions of a program, each stored once as the archive's text.
///
/// Archives since PyTorch 2.6 have SymPy's `srepr`, those of 2.5 and printed graphs infix text. Equal texts share a
/// number, so each expression is parsed once, however many sizes use it.
public struct RecordedExpressions: Sendable {
  /// The hint of an expression.
  public enum Hint: Hashable, Sendable {
    case int(Int)
    case float(Double)
    case bool(Bool)
  }

  /// How expressions are written.
  public enum Syntax: Sendable {
    /// SymPy's `srepr`.
    case srepr
    /// Python's notation, as `str` of an expression has it.
    case infix
  }

  private var texts = StringTable()
  private var hints: ContiguousArray<Hint?> = []

  /// No expressions.
  public init() {}

  /// The number of expressions.
  public var count: Int { hints.count }

  /// The archive's text of an expression.
  public func text(of id: RecordedExpressionID) -> String { texts[NameID(index: id.index)] }

  /// The first hint that the archive gives for an expression.
  public func hint(of id: RecordedExpressionID) -> Hint? { hints[Int(id.index)] }

  /// All expressions, in the order of their first use.
  public var ids: some Sequence<RecordedExpressionID> {
    (0..<UInt32(count)).lazy.map { RecordedExpressionID(index: $0) }
  }

  /// The number of the expression with this text, which is added when it is new, with a hint when it has none.
  public mutating func intern(_ text: UnsafeBufferPointer<UInt8>, hint: Hint?) -> RecordedExpressionID {
    let id = texts.intern(text)
    if Int(id.index) == hints.count {
      hints.append(hint)
    } else if let hint, hints[Int(id.index)] == nil {
      hints[Int(id.index)] = hint
    }
    return RecordedExpressionID(index: id.index)
  }
}

/// The number of an expression in ``RecordedExpressions``.
@frozen
public struct RecordedExpressionID: Hashable, Sendable {
  /// The number, dense from zero.
  public let index: UInt32
}

/// An integer recorded by the archive: a number, or an expression.
///
/// ```text
/// Int.min + 2³² … Int.max    the number itself
/// Int.min … Int.min + 2³²−1  an expression: the low 32 bits are its number
/// ```
@frozen
public struct RecordedInt: Hashable, Sendable {
  private let bits: Int

  private static let firstConstant = Int.min + 1 << 32

  /// A number; `nil` if it is too close to `Int.min` to be stored.
  public init?(_ value: Int) {
    guard value >= Self.firstConstant else { return nil }
    bits = value
  }

  private init(bits: Int) { self.bits = bits }

  static let zero = RecordedInt(bits: 0)

  /// An expression.
  public init(_ expression: RecordedExpressionID) { bits = Int.min | Int(expression.index) }

  /// The number; `nil` for an expression.
  public var constant: Int? { bits >= Self.firstConstant ? bits : nil }

  /// The expression; `nil` for a number.
  public var expression: RecordedExpressionID? {
    bits < Self.firstConstant ? RecordedExpressionID(index: UInt32(truncatingIfNeeded: bits)) : nil
  }
}
