/// A list of words that is written again and again in the same memory.
@frozen
public struct WordList: Sendable {
  @usableFromInline var words: ContiguousArray<UInt64> = []
  /// How many words count; further ones in `words` are old.
  @usableFromInline var length = 0

  /// How many words there are.
  @inlinable public var count: Int { length }

  /// An empty list.
  public init() {}

  /// Starts over.
  @inlinable
  public mutating func removeAll() { length = 0 }

  /// Adds a word at the end.
  @inlinable
  public mutating func append(_ word: UInt64) {
    if length < words.count { words[length] = word } else { words.append(word) }
    length += 1
  }
}
