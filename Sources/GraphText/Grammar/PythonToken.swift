/// A word of Python's grammar.
struct PythonToken {
  enum Kind: Equatable {
    case name(String)
    case int(Int)
    case float(Double)
    /// The factor of `1.5j`.
    case imaginary(Double)
    case string(String)
    /// An operator or a bracket, such as `+=`.
    case mark(String)
    /// The end of a statement's line.
    case newline
    case end
  }

  var kind: Kind
  /// Its first byte.
  var start: Spot
  /// The offset after its last byte.
  var end: Int
}

extension PythonToken {
  /// The token as an error names it.
  var description: String {
    switch kind {
    case .name(let name): "'\(name)'"
    case .int(let value): "'\(value)'"
    case .float(let value): "'\(value)'"
    case .imaginary(let value): "'\(value)j'"
    case .string: "a string"
    case .mark(let mark): "'\(mark)'"
    case .newline: "the end of the line"
    case .end: "the end of the text"
    }
  }
}
