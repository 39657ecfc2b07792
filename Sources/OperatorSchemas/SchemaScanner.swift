/// Scans the bytes of a schema; every access is checked, so no text can cause a read out of bounds.
///
/// The bytes must outlive the scanner and its words. Bound: a byte is loaded only if `offset` is below their
/// count.
struct SchemaScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var offset = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next byte, or 0 at the end.
  var next: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  var isAtEnd: Bool { offset == bytes.count }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }

  func error(_ reason: String) -> SchemaError {
    SchemaError(reason: reason, offset: offset, text: text)
  }

  mutating func skipSpaces() {
    while Self.isSpace(next) { offset += 1 }
  }

  mutating func advance() {
    if offset < bytes.count { offset += 1 }
  }

  /// Advances past `literal` and the spaces before it, if it comes next.
  mutating func take(_ literal: StaticString) -> Bool {
    skipSpaces()
    return takeNext(literal)
  }

  /// Advances past `literal` if it comes next.
  mutating func takeNext(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard bytes.count - offset >= count else { return false }
    for index in 0..<count where bytes[offset + index] != literal.utf8Start[index] { return false }
    offset += count
    return true
  }

  /// Advances past `literal`, which must come next.
  mutating func expect(_ literal: StaticString) throws(SchemaError) {
    guard take(literal) else { throw error("expected '\(literal)'") }
  }

  /// Advances past the longest run of bytes that `isPart` accepts, and returns it; it may be empty.
  @inline(__always)
  mutating func takeWhile(_ isPart: (UInt8) -> Bool) -> SchemaWord {
    let start = offset
    while offset < bytes.count, isPart(bytes[offset]) { offset += 1 }
    return SchemaWord(bytes: UnsafeBufferPointer(rebasing: bytes[start..<offset]))
  }

  /// Advances past an identifier and the spaces before it.
  mutating func identifier(_ what: StaticString) throws(SchemaError) -> SchemaWord {
    skipSpaces()
    guard Self.isIdentifier(next), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) else {
      throw error("expected \(what)")
    }
    return takeWhile(Self.isIdentifier)
  }

  /// Advances past a number, including words such as `inf`, and returns its text.
  mutating func number() throws(SchemaError) -> SchemaWord {
    skipSpaces()
    let word = takeWhile { byte in
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"): true
      default: Self.isIdentifier(byte)
      }
    }
    guard !word.isEmpty else { throw error("expected a value") }
    return word
  }

  /// Advances past a quoted string and returns its value.
  mutating func quoted() throws(SchemaError) -> String {
    let quote = next
    advance()
    var content: [UInt8] = []
    while !isAtEnd, next != quote {
      if next == UInt8(ascii: "\\") {
        advance()
        guard let meaning = Self.escape(next) else { throw error("unknown escape in a string") }
        content.append(meaning)
      } else {
        content.append(next)
      }
      advance()
    }
    guard !isAtEnd else { throw error("the string has no end") }
    advance()
    return String(decoding: content, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "t"): 9
    case UInt8(ascii: "r"): 13
    case UInt8(ascii: "v"): 11
    case UInt8(ascii: "f"): 12
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): byte
    default: nil
    }
  }
}
