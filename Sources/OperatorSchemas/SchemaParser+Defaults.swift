import TensorVocabulary

extension SchemaParser {
  /// Parses the default of an argument of type `type`.
  mutating func defaultValue(of type: ArgumentType) throws(SchemaError) -> DefaultValue {
    scanner.skipSpaces()
    switch scanner.next {
    case UInt8(ascii: "["):
      scanner.advance()
      return try list(of: type.element ?? .int)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let text = try scanner.quoted()
      if case .device = type.nonOptional, let device = Device(text) { return .device(device) }
      return .string(text)
    default: break
    }
    if case .device = type.nonOptional { return try device() }
    let word = try scanner.number()
    switch word {
    case "None": return .none
    case "True", "true": return .bool(true)
    case "False", "false": return .bool(false)
    default: break
    }
    guard let value = Self.value(word.text, of: type.nonOptional) else {
      throw scanner.error("'\(word.text)' is no value of type \(type)")
    }
    return value
  }

  /// Parses an unquoted `cpu` or `cuda:0`, as PyTorch prints devices.
  private mutating func device() throws(SchemaError) -> DefaultValue {
    let text = scanner.takeWhile { SchemaScanner.isIdentifier($0) || $0 == UInt8(ascii: ":") }.text
    if text == "None" { return .none }
    guard let device = Device(text) else { throw scanner.error("'\(text)' is no device") }
    return .device(device)
  }

  /// Parses the elements of a list and `]`.
  private mutating func list(of element: ArgumentType) throws(SchemaError) -> DefaultValue {
    if scanner.take("]") { return .emptyList }
    var values: [DefaultValue] = []
    repeat {
      guard !scanner.take("[") else { throw scanner.error("a list in a list has no default") }
      values.append(try defaultValue(of: element))
    } while scanner.take(",")
    try scanner.expect("]")
    guard let list = Self.list(values) else { throw scanner.error("a list of mixed values") }
    return list
  }

  /// A list of values of the same kind; integers among floats become floats.
  private static func list(_ values: [DefaultValue]) -> DefaultValue? {
    var (ints, floats, bools, strings): ([Int], [Double], [Bool], [String]) = ([], [], [], [])
    for value in values {
      switch value {
      case .int(let value):
        ints.append(value)
        floats.append(Double(value))
      case .float(let value): floats.append(value)
      case .bool(let value): bools.append(value)
      case .string(let value): strings.append(value)
      default: return nil
      }
    }
    switch values.count {
    case ints.count: return .intList(ints)
    case floats.count: return .floatList(floats)
    case bools.count: return .boolList(bools)
    case strings.count: return .stringList(strings)
    default: return nil
    }
  }

  /// The value of `word` for an argument of type `type`, which is not optional.
  private static func value(_ word: String, of type: ArgumentType) -> DefaultValue? {
    switch type {
    case .dtype:
      let type = UInt8(word).map(ScalarType.init(rawValue:)) ?? ScalarType(name: word)
      return type.map(DefaultValue.dtype)
    case .layout:
      let layout = UInt8(word).map(Layout.init(rawValue:)) ?? Layout(name: word)
      return layout.map(DefaultValue.layout)
    case .memoryFormat:
      let format = UInt8(word).map(MemoryFormat.init(rawValue:)) ?? MemoryFormat(name: word)
      return format.map(DefaultValue.memoryFormat)
    case .float, .symFloat: return float(word).map(DefaultValue.float)
    case .list(let element, let size):
      // One value applies to all elements of a list of fixed length: `int[2] stride=1` is `[1, 1]`.
      guard let value = value(word, of: element), let size, size <= maximumNesting else { return nil }
      return list(Array(repeating: value, count: size))
    default:
      return Int(word).map(DefaultValue.int) ?? reduction(word) ?? float(word).map(DefaultValue.float)
    }
  }

  /// The number that a word denotes; hexadecimal and similar forms are refused.
  private static func float(_ word: String) -> Double? {
    switch word {
    case "inf", "-inf", "nan": return Double(word)
    default:
      // Swift requires a digit after the point, schemas do not: `1.`.
      guard word.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
      return Double(word.hasSuffix(".") ? word + "0" : word)
    }
  }

  /// The reductions of losses that schemas may name: `at::Reduction`.
  private static func reduction(_ word: String) -> DefaultValue? {
    switch word {
    case "None": .int(0)
    case "Mean": .int(1)
    case "Sum": .int(2)
    default: nil
    }
  }
}
