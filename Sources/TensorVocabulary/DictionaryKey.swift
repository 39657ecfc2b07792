/// A key of a dictionary that a program passes around: Python's `str` or `int`.
public enum DictionaryKey: Hashable, Sendable {
  case string(String)
  case int(Int)
}

extension DictionaryKey: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  /// Creates a key that is a string.
  public init(stringLiteral text: String) { self = .string(text) }
  /// Creates a key that is an integer.
  public init(integerLiteral value: Int) { self = .int(value) }
}

extension DictionaryKey: CustomStringConvertible {
  /// The key without quotes.
  public var description: String {
    switch self {
    case .string(let text): text
    case .int(let value): "\(value)"
    }
  }
}
