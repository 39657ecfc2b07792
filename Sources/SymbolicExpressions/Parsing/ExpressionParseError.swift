/// Why a text is not an expression.
public struct ExpressionParseError: Error, Equatable, CustomStringConvertible {
  /// The possible reasons.
  public enum Reason: Sendable, Equatable {
    case unexpectedCharacter
    case expected(String)
    case unknownFunction(String)
    case unknownSymbol(String)
    case unknownAssumption(String)
    case wrongArgumentCount(String)
    case tooDeep, tooManyTokens, numberTooLong, exponentTooLarge, symbolNameTooLong
  }

  /// What was wrong or missing.
  public let reason: Reason
  /// The position in the text, in bytes.
  public let offset: Int

  /// The reason and the position, as text.
  public var description: String {
    let what =
      switch reason {
      case .unexpectedCharacter: "unexpected character"
      case .expected(let what): "expected \(what)"
      case .unknownFunction(let name): "unknown function '\(name)'"
      case .unknownSymbol(let name): "unknown symbol '\(name)'"
      case .unknownAssumption(let name): "unknown assumption '\(name)'"
      case .wrongArgumentCount(let name): "wrong number of arguments of '\(name)'"
      case .tooDeep: "nested deeper than \(ExpressionLimits.depth)"
      case .tooManyTokens: "more than \(ExpressionLimits.tokens) tokens"
      case .numberTooLong: "a number of more than \(ExpressionLimits.digits) digits"
      case .exponentTooLarge: "an exponent above \(ExpressionLimits.exponent)"
      case .symbolNameTooLong: "a name of more than \(ExpressionLimits.nameLength) bytes"
      }
    return "\(what) at byte \(offset)"
  }

  /// `text`, which was parsed; when it is long, only what stands around the position.
  public func excerpt(of text: String) -> String {
    let bytes = text.utf8
    guard bytes.count > 240 else { return text }
    // An index that is inside a character means its first byte.
    func place(_ offset: Int) -> String.Index { bytes.index(bytes.startIndex, offsetBy: offset) }
    let end = min(max(offset, 80), bytes.count - 40)
    let shown = text.unicodeScalars[place(end - 80)..<place(end + 40)]
    return (end > 80 ? "…" : "") + String(shown) + (end + 40 < bytes.count ? "…" : "")
  }
}

/// Limits on the cost of parsing a text.
///
/// The grammar cannot run code; these limits bound time and memory.
public enum ExpressionLimits {
  /// Nested parentheses, calls and signs.
  public static let depth = 256
  /// Words, numbers and signs.
  public static let tokens = 100_000
  /// Bytes of one number.
  public static let digits = 4_096
  /// The highest literal power.
  public static let exponent = 64
  /// Bytes of one name.
  public static let nameLength = 1_024
}
