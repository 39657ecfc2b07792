import DenseTables
import SymbolicExpressions

/// One change of what is known, with everything it depends on apart from what was known before.
enum KnowledgeChange {
  case declaration(SymExpr, SymbolKind, ValueRange, hint: SymExpr.Number?, isKnown: Bool)
  case sizeLike(SymExpr.Symbol)
  /// The range was narrowed from outside.
  case given(SymExpr.Symbol, IntRange)
  /// The range was narrowed by a conclusion.
  case range(SymExpr.Symbol, IntRange)
  case replacement(SymExpr.Symbol, SymExpr)
  case divisibility(SymExpr)
  case guardTaken(SymExpr)
  case runtimeAssert(SymExpr, message: String)
  case renaming(SymExpr.Symbol, SymExpr.Symbol)
  case definition(SymExpr.Symbol, SymExpr)
  case contradiction
  /// A remainder was made while a sign was unknown; its form is remembered.
  case signedRemainder(SymExpr)

  /// The number of the case.
  var kind: UInt8 {
    switch self {
    case .declaration: 0
    case .sizeLike: 1
    case .given: 2
    case .range: 3
    case .replacement: 4
    case .divisibility: 5
    case .guardTaken: 6
    case .runtimeAssert: 7
    case .renaming: 8
    case .definition: 9
    case .contradiction: 10
    case .signedRemainder: 11
    }
  }

  /// Appends words that are equal only for equal changes of the same ``kind``.
  func write(to words: inout WordList) {
    switch self {
    case .declaration(let symbol, let kind, let range, let hint, let isKnown):
      Self.write(symbol.bits, UInt32(kind.rawValue) << 1 | (isKnown ? 1 : 0), to: &words)
      Self.write(range, to: &words)
      Self.write(hint, to: &words)
    case .sizeLike(let symbol): Self.write(symbol.index, to: &words)
    case .given(let symbol, let range), .range(let symbol, let range):
      Self.write(symbol.index, to: &words)
      Self.write(range, to: &words)
    case .replacement(let symbol, let target): Self.write(symbol.index, target.bits, to: &words)
    case .divisibility(let remainder), .signedRemainder(let remainder): Self.write(remainder.bits, to: &words)
    case .guardTaken(let condition): Self.write(condition.bits, to: &words)
    case .runtimeAssert(let condition, let message):
      Self.write(condition.bits, to: &words)
      Self.write(message, to: &words)
    case .renaming(let from, let to): Self.write(from.index, to.index, to: &words)
    case .definition(let symbol, let value): Self.write(symbol.index, value.bits, to: &words)
    case .contradiction: break
    }
  }

  private static func write(_ first: UInt32, _ second: UInt32 = 0, to words: inout WordList) {
    words.append(UInt64(first) << 32 | UInt64(second))
  }

  private static func write(_ range: IntRange, to words: inout WordList) {
    words.append(UInt64(bitPattern: Int64(range.lower)))
    words.append(UInt64(bitPattern: Int64(range.upper)))
  }

  /// The length, then the bytes, eight to a word.
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
      write(range, to: &words)
    case .float(let range):
      words.append(1)
      words.append(range.lower.bitPattern)
      words.append(range.upper.bitPattern)
    case .bool(let canBeFalse, let canBeTrue): words.append(2 | (canBeFalse ? 4 : 0) | (canBeTrue ? 8 : 0))
    }
  }

  private static func write(_ hint: SymExpr.Number?, to words: inout WordList) {
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
