public import TensorVocabulary

/// The default value of an argument.
///
/// Schemas write dtypes, layouts and memory formats as numbers or names (`dtype=4`, `dtype=long`). The type
/// of the argument tells them apart, so here they are typed.
public enum DefaultValue: Hashable, Sendable {
  /// `None`.
  ///
  /// Where the default itself is optional, write `DefaultValue.none`: plain `.none` means no default.
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case dtype(ScalarType)
  case layout(Layout)
  case memoryFormat(MemoryFormat)
  case device(Device)
  /// `[]`, of any type.
  case emptyList
  case intList([Int])
  case floatList([Double])
  case boolList([Bool])
  case stringList([String])
}

extension DefaultValue: CustomStringConvertible {
  /// The value as PyTorch prints it in a schema: `None`, `True`, `1.`, `[0, 1]`, `"mean"`, 4 for `int64`.
  ///
  /// Floats are printed as the shortest text that parses to the same number; PyTorch prints 17 digits.
  public var description: String {
    switch self {
    case .none: "None"
    case .bool(let value): Self.text(value)
    case .int(let value): "\(value)"
    case .float(let value): Self.text(value)
    case .string(let value): Self.text(value)
    case .dtype(let type): "\(type.rawValue)"
    case .layout(let layout): "\(layout.rawValue)"
    case .memoryFormat(let format): "\(format.rawValue)"
    case .device(let device): device.description
    case .emptyList: "[]"
    case .intList(let values): "[\(values.map { "\($0)" }.joined(separator: ", "))]"
    case .floatList(let values): "[\(values.map(Self.text).joined(separator: ", "))]"
    case .boolList(let values): "[\(values.map(Self.text).joined(separator: ", "))]"
    case .stringList(let values): "[\(values.map(Self.text).joined(separator: ", "))]"
    }
  }

  private static func text(_ value: Bool) -> String { value ? "True" : "False" }

  /// An integral value keeps its point but not the zero: `1.`.
  private static func text(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast()) : text
  }

  private static func text(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "'": text += "\\\(scalar)"
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case "\u{0B}": text += "\\v"
      case "\u{0C}": text += "\\f"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
