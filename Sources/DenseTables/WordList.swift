/// A list of words that is rewritten again and again in the same memory.
@frozen
public struct WordList: Sendable {
  @usableFromInline var words: ContiguousArray<UInt64> = []
  /// The number of valid words; later ones in `words` are old.
  @usableFromInline var length = 0

  /// The number of words.
  @inlinable public var count: Int { length }

  /// Creates an empty list.
  public init() {}

  /// Removes all words.
  @inlinable
  public mutating func removeAll() { length = 0 }

  /// Appends a word.
  @inlinable
  public mutating func append(_ word: UInt64) {
    if length < words.count { words[length] = word } else { words.append(word) }
    length += 1
  }
}
