/// Splits the bytes of an expression into tokens, and enforces ``ExpressionLimits``.
struct ExpressionScanner {
  /// One or two characters of punctuation, as a number: the first byte plus 256 times the second.
  struct Sign: Hashable {
    let code: UInt16

    init(_ text: StaticString) {
      code = text.withUTF8Buffer { $0.count == 1 ? UInt16($0[0]) : UInt16($0[0]) | UInt16($0[1]) << 8 }
    }

    init(code: UInt16) { self.code = code }

    static let open = Sign("(")
    static let close = Sign(")")
    static let comma = Sign(",")
    static let equals = Sign("=")
    static let plus = Sign("+")
    static let minus = Sign("-")
    static let power = Sign("**")
    static let tilde = Sign("~")
  }

  enum Token: Equatable {
    /// The text of the last three is ``ExpressionScanner/text``.
    case end, name, number, string
    case sign(Sign)
  }

  private let bytes: [UInt8]
  private var position = 0
  private var tokenCount = 0
  private var depth = 0
  /// The current token.
  private(set) var token: Token = .end
  private(set) var offset = 0
  private var content = 0..<0

  init(_ bytes: [UInt8]) throws(ExpressionParseError) {
    self.bytes = bytes
    try advance()
  }

  /// The text of a name or a number, or of a string without its quotes.
  var text: String { String(decoding: bytes[content], as: UTF8.self) }

  func error(_ reason: ExpressionParseError.Reason, at offset: Int? = nil) -> ExpressionParseError {
    ExpressionParseError(reason: reason, offset: offset ?? self.offset)
  }

  mutating func enter() throws(ExpressionParseError) {
    depth += 1
    if depth > ExpressionLimits.depth { throw error(.tooDeep) }
  }

  mutating func leave() { depth -= 1 }

  /// Consumes the current token if it is this sign.
  mutating func take(_ sign: Sign) throws(ExpressionParseError) -> Bool {
    guard token == .sign(sign) else { return false }
    try advance()
    return true
  }

  /// Consumes the current token if it is this word.
  mutating func take(word: StaticString) throws(ExpressionParseError) -> Bool {
    guard token == .name, content.count == word.utf8CodeUnitCount else { return false }
    let isSame = word.withUTF8Buffer { zip($0, bytes[content]).allSatisfy { $0 == $1 } }
    if isSame { try advance() }
    return isSame
  }

  mutating func expect(_ sign: Sign) throws(ExpressionParseError) {
    guard try take(sign) else {
      let characters = [UInt8(truncatingIfNeeded: sign.code), UInt8(sign.code >> 8)].filter { $0 != 0 }
      throw error(.expected("'\(String(decoding: characters, as: UTF8.self))'"))
    }
  }

  func expectEnd() throws(ExpressionParseError) {
    guard token == .end else { throw error(.expected("the end")) }
  }

  mutating func advance() throws(ExpressionParseError) {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    offset = position
    tokenCount += 1
    if tokenCount > ExpressionLimits.tokens { throw error(.tooManyTokens) }
    guard position < bytes.count else {
      token = .end
      return
    }
    let byte = bytes[position]
    if Self.isLetter(byte) {
      token = .name
      while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
      try setContent(from: offset, atMost: ExpressionLimits.nameLength, .symbolNameTooLong)
    } else if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(peek(1))) {
      token = .number
      skipNumber()
      try setContent(from: offset, atMost: ExpressionLimits.digits, .numberTooLong)
    } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
      token = .string
      try scanString(closedBy: byte)
    } else {
      token = .sign(try scanSign(byte))
    }
  }

  private func peek(_ distance: Int) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  private mutating func setContent(
    from start: Int, atMost limit: Int, _ reason: ExpressionParseError.Reason
  ) throws(ExpressionParseError) {
    if position - start > limit { throw error(reason) }
    content = start..<position
  }

  /// `12`, `1.5`, `1e-05`.
  private mutating func skipNumber() {
    var isExponent = false
    while position < bytes.count {
      let byte = bytes[position]
      let isSign = isExponent && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
      isExponent = byte | 0x20 == UInt8(ascii: "e")
      guard Self.isDigit(byte) || byte == UInt8(ascii: ".") || isExponent || isSign else { return }
      position += 1
    }
  }

  private mutating func scanString(closedBy quote: UInt8) throws(ExpressionParseError) {
    position += 1
    while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\\") {
      position += 1
    }
    try setContent(from: offset + 1, atMost: ExpressionLimits.digits, .symbolNameTooLong)
    guard peek(0) == quote else { throw error(.expected("a closing quote")) }
    position += 1
  }

  private mutating func scanSign(_ byte: UInt8) throws(ExpressionParseError) -> Sign {
    if let sign = Self.doubleSign(byte, peek(1)) {
      position += 2
      return sign
    }
    guard Self.isSingleSign(byte) else { throw error(.unexpectedCharacter) }
    position += 1
    return Sign(code: UInt16(byte))
  }

  /// `**`, `//`, `<<`, `>>`, `==` and `<=`, `>=`, `!=`.
  private static func doubleSign(_ first: UInt8, _ second: UInt8) -> Sign? {
    let isSign =
      switch second {
      case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: ">"): first == second
      case UInt8(ascii: "="):
        first == second || first == UInt8(ascii: "<") || first == UInt8(ascii: ">")
          || first == UInt8(ascii: "!")
      default: false
      }
    return isSign ? Sign(code: UInt16(first) | UInt16(second) << 8) : nil
  }

  private static func isSingleSign(_ byte: UInt8) -> Bool {
    switch byte {
    // ( ) * + , - / and % &, without the dot and the quotes.
    case 0x25, 0x26, 0x28...0x2D, 0x2F: true
    // < = > [ ] ^ | ~
    case 0x3C...0x3E, 0x5B, 0x5D, 0x5E, 0x7C, 0x7E: true
    default: false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
  private static func isNamePart(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".")
  }
}
