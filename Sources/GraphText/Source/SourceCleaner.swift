/// Takes the wrappings off a text: what terminals, loggers, mailers, browsers and Markdown add to a graph.
///
/// | added | taken off |
/// |---|---|
/// | ANSI colours, as bytes or spelt out | everywhere |
/// | HTML entities | everywhere |
/// | typographic quotes and blanks | everywhere |
/// | `> ` quote marks | at the start of a line |
/// | the signs of a diff that has one side only | at the start of a line |
/// | prefixes of PyTorch's loggers, and time stamps before them | at the start of a line |
/// | Markdown fences | the whole line |
struct SourceCleaner {
  private var text = SourceText()
  private let given: ArraySlice<UInt8>

  /// The text without its wrappings.
  ///
  /// - Throws: ``TextError`` for bytes that are no UTF-8, and for a diff with two sides.
  static func clean(_ bytes: [UInt8]) throws(TextError) -> SourceText {
    if let invalid = Self.firstInvalidByte(of: bytes) {
      let lines = bytes[..<invalid].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let column = (lines.last ?? []).count { $0 & 0xC0 != 0x80 } + 1
      throw TextError(.notUTF8, at: TextPosition(line: lines.count, column: column))
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var cleaner = SourceCleaner(given: bytes[start...])
    try cleaner.readLines()
    return cleaner.text
  }

  private init(given: ArraySlice<UInt8>) {
    self.given = given
    text.bytes.reserveCapacity(given.count)
  }

  /// The offset of the first byte that is no part of a UTF-8 character.
  private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      guard byte >= 0xC2, byte <= 0xF4, index + length <= bytes.count,
        String(validating: bytes[index..<index + length], as: UTF8.self) != nil
      else { return index }
      index += length
    }
    return nil
  }

  private mutating func readLines() throws(TextError) {
    let sides = try DiffSides(given)
    var start = given.startIndex
    var number = 0
    while start < given.endIndex {
      let end = given[start...].firstIndex(of: UInt8(ascii: "\n")) ?? given.endIndex
      number += 1
      readLine(start..<end, number, sides)
      start = end + 1
    }
  }

  private mutating func readLine(_ given: Range<Int>, _ number: Int, _ sides: DiffSides) {
    let start = text.bytes.count
    let firstShift = text.shifts.count
    var index = given.lowerBound
    var end = given.upperBound
    while end > index, self.given[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if sides.isSigned(line: number), index < end, "+- ".utf8.contains(self.given[index]) {
      index += 1
      shift(1)
    }
    while index < end {
      let byte = self.given[index]
      if byte < 0x80, byte != 0x1B, byte != UInt8(ascii: "&"), byte != UInt8(ascii: "\\") {
        text.bytes.append(byte)
        index += 1
        continue
      }
      let (length, replacement) = Self.wrapping(self.given[index..<end])
      guard length > 0 else {
        text.bytes.append(byte)
        index += 1
        continue
      }
      let characters = self.given[index..<index + length].count { $0 & 0xC0 != 0x80 }
      if let replacement { text.bytes.append(replacement) }
      shift(characters - (replacement == nil ? 0 : 1))
      index += length
    }
    var line = SourceText.Line(
      bytes: start..<text.bytes.count, number: number, shifts: firstShift..<text.shifts.count)
    removePrefixes(&line)
    line.shifts = firstShift..<text.shifts.count
    text.lines.append(line)
  }

  private mutating func shift(_ removed: Int, at offset: Int? = nil) {
    guard removed != 0 else { return }
    text.shifts.append(SourceText.Shift(offset: offset ?? text.bytes.count, removed: removed))
  }

  /// Takes quote marks, time stamps and a logger's prefix off a line.
  private mutating func removePrefixes(_ line: inout SourceText.Line) {
    var start = line.bytes.lowerBound
    var index = start
    while index < line.bytes.upperBound {
      while index < line.bytes.upperBound, text.bytes[index].isBlank { index += 1 }
      guard index < line.bytes.upperBound, text.bytes[index] == UInt8(ascii: ">") else { break }
      index += 1
      if index < line.bytes.upperBound, text.bytes[index] == UInt8(ascii: " ") { index += 1 }
      start = index
    }
    let rest = text.bytes[start..<line.bytes.upperBound]
    if let stamp = Self.timeStamp(rest) { start = stamp }
    if let (prefix, end) = LogPrefixScanner.prefix(of: text.bytes[start..<line.bytes.upperBound]) {
      line.prefix = prefix
      start = end
    }
    if start > line.bytes.lowerBound {
      let removed = text.bytes[line.bytes.lowerBound..<start].count { $0 & 0xC0 != 0x80 }
      line.bytes = start..<line.bytes.upperBound
      shift(removed, at: start)
    }
    let trimmed = text.bytes[start..<line.bytes.upperBound].drop(while: \.isBlank)
    line.isFence = trimmed.starts(with: "```".utf8) || trimmed.starts(with: "~~~".utf8)
  }

  /// The end of `2024-11-29T21:00:00.1234567Z `, which CI systems write before each line.
  private static func timeStamp(_ line: ContiguousArray<UInt8>.SubSequence) -> Int? {
    let pattern = Array("0000-00-00T00:00:00.".utf8)
    guard line.count > pattern.count,
      zip(line, pattern).allSatisfy({ $1 == UInt8(ascii: "0") ? $0.isDigit : $0 == $1 })
    else { return nil }
    var index = line.startIndex + pattern.count
    while index < line.endIndex, line[index].isDigit { index += 1 }
    guard index < line.endIndex, line[index] == UInt8(ascii: "Z") else { return nil }
    index += 1
    return index < line.endIndex && line[index] == UInt8(ascii: " ") ? index + 1 : index
  }

  // Wrappings inside a line

  /// How many bytes at the start are no part of the graph, and the byte that they stand for.
  private static func wrapping(_ bytes: ArraySlice<UInt8>) -> (length: Int, replacement: UInt8?) {
    for escape in escapes where bytes.starts(with: escape.utf8) {
      if let end = colourEnd(bytes.dropFirst(escape.utf8.count)) { return (end - bytes.startIndex, nil) }
    }
    for (spelling, byte) in replacements where bytes.starts(with: spelling.utf8) {
      return (spelling.utf8.count, byte)
    }
    return (0, nil)
  }

  /// The ways in which an escape sequence starts: the byte, and how consoles and Python spell it.
  private static let escapes = ["\u{1B}[", "\\x1b[", "\\x1B[", "\\u001b[", "\\033["]

  /// What stands for an ASCII character: HTML entities, and what typography makes of quotes and blanks.
  private static let replacements: [(String, UInt8)] = [
    ("&quot;", UInt8(ascii: "\"")), ("&#34;", UInt8(ascii: "\"")), ("&lt;", UInt8(ascii: "<")),
    ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")), ("&#39;", UInt8(ascii: "'")),
    ("&#x27;", UInt8(ascii: "'")), ("&apos;", UInt8(ascii: "'")), ("&nbsp;", UInt8(ascii: " ")),
    ("&#160;", UInt8(ascii: " ")), ("\u{201C}", UInt8(ascii: "\"")), ("\u{201D}", UInt8(ascii: "\"")),
    ("\u{201E}", UInt8(ascii: "\"")), ("\u{2018}", UInt8(ascii: "'")), ("\u{2019}", UInt8(ascii: "'")),
    ("\u{A0}", UInt8(ascii: " ")), ("\u{202F}", UInt8(ascii: " ")),
  ]

  /// The end of `0;31m` or another sequence of parameters with its letter.
  private static func colourEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index < bytes.endIndex, bytes[index].isDigit || bytes[index] == UInt8(ascii: ";") { index += 1 }
    return index < bytes.endIndex && bytes[index].isLetter ? index + 1 : nil
  }
}

/// The lines of a unified diff that carry a sign.
private struct DiffSides {
  /// The first line whose sign belongs to a graph; `nil` when the text is no diff.
  private var first: Int?

  func isSigned(line: Int) -> Bool { first.map { line >= $0 } ?? false }

  /// - Throws: ``TextError`` at the first changed line when both sides of a diff have lines of their own.
  init(_ bytes: ArraySlice<UInt8>) throws(TextError) {
    var plus: Int?
    var minus: Int?
    var isHunk = false
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let isHeader =
        line.starts(with: "+++ ".utf8) || line.starts(with: "--- ".utf8)
        || line.starts(with: "diff --git ".utf8)
      if line.starts(with: "@@ ".utf8) {
        isHunk = true
        if first == nil { first = number + 1 }
      } else if !isHeader, let sign = line.first, isHunk || Self.startsGraph(line.dropFirst()) {
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), first == nil {
          first = number
          isHunk = true
        }
        if sign == UInt8(ascii: "+"), plus == nil { plus = number }
        if sign == UInt8(ascii: "-"), minus == nil { minus = number }
      }
    }
    if let plus, let minus { throw TextError(.twoSides, at: TextPosition(line: min(plus, minus), column: 1)) }
  }

  private static func startsGraph(_ line: ArraySlice<UInt8>) -> Bool {
    let trimmed = line.drop(while: \.isBlank)
    return trimmed.starts(with: "class ".utf8) || trimmed.starts(with: "graph():".utf8)
  }
}
