/// Splits lines of Python into tokens.
///
/// Lines inside brackets continue each other, as in Python, and so does one that ends in a backslash. A comment ends
/// with its line.
struct PythonScanner {
  let text: SourceText
  /// The lines to read.
  let lines: ArraySlice<Int>
  /// The position in `lines`.
  private(set) var row: Int
  private var offset: Int
  /// The brackets that are open.
  private(set) var open: [(mark: UInt8, spot: Spot)] = []

  /// The most brackets that may be open at once.
  static let depthLimit = 64

  init(_ text: SourceText, _ lines: ArraySlice<Int>) {
    self.text = text
    self.lines = lines
    row = lines.startIndex
    offset = lines.first.map { text.lines[$0].bytes.lowerBound } ?? 0
  }

  /// Continues at a byte of the first line.
  mutating func skip(to offset: Int) { self.offset = offset }

  /// Where the next token is looked for.
  var spot: Spot {
    row < lines.endIndex ? Spot(line: lines[row], offset: offset) : endSpot
  }

  /// The end of the last line.
  var endSpot: Spot {
    guard let last = lines.last else { return Spot(line: 0, offset: 0) }
    return Spot(line: last, offset: text.lines[last].bytes.upperBound)
  }

  func failure(_ kind: TextError.Kind, at spot: Spot) -> TextError {
    TextError(kind, at: text.position(of: spot))
  }

  /// The next token.
  mutating func next() throws(TextError) -> PythonToken {
    while row < lines.endIndex {
      let end = text.lines[lines[row]].bytes.upperBound
      while offset < end, text.bytes[offset].isBlank { offset += 1 }
      if offset < end, text.bytes[offset] == UInt8(ascii: "\\"), offset + 1 == end {
        nextLine()
        continue
      }
      if offset >= end || text.bytes[offset] == UInt8(ascii: "#") {
        let spot = Spot(line: lines[row], offset: min(offset, end))
        nextLine()
        if open.isEmpty { return PythonToken(kind: .newline, start: spot, end: spot.offset) }
        continue
      }
      return try token(end)
    }
    let spot = endSpot
    return PythonToken(kind: .end, start: spot, end: spot.offset)
  }

  private mutating func nextLine() {
    row += 1
    if row < lines.endIndex { offset = text.lines[lines[row]].bytes.lowerBound }
  }

  private mutating func token(_ end: Int) throws(TextError) -> PythonToken {
    let start = Spot(line: lines[row], offset: offset)
    let byte = text.bytes[offset]
    let kind: PythonToken.Kind
    if byte.startsName {
      while offset < end, text.bytes[offset].continuesName { offset += 1 }
      kind = .name(text.text(start.offset..<offset))
    } else if byte.isDigit
      || (byte == UInt8(ascii: ".") && offset + 1 < end && text.bytes[offset + 1].isDigit)
    {
      kind = try number(end)
    } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      kind = try string(byte, end)
    } else {
      kind = .mark(try mark(byte, end))
    }
    return PythonToken(kind: kind, start: start, end: offset)
  }

  private mutating func number(_ end: Int) throws(TextError) -> PythonToken.Kind {
    let start = offset
    var isFloat = false
    while offset < end {
      let byte = text.bytes[offset]
      if byte.isDigit || byte == UInt8(ascii: "_") {
        offset += 1
      } else if byte == UInt8(ascii: "."), !isFloat {
        isFloat = true
        offset += 1
      } else if byte | 0x20 == UInt8(ascii: "e"), let digits = exponent(end) {
        isFloat = true
        offset = digits
      } else {
        break
      }
    }
    let spelling = text.text(start..<offset).filter { $0 != "_" }
    let spot = Spot(line: lines[row], offset: start)
    if offset < end, text.bytes[offset] | 0x20 == UInt8(ascii: "j") {
      offset += 1
      guard let value = Double(spelling) else { throw failure(.tooLarge(spelling), at: spot) }
      return .imaginary(value)
    }
    if isFloat {
      guard let value = Double(spelling.hasSuffix(".") ? spelling + "0" : spelling) else {
        throw failure(.unexpected(expected: "a number", found: "'\(spelling)'"), at: spot)
      }
      return .float(value)
    }
    // The one integer whose magnitude does not fit.
    if spelling == "9223372036854775808", start > 0, text.bytes[start - 1] == UInt8(ascii: "-") {
      return .int(.min)
    }
    guard let value = Int(spelling) else { throw failure(.tooLarge(Self.shortened(spelling)), at: spot) }
    return .int(value)
  }

  /// The end of an exponent such as `e-05` at `offset`.
  private func exponent(_ end: Int) -> Int? {
    var index = offset + 1
    if index < end, text.bytes[index] == UInt8(ascii: "-") || text.bytes[index] == UInt8(ascii: "+") {
      index += 1
    }
    let digits = index
    while index < end, text.bytes[index].isDigit { index += 1 }
    return index > digits ? index : nil
  }

  /// A long number with its middle left out.
  static func shortened(_ spelling: String) -> String {
    spelling.utf8.count <= 40 ? spelling : "\(spelling.prefix(20))…\(spelling.suffix(4))"
  }

  private mutating func string(_ quote: UInt8, _ end: Int) throws(TextError) -> PythonToken.Kind {
    let start = Spot(line: lines[row], offset: offset)
    offset += 1
    var bytes: [UInt8] = []
    while offset < end {
      let byte = text.bytes[offset]
      offset += 1
      if byte == quote { return .string(String(decoding: bytes, as: UTF8.self)) }
      if byte == UInt8(ascii: "\\"), offset < end {
        bytes += escape(end)
      } else {
        bytes.append(byte)
      }
    }
    throw failure(.unclosed("this quote"), at: start)
  }

  /// The bytes that an escape stands for; one that Python does not know is kept.
  private mutating func escape(_ end: Int) -> [UInt8] {
    let byte = text.bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "0"): return [0]
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "x"): return scalar(digits: 2, end) ?? [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "u"): return scalar(digits: 4, end) ?? [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "U"): return scalar(digits: 8, end) ?? [UInt8(ascii: "\\"), byte]
    default: return [UInt8(ascii: "\\"), byte]
    }
  }

  private mutating func scalar(digits: Int, _ end: Int) -> [UInt8]? {
    guard offset + digits <= end, let code = UInt32(text.text(offset..<offset + digits), radix: 16),
      let scalar = Unicode.Scalar(code)
    else { return nil }
    offset += digits
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func mark(_ byte: UInt8, _ end: Int) throws(TextError) -> String {
    let spot = Spot(line: lines[row], offset: offset)
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      guard open.count < Self.depthLimit else { throw failure(.tooDeep(limit: Self.depthLimit), at: spot) }
      open.append((byte, spot))
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      // `(` and `)` are neighbours; the other two pairs have one character between them.
      guard let last = open.popLast(), last.mark == byte - 1 || last.mark == byte - 2 else {
        throw failure(
          .unexpected(expected: "a bracket that fits", found: "'\(Character(Unicode.Scalar(byte)))'"),
          at: spot)
      }
    default: break
    }
    for length in [3, 2] where offset + length <= end {
      let candidate = text.text(offset..<offset + length)
      if Self.longMarks.contains(candidate) {
        offset += length
        return candidate
      }
    }
    offset += 1
    return String(Character(Unicode.Scalar(byte)))
  }

  private static let longMarks: Set<String> = [
    "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=",
    "/=",
    "%=", "&=", "|=", "^=", "@=",
  ]
}
