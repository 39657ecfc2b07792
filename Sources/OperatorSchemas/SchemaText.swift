/// The lines of one namespace.
///
/// The text is static data of the program: its bytes live as long as the process, and each access is checked
/// against their count.
struct SchemaText {
  private let text: UnsafeBufferPointer<UInt8>

  init?(namespace: String) {
    let literal: StaticString
    switch namespace {
    case "aten": literal = SchemaTable.aten
    case "prims": literal = SchemaTable.prims
    case "quantized_decomposed": literal = SchemaTable.quantizedDecomposed
    case "torchvision": literal = SchemaTable.torchvision
    default: return nil
    }
    text = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// The first line that does not sort before `key`, or `nil` when all do.
  func firstLine(from key: String) -> Range<Int>? {
    let key = Array(key.utf8)
    var (low, high) = (0, text.count)
    while low < high {
      let start = start(before: low + (high - low) / 2)
      // The end of the line sorts before all that is in a key.
      if text[start...].lexicographicallyPrecedes(key) {
        low = end(after: start) + 1
      } else {
        high = start
      }
    }
    return low < text.count ? line(around: low) : nil
  }

  func line(after line: Range<Int>) -> Range<Int>? {
    line.upperBound + 1 < text.count ? self.line(around: line.upperBound + 1) : nil
  }

  func bytes(of line: Range<Int>) -> [UInt8] { Array(text[line]) }

  /// The name at the start of a line.
  func name(of line: Range<Int>) -> OperatorName? {
    OperatorName(String(decoding: text[line].prefix { $0 != UInt8(ascii: "(") }, as: UTF8.self))
  }

  /// The names of all lines.
  var names: [OperatorName] {
    var names: [OperatorName] = []
    var line = text.isEmpty ? nil : line(around: 0)
    while let current = line {
      if let name = name(of: current) { names.append(name) }
      line = self.line(after: current)
    }
    return names
  }

  /// The line that `position` is in, its line feed not included.
  private func line(around position: Int) -> Range<Int> { start(before: position)..<end(after: position) }

  private func start(before position: Int) -> Int {
    var start = position
    while start > 0, text[start - 1] != Self.lineFeed { start -= 1 }
    return start
  }

  private func end(after position: Int) -> Int {
    var end = position
    while end < text.count, text[end] != Self.lineFeed { end += 1 }
    return end
  }

  private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
}
