public import SymbolicShapes
import TensorVocabulary

/// Values as text, as PyTorch prints them.
extension ShapeEnv {
  /// `f32[8, s0]`, `u0 + 1`, `[f32[2], i64[2]]`; `nil` for `None`.
  public func shortText(of value: FakeValue) -> String? { value.isNone ? nil : text(of: value) }

  /// `f32[8, s0]`, `u0 + 1`, `[f32[2], i64[2]]`, `None`.
  public func text(of value: FakeValue) -> String {
    switch value {
    case .tensor(let tensor): shortText(of: tensor)
    case .symInt(let value): text(of: value)
    case .symFloat(let value): text(of: value.expression)
    case .symBool(let value): text(of: value.expression)
    case .sizes(let sizes): shortText(of: sizes)
    case .list(let items): "[" + items.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .tuple(let items): "(" + items.map { text(of: $0) }.joined(separator: ", ") + ")"
    case .slice(let bounds): "slice(" + bounds.map { text(of: $0) }.joined(separator: ", ") + ")"
    case .dictionary(let items):
      "{" + items.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
    default: value.plainText
    }
  }

  /// Text such as `f32[8, s0]`.
  public func shortText(of tensor: FakeTensor) -> String {
    tensor.dtype.shortName + shortText(of: tensor.sizes)
  }

  /// Text such as `[8, s0]`.
  public func shortText(of sizes: Sizes) -> String {
    "[" + sizes.map { text(of: $0) }.joined(separator: ", ") + "]"
  }
}

extension FakeValue {
  /// The text of a value without symbols or parts; empty for other values.
  var plainText: String {
    switch self {
    case .float(let value): "\(value)"
    case .bool(let value): value ? "True" : "False"
    case .complex(let real, let imaginary): "(\(real)+\(imaginary)j)"
    case .string(let text): "'\(text)'"
    case .none: "None"
    case .dtype(let dtype): "torch.\(dtype.name)"
    case .device(let device): "\(device)"
    case .layout(let layout): "torch.\(layout.name)"
    case .memoryFormat(let format): "torch.\(format.name)"
    case .submodule(let path): path
    case .opaque(let text): text
    case .tensor, .symInt, .symFloat, .symBool, .sizes, .list, .tuple, .slice, .dictionary: ""
    }
  }
}
