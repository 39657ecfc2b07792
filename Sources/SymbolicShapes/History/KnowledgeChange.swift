import SymbolicExpressions

/// One change of what is known, with all that it depends on beside what was known before.
enum KnowledgeChange {
  case declaration(SymExpr, SymbolKind, ValueRange, hint: Number?, isKnown: Bool)
  case sizeLike(Symbol)
  /// The range was narrowed from outside.
  case given(Symbol, IntRange)
  /// The range was narrowed by a conclusion.
  case range(Symbol, IntRange)
  case replacement(Symbol, SymExpr)
  case divisibility(SymExpr)
  case guardTaken(SymExpr)
  case runtimeAssert(SymExpr, message: String)
  case renaming(Symbol, Symbol)
  case definition(Symbol, SymExpr)
  case contradiction

  /// Adds words that are equal only for equal changes.
  func write(to words: inout WordList) {
    switch self {
    case .declaration(let symbol, let kind, let range, let hint, let isKnown):
      Self.write(0, symbol.bits, UInt32(kind.rawValue) << 1 | (isKnown ? 1 : 0), to: &words)
      Self.write(range, to: &words)
      Self.write(hint, to: &words)
    case .sizeLike(let symbol): Self.write(1, symbol.index, to: &words)
    case .given(let symbol, let range):
      Self.write(2, symbol.index, to: &words)
      Self.write(.int(range), to: &words)
    case .range(let symbol, let range):
      Self.write(3, symbol.index, to: &words)
      Self.write(.int(range), to: &words)
    case .replacement(let symbol, let target): Self.write(4, symbol.index, target.bits, to: &words)
    case .divisibility(let remainder): Self.write(5, remainder.bits, to: &words)
    case .guardTaken(let condition): Self.write(6, condition.bits, to: &words)
    case .runtimeAssert(let condition, let message):
      Self.write(7, condition.bits, to: &words)
      Self.write(message, to: &words)
    case .renaming(let from, let to): Self.write(8, from.index, to.index, to: &words)
    case .definition(let symbol, let value): Self.write(9, symbol.index, value.bits, to: &words)
    case .contradiction: Self.write(10, 0, to: &words)
    }
  }

  private static func write(
    _ kind: UInt64, _ first: UInt32, _ second: UInt32 = 0, to words: inout WordList
  ) {
    words.append(kind)
    words.append(UInt64(first) << 32 | UInt64(second))
  }

  /// Eight bytes a word, after their number.
  private static func write(_ text: String, to words: inout WordList) {
    words.append(UInt64(text.utf8.count))
    var (word, filled) = (UInt64(0), UInt64(0))
    for byte in text.utf8 {
      word |= UInt64(byte) << (8 * filled)
      filled += 1
      if filled == 8 {
        words.append(word)
        (word, filled) = (0, 0)
      }
    }
    if filled > 0 { words.append(word) }
  }

  private static func write(_ range: ValueRange, to words: inout WordList) {
    switch range {
    case .int(let range):
      words.append(0)
      words.append(UInt64(bitPattern: Int64(range.lower)))
      words.append(UInt64(bitPattern: Int64(range.upper)))
    case .float(let range):
      words.append(1)
      words.append(range.lower.bitPattern)
      words.append(range.upper.bitPattern)
    case .bool(let canBeFalse, let canBeTrue): words.append(2 | (canBeFalse ? 4 : 0) | (canBeTrue ? 8 : 0))
    }
  }

  private static func write(_ hint: Number?, to words: inout WordList) {
    switch hint {
    case nil: words.append(0)
    case .int(let value):
      words.append(1)
      words.append(UInt64(bitPattern: Int64(value)))
    case .float(let value):
      words.append(2)
      words.append(value.bitPattern)
    case .bool(let value): words.append(value ? 4 : 3)
    }
  }
}
