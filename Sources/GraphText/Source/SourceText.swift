/// A text with its wrappings taken off, line by line, which knows where everything stood.
///
/// Cleaned bytes of all lines lie one after the other; a line is a range of them. Where characters were removed or
/// replaced inside a line, `shifts` say by how much columns differ from there on.
///
///     > \e[31mx\e[0m: &quot;f32[2]&quot;     as given
///     x: "f32[2]"                            as read; the quote mark stands at column 19
struct SourceText: Sendable {
  struct Line: Sendable {
    /// The place of its cleaned bytes.
    var bytes: Range<Int>
    /// Its number in the text, from 1.
    var number: Int
    /// The entries of `shifts` that belong to the line.
    var shifts: Range<Int>
    /// What a logger wrote before it.
    var prefix: LogPrefix?
    /// Whether it starts or ends a fenced block.
    var isFence = false
  }

  /// From `offset` on, the given text has `removed` characters more than the cleaned one.
  struct Shift: Sendable {
    var offset: Int
    var removed: Int
  }

  var bytes: ContiguousArray<UInt8> = []
  var lines: ContiguousArray<Line> = []
  var shifts: ContiguousArray<Shift> = []

  /// Where `spot` is in the text as it was given.
  func position(of spot: Spot) -> TextPosition {
    let line = lines[spot.line]
    let offset = min(max(spot.offset, line.bytes.lowerBound), line.bytes.upperBound)
    var column = 1
    for byte in bytes[line.bytes.lowerBound..<offset] where byte & 0xC0 != 0x80 { column += 1 }
    for shift in shifts[line.shifts] where shift.offset <= offset { column += shift.removed }
    return TextPosition(line: line.number, column: column)
  }

  /// The start of a line.
  func start(of line: Int) -> Spot { Spot(line: line, offset: lines[line].bytes.lowerBound) }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The number of blanks at the start of a line; a tab counts as four.
  func indentation(of line: Int) -> Int {
    var width = 0
    for byte in bytes[lines[line].bytes] {
      switch byte {
      case UInt8(ascii: " "): width += 1
      case UInt8(ascii: "\t"): width += 4
      default: return width
      }
    }
    return width
  }

  /// The bytes of a line without blanks at either end.
  func trimmed(_ line: Int) -> Range<Int> {
    var range = lines[line].bytes
    while let first = range.first, bytes[first].isBlank { range.removeFirst() }
    while let last = range.last, bytes[last].isBlank { range.removeLast() }
    return range
  }

  func isBlank(_ line: Int) -> Bool { trimmed(line).isEmpty }

  /// Whether the bytes of `range` start with `text`.
  func starts(_ range: Range<Int>, with text: StaticString) -> Bool {
    guard range.count >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { bytes[range].starts(with: $0) }
  }

  /// Where `text` occurs first in `range`.
  func find(_ text: StaticString, in range: Range<Int>) -> Int? {
    let count = text.utf8CodeUnitCount
    guard count > 0, range.count >= count else { return nil }
    return text.withUTF8Buffer { needle in
      (range.lowerBound...range.upperBound - count).first { start in
        bytes[start] == needle[0] && bytes[start..<start + count].elementsEqual(needle)
      }
    }
  }

  /// Where `text` occurs last in `range`.
  func findLast(_ text: StaticString, in range: Range<Int>) -> Int? {
    let count = text.utf8CodeUnitCount
    guard count > 0, range.count >= count else { return nil }
    return text.withUTF8Buffer { needle in
      (range.lowerBound...range.upperBound - count).reversed().first { start in
        bytes[start] == needle[0] && bytes[start..<start + count].elementsEqual(needle)
      }
    }
  }
}

extension Range<Int> {
  mutating func removeFirst() { self = lowerBound + 1..<upperBound }
  mutating func removeLast() { self = lowerBound..<upperBound - 1 }
}

extension UInt8 {
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r") }
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool {
    let lower = self | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }
  /// Whether it may start a Python identifier; bytes beyond ASCII may.
  var startsName: Bool { isLetter || self == UInt8(ascii: "_") || self >= 0x80 }
  var continuesName: Bool { startsName || isDigit }
}
