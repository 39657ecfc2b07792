import Foundation

/// A JSON value whose objects keep the order of their entries, which matters for keyword arguments.
indirect enum OrderedJSON: Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([OrderedJSON])
  case object([Entry])

  struct Entry: Equatable {
    var key: String
    var value: OrderedJSON
  }

  init(_ text: Data) throws {
    var parser = OrderedJSONParser(bytes: Array(text))
    self = try parser.document()
  }

  static func dictionary(_ entries: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
    .object(entries.map { Entry(key: $0, value: $1) })
  }

  static func strings(_ texts: some Sequence<String>) -> OrderedJSON { .array(texts.map { .string($0) }) }

  subscript(key: String) -> OrderedJSON? { entries.first { $0.key == key }?.value }

  var entries: [Entry] { if case .object(let entries) = self { entries } else { [] } }
  var items: [OrderedJSON] { if case .array(let items) = self { items } else { [] } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var int: Int? { if case .int(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    case .string("nan"): .nan
    default: nil
    }
  }
}

extension OrderedJSON: CustomStringConvertible {
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): "\(value)"
    case .double(let value): value.isFinite ? "\(value)" : Self.quoted("\(value)")
    case .string(let text): Self.quoted(text)
    case .array(let items): "[\(items.map(\.description).joined(separator: ","))]"
    case .object(let entries):
      "{\(entries.map { Self.quoted($0.key) + ":" + $0.value.description }.joined(separator: ","))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Parses what Python's `json.dumps` writes.
private struct OrderedJSONParser {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws -> OrderedJSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("text after the value") }
    return value
  }

  private func failure(_ what: String) -> CaseError { CaseError("\(what) at byte \(position)") }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value() throws -> OrderedJSON {
    if take("{") { return try object() }
    if take("[") { return try array() }
    guard position < bytes.count else { throw failure("no value") }
    if bytes[position] == UInt8(ascii: "\"") { return .string(try string()) }
    let start = position
    while position < bytes.count, !",]} \n\r\t".utf8.contains(bytes[position]) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN": return .double(.nan)
    case "Infinity": return .double(.infinity)
    case "-Infinity": return .double(-.infinity)
    default: break
    }
    if let value = Int(word) { return .int(value) }
    guard let value = Double(word) else { throw failure("no value") }
    return .double(value)
  }

  private mutating func object() throws -> OrderedJSON {
    var entries: [OrderedJSON.Entry] = []
    if take("}") { return .object(entries) }
    repeat {
      skipSpace()
      let key = try string()
      guard take(":") else { throw failure("no colon") }
      entries.append(.init(key: key, value: try value()))
    } while take(",")
    guard take("}") else { throw failure("an object without end") }
    return .object(entries)
  }

  private mutating func array() throws -> OrderedJSON {
    var items: [OrderedJSON] = []
    if take("]") { return .array(items) }
    repeat { items.append(try value()) } while take(",")
    guard take("]") else { throw failure("an array without end") }
    return .array(items)
  }

  /// The text is extracted here and decoded by Foundation.
  private mutating func string() throws -> String {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure("no text") }
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else { throw failure("a text without end") }
    position += 1
    return try JSONDecoder().decode(String.self, from: Data(bytes[start..<position]))
  }
}
