import ExportedPrograms
import FX
import SymbolicExpressions
import TensorVocabulary

/// Reads the annotation of a value, as `print_readable` writes it.
///
/// | annotation | value |
/// |---|---|
/// | `f32[s0, 8]` | a tensor whose strides are not said |
/// | `f32[s0, 8][8, 1]cuda:0` | a tensor with strides and device |
/// | `Sym(s0 + 1)`, `Sym(u0 >= 0)` | a symbolic number or truth value |
/// | `Sym(5)`, `5`, `2.5`, `True`, `None` | a constant |
///
/// - Source: `CodeGen._gen_python_code` in `torch/fx/graph.py`, v2.13.
struct ValueAnnotation {
  private let text: SourceText
  private let bytes: Range<Int>
  private let line: Int
  private var offset: Int
  private let symbols: SymbolTexts

  /// Abbreviations and names of all dtypes.
  static let dtypes: [String: ScalarType] = {
    var types: [String: ScalarType] = [:]
    for type in ScalarType.allCases {
      types[type.name] = type
      types[type.shortName] = type
    }
    return types
  }()

  /// The abbreviations, in alphabetical order.
  static let dtypeNames: [String] = ScalarType.allCases.filter { $0.shortName != $0.name }.map(\.shortName)
    .sorted()

  /// The most dims of a tensor.
  static let dimLimit = 64

  /// Reads `bytes` of a line.
  ///
  /// - Throws: ``TextError`` at the part that is none of PyTorch's.
  static func read(
    _ text: SourceText, _ bytes: Range<Int>, line: Int, _ symbols: SymbolTexts
  ) throws(TextError) -> RecordedValue {
    var reader = ValueAnnotation(
      text: text, bytes: bytes, line: line, offset: bytes.lowerBound, symbols: symbols)
    return try reader.value()
  }

  private func failure(_ kind: TextError.Kind, at offset: Int) -> TextError {
    TextError(kind, at: text.position(of: Spot(line: line, offset: offset)))
  }

  private var unknown: TextError { failure(.unknownAnnotation(text.text(bytes)), at: bytes.lowerBound) }

  private mutating func value() throws(TextError) -> RecordedValue {
    if text.starts(bytes, with: "Sym("), text.bytes[bytes.upperBound - 1] == UInt8(ascii: ")") {
      return try number(bytes.lowerBound + 4..<bytes.upperBound - 1)
    }
    if text.bytes[bytes].contains(UInt8(ascii: "[")) { return try tensor() }
    switch text.text(bytes) {
    case "None": return .none
    case "True": return .bool(true)
    case "False": return .bool(false)
    case let word:
      if let value = Int(word), let integer = RecordedInt(value) { return .symInt(integer) }
      if let value = Double(word) { return .float(value) }
      throw unknown
    }
  }

  /// What stands inside `Sym(…)`.
  private func number(_ bytes: Range<Int>) throws(TextError) -> RecordedValue {
    let word = text.text(bytes)
    switch word {
    case "True", "true": return .bool(true)
    case "False", "false": return .bool(false)
    default: break
    }
    if !word.isEmpty, word.utf8.dropFirst(word.hasPrefix("-") ? 1 : 0).allSatisfy(\.isDigit) {
      return .symInt(try size(bytes))
    }
    if let value = Double(word) { return .float(value) }
    let (id, kind) = try symbols.intern(text, bytes, line: line)
    switch kind {
    case .integer: return .symInt(RecordedInt(id))
    case .float: return .symFloat(id)
    case .boolean: return .symBool(id)
    }
  }

  private mutating func tensor() throws(TextError) -> RecordedValue {
    while offset < bytes.upperBound, text.bytes[offset] != UInt8(ascii: "[") { offset += 1 }
    let name = text.text(bytes.lowerBound..<offset)
    guard name.utf8.allSatisfy(\.continuesName) else { throw unknown }
    guard let dtype = Self.dtypes[name] else { throw failure(.unknownDtype(name), at: bytes.lowerBound) }
    let sizes = try list(allowsNegative: false)
    var strides: [RecordedInt]?
    if offset < bytes.upperBound, text.bytes[offset] == UInt8(ascii: "[") {
      let start = offset
      let list = try list(allowsNegative: true)
      guard list.count == sizes.count else {
        throw failure(
          .unexpected(expected: "\(sizes.count) strides", found: "\(list.count)"), at: start)
      }
      strides = list
    }
    var device: Device?
    if offset < bytes.upperBound {
      guard let named = Device(text.text(offset..<bytes.upperBound)) else { throw unknown }
      device = named
    }
    return .tensor(RecordedTensor(dtype: dtype, sizes: sizes, strides: strides, device: device))
  }

  /// `[s0, 8]`; as in an archive, a stride may be negative.
  private mutating func list(allowsNegative: Bool) throws(TextError) -> [RecordedInt] {
    var items: [RecordedInt] = []
    offset += 1
    var start = offset
    var depth = 0
    while offset < bytes.upperBound {
      let byte = text.bytes[offset]
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "]") where depth > 0: depth -= 1
      case UInt8(ascii: "]"),
        UInt8(ascii: ",") where depth == 0:
        let isEmpty =
          byte == UInt8(ascii: "]") && items.isEmpty && text.bytes[start..<offset].allSatisfy(\.isBlank)
        if !isEmpty {
          guard items.count < Self.dimLimit else {
            throw failure(.tooManyDims(limit: Self.dimLimit), at: start)
          }
          let size = try size(start..<offset)
          if !allowsNegative, let number = size.constant, number < 0 {
            throw failure(.unexpected(expected: "a size of at least 0", found: "\(number)"), at: start)
          }
          items.append(size)
        }
        offset += 1
        start = offset
        if byte == UInt8(ascii: "]") { return items }
        continue
      default: break
      }
      offset += 1
    }
    throw unknown
  }

  private func size(_ range: Range<Int>) throws(TextError) -> RecordedInt {
    var range = range
    while let first = range.first, text.bytes[first].isBlank { range.removeFirst() }
    while let last = range.last, text.bytes[last].isBlank { range.removeLast() }
    guard let first = range.first else { throw unknown }
    let digits = text.bytes[first] == UInt8(ascii: "-") ? first + 1..<range.upperBound : range
    if !digits.isEmpty, text.bytes[digits].allSatisfy(\.isDigit) {
      guard let value = Int(text.text(range)), let integer = RecordedInt(value) else {
        throw failure(.tooLarge(PythonScanner.shortened(text.text(range))), at: first)
      }
      return integer
    }
    return RecordedInt(try symbols.intern(text, range, line: line).id)
  }
}
