import EscapedTexts
public import TensorVocabulary

/// A key of a dictionary and its value.
public struct DictEntry<Value> {
  /// The key.
  public var key: DictionaryKey
  /// The value.
  public var value: Value

  /// Creates an entry.
  public init(_ key: DictionaryKey, _ value: Value) {
    self.key = key
    self.value = value
  }
}

extension DictEntry: Equatable where Value: Equatable {}
extension DictEntry: Sendable where Value: Sendable {}

extension Collection {
  /// The value for this key, or `nil` if there is none.
  public subscript<Value>(key: DictionaryKey) -> Value? where Element == DictEntry<Value> {
    first { $0.key == key }?.value
  }
}

extension DictionaryKey {
  /// The key as Python writes it.
  package var pythonText: String {
    switch self {
    case .string(let text): Escaped.python(text)
    case .int(let value): "\(value)"
    }
  }
}
