/// What PyTorch's loggers write before a line.
///
///     [rank0]:V1129 21:02:15.729000 13753 torch/_dynamo/output_graph.py:2835] [0/0] [__graph_code] TRACED GRAPH
///
/// - Source: `TorchLogsFormatter`, `torch/_logging/_internal.py`, v2.13.
struct LogPrefix: Hashable, Sendable {
  /// The id of the process.
  var process = ""
  /// The rank of a distributed job.
  var rank = ""
  /// The compile id, such as `0/0`; empty without one.
  var compileID = ""
  /// The name of the logged artifact, such as `graph_code`; empty without one.
  var artifact = ""
}

/// Reads the prefix of one line.
struct LogPrefixScanner {
  private let bytes: ContiguousArray<UInt8>.SubSequence
  private var index: Int

  /// The prefix at the start of `bytes`, and how many bytes it takes, the blank after it included.
  static func prefix(of bytes: ContiguousArray<UInt8>.SubSequence) -> (prefix: LogPrefix, end: Int)? {
    var scanner = LogPrefixScanner(bytes: bytes, index: bytes.startIndex)
    return scanner.prefix().map { ($0, scanner.index) }
  }

  private mutating func prefix() -> LogPrefix? {
    var prefix = LogPrefix()
    skipBlanks()
    if let tag = tag(), tag.hasPrefix("rank") {
      prefix.rank = tag
      _ = consume(UInt8(ascii: ":"))
      skipBlanks()
    }
    guard level(), digits(4), consume(UInt8(ascii: " ")), time(), consume(UInt8(ascii: " ")) else {
      return nil
    }
    skipBlanks()
    let start = index
    while index < bytes.endIndex, bytes[index].isDigit { index += 1 }
    guard index > start, index - start < 20 else { return nil }
    prefix.process = String(decoding: bytes[start..<index], as: UTF8.self)
    guard consume(UInt8(ascii: " ")), location() else { return nil }
    while true {
      let before = index
      _ = consume(UInt8(ascii: " "))
      guard let tag = tag() else {
        index = before
        break
      }
      if tag.hasPrefix("__") {
        prefix.artifact = String(tag.dropFirst(2))
        break
      }
      guard Self.isCompileID(tag) || tag.hasPrefix("rank") else {
        index = before
        break
      }
      if tag.hasPrefix("rank") { prefix.rank = tag } else { prefix.compileID = tag }
    }
    _ = consume(UInt8(ascii: " "))
    return prefix
  }

  /// Whether `tag` is `0/0`, `1/0_2`, `!0/0/0` or `-/-`.
  private static func isCompileID(_ tag: String) -> Bool {
    tag.contains("/") && tag.utf8.allSatisfy { $0.isDigit || "/_-!".utf8.contains($0) }
  }

  private mutating func skipBlanks() { while index < bytes.endIndex, bytes[index].isBlank { index += 1 } }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard index < bytes.endIndex, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func level() -> Bool {
    guard index < bytes.endIndex, "VDIWECF".utf8.contains(bytes[index]) else { return false }
    index += 1
    return true
  }

  private mutating func digits(_ count: Int) -> Bool {
    guard bytes.endIndex - index >= count, bytes[index..<index + count].allSatisfy(\.isDigit) else {
      return false
    }
    index += count
    return true
  }

  /// `21:02:15.729000`.
  private mutating func time() -> Bool {
    guard digits(2), consume(UInt8(ascii: ":")), digits(2), consume(UInt8(ascii: ":")), digits(2) else {
      return false
    }
    guard consume(UInt8(ascii: ".")) else { return true }
    while index < bytes.endIndex, bytes[index].isDigit { index += 1 }
    return true
  }

  /// `torch/_dynamo/output_graph.py:2835]`.
  private mutating func location() -> Bool {
    var end = index
    while end < bytes.endIndex, bytes[end] != UInt8(ascii: "]") { end += 1 }
    guard end < bytes.endIndex, let colon = bytes[index..<end].lastIndex(of: UInt8(ascii: ":")),
      colon + 1 < end,
      bytes[colon + 1..<end].allSatisfy(\.isDigit)
    else { return false }
    index = end + 1
    return true
  }

  /// `[…]`.
  private mutating func tag() -> String? {
    guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "[") else { return nil }
    var end = index + 1
    while end < bytes.endIndex, bytes[end] != UInt8(ascii: "]") {
      if end - index > 80 || bytes[end].isBlank { return nil }
      end += 1
    }
    guard end < bytes.endIndex else { return nil }
    defer { index = end + 1 }
    return String(decoding: bytes[index + 1..<end], as: UTF8.self)
  }
}
