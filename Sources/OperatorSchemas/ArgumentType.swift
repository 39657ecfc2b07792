/// The type of an operator's argument or result, as in its schema.
///
/// `SymInt[2]? stride` has the type `.optional(.list(.symInt, size: 2))`.
public indirect enum ArgumentType: Hashable, Sendable {
  case tensor
  case int
  case symInt
  case float
  case symFloat
  case bool
  case symBool
  /// Any number: `Scalar`.
  case scalar
  case complex
  /// `str`.
  case string
  /// `ScalarType`.
  case dtype
  case layout
  case device
  case memoryFormat
  case generator
  case stream
  case storage
  /// `T?`.
  case optional(ArgumentType)
  /// `T[]`, or `T[size]`: a list of that length, for which a single element may be given.
  case list(ArgumentType, size: Int?)
  /// `(T, U)`.
  case tuple([ArgumentType])
  /// `Dict(K, V)`.
  case dictionary(ArgumentType, ArgumentType)
  /// A type variable, such as `t`.
  case variable(String)
  /// Anything else, by its text: `Any`, `Future(t)`, `__torch__.torch.classes.rnn.CellParamsBase`.
  case other(String)
}

extension ArgumentType {
  /// The type that schemas call `name`; unknown words are kept as they are.
  init(named name: SchemaWord) {
    switch name {
    case "Tensor": self = .tensor
    case "int": self = .int
    case "SymInt": self = .symInt
    case "float": self = .float
    case "SymFloat": self = .symFloat
    case "bool": self = .bool
    case "SymBool": self = .symBool
    case "Scalar": self = .scalar
    case "complex": self = .complex
    case "str": self = .string
    case "ScalarType": self = .dtype
    case "Layout": self = .layout
    case "Device": self = .device
    case "MemoryFormat": self = .memoryFormat
    case "Generator": self = .generator
    case "Stream": self = .stream
    case "Storage": self = .storage
    default:
      let isVariable = name.bytes.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
      self = isVariable ? .variable(name.text) : .other(name.text)
    }
  }

  /// Whether `None` is accepted.
  public var isOptional: Bool {
    if case .optional = self { return true }
    return false
  }

  /// The type without its `?`.
  public var nonOptional: ArgumentType {
    if case .optional(let wrapped) = self { return wrapped }
    return self
  }

  /// The type of one element if this is a list, possibly optional; otherwise `nil`.
  public var element: ArgumentType? {
    if case .list(let element, _) = nonOptional { return element }
    return nil
  }

  /// Whether the value is a tensor, an optional tensor, or a list of tensors.
  public var holdsTensors: Bool {
    switch self {
    case .tensor: true
    case .optional(let wrapped): wrapped.holdsTensors
    case .list(let element, _): element.holdsTensors
    default: false
    }
  }
}

extension ArgumentType: CustomStringConvertible {
  /// The type in PyTorch's schema language, without alias annotations.
  public var description: String { text(annotation: nil) }

  /// The type in PyTorch's schema language, with an alias annotation in its place.
  ///
  /// `annotation.depth` counts the suffixes, `[]` and `?`, to the right of the annotation's place.
  func text(annotation: (text: String, depth: Int)?) -> String {
    let (inner, suffix): (String, String)
    let below = annotation.flatMap { $0.depth > 0 ? (text: $0.text, depth: $0.depth - 1) : nil }
    switch self {
    case .optional(let wrapped): (inner, suffix) = (wrapped.text(annotation: below), "?")
    case .list(let element, let size):
      (inner, suffix) = (element.text(annotation: below), "[\(size.map { "\($0)" } ?? "")]")
    default: (inner, suffix) = (word, "")
    }
    guard let annotation, annotation.depth == 0 else { return inner + suffix }
    return inner + suffix + annotation.text
  }

  /// The text of a type that has no suffix.
  private var word: String {
    switch self {
    case .tensor: "Tensor"
    case .int: "int"
    case .symInt: "SymInt"
    case .float: "float"
    case .symFloat: "SymFloat"
    case .bool: "bool"
    case .symBool: "SymBool"
    case .scalar: "Scalar"
    case .complex: "complex"
    case .string: "str"
    case .dtype: "ScalarType"
    case .layout: "Layout"
    case .device: "Device"
    case .memoryFormat: "MemoryFormat"
    case .generator: "Generator"
    case .stream: "Stream"
    case .storage: "Storage"
    case .tuple(let elements): "(\(elements.map(\.description).joined(separator: ", ")))"
    case .dictionary(let key, let value): "Dict(\(key), \(value))"
    case .variable(let name), .other(let name): name
    case .optional, .list: description
    }
  }
}
