import EscapedTexts

/// A value of plain data as Python has it: what `json.loads` makes of a text.
enum PythonValue {
  case none
  case bool(Bool)
  /// Digits as Python writes them.
  case number(String)
  case string(String)
  indirect case list([PythonValue])
  indirect case dict([Named<PythonValue>])

  /// The value of a JSON text; `nil` if it is not JSON or too deeply nested.
  init?(json: String) {
    var reader = JSONReader(bytes: Array(json.utf8))
    guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = value
  }

  /// Python's `repr` of the value.
  var repr: String {
    switch self {
    case .none: "None"
    case .bool(let value): PythonText.bool(value)
    case .number(let digits): digits
    case .string(let text): Escaped.python(text)
    case .list(let items): "[\(items.map(\.repr).joined(separator: ", "))]"
    case .dict(let entries):
      "{\(entries.map { "\(Escaped.python($0.name)): \($0.value.repr)" }.joined(separator: ", "))}"
    }
  }

  /// Python's `str` of the value, which differs from ``repr`` for strings.
  var str: String { if case .string(let text) = self { text } else { repr } }
}

/// Reads small JSON texts, such as the annotations of a node.
private struct JSONReader {
  let bytes: [UInt8]
  var offset = 0

  /// What is nested deeper than this is not read.
  private static let mostDepth = 64

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { next == nil }

  /// The byte after white space.
  private var next: UInt8? {
    bytes[min(offset, bytes.count)...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// Passes over white space and then `text`, if it is there.
  private mutating func take(_ text: StaticString) -> Bool {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    let matches = text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    if matches { offset += text.utf8CodeUnitCount }
    return matches
  }

  mutating func value(depth: Int) -> PythonValue? {
    guard depth < Self.mostDepth else { return nil }
    if take("null") { return PythonValue.none }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if take("\"") { return string().map { .string($0) } }
    if take("[") { return list(depth) }
    if take("{") { return dict(depth) }
    return number()
  }

  private mutating func list(_ depth: Int) -> PythonValue? {
    var items: [PythonValue] = []
    if take("]") { return .list(items) }
    repeat {
      guard let item = value(depth: depth + 1) else { return nil }
      items.append(item)
    } while take(",")
    return take("]") ? .list(items) : nil
  }

  /// Of two entries with one key, the later one counts, in the place of the first.
  private mutating func dict(_ depth: Int) -> PythonValue? {
    var entries: [Named<PythonValue>] = []
    var places: [String: Int] = [:]
    if take("}") { return .dict(entries) }
    repeat {
      guard take("\""), let key = string(), take(":"), let item = value(depth: depth + 1) else { return nil }
      if let place = places[key] {
        entries[place].value = item
      } else {
        places[key] = entries.count
        entries.append(Named(key, item))
      }
    } while take(",")
    return take("}") ? .dict(entries) : nil
  }

  private mutating func number() -> PythonValue? {
    for (text, digits) in [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf")]
      as [(StaticString, String)]
    where take(text) { return .number(digits) }
    let end = bytes[offset...].firstIndex { !"+-.0123456789Ee".utf8.contains($0) } ?? bytes.count
    let text = String(decoding: bytes[offset..<end], as: UTF8.self)
    guard let value = Double(text), text.utf8.first != UInt8(ascii: "+") else { return nil }
    offset = end
    let isInteger = !text.utf8.contains { ".Ee".utf8.contains($0) }
    return .number(isInteger ? (text == "-0" ? "0" : text) : PythonText.float(value))
  }

  /// The string whose opening quotation mark has been passed.
  private mutating func string() -> String? {
    var units: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        units += Array(Character(scalar).utf8)
      default: units.append(byte)
      }
    }
    return nil
  }

  /// The character of the escape whose backslash has been passed; half a pair is U+FFFD.
  private mutating func escape() -> Unicode.Scalar? {
    guard offset < bytes.count else { return nil }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      guard let first = hexUnit() else { return nil }
      if let scalar = Unicode.Scalar(first) { return scalar }
      let rest = offset
      guard UTF16.isLeadSurrogate(first), bytes[offset...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
      offset += 2
      guard let second = hexUnit(), UTF16.isTrailSurrogate(second) else {
        offset = rest
        return "\u{FFFD}"
      }
      return UTF16.decode(UTF16.EncodedScalar([first, second]))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    default: return nil
    }
  }

  private mutating func hexUnit() -> UInt16? {
    guard bytes.count - offset >= 4 else { return nil }
    let digits = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
    offset += 4
    return UInt16(digits, radix: 16)
  }
}
