public import SymbolicShapes
import TensorVocabulary

/// What an annotation says beside dtype and sizes.
public struct AnnotationOptions: OptionSet, Sendable {
  /// The bits of the options.
  public let rawValue: Int

  /// Creates options from their bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The strides of a tensor (PyTorch's `include_stride`).
  public static let strides = AnnotationOptions(rawValue: 1)
  /// The device of a tensor (PyTorch's `include_device`).
  public static let device = AnnotationOptions(rawValue: 2)
  /// Colors for a terminal (PyTorch's `colored`).
  public static let colors = AnnotationOptions(rawValue: 4)
}

extension ShapeEnv {
  /// What `print_readable` says of a value: `f32[s0, 16]` of a tensor, with options `f32[s0, 16][16, 1]cpu`, and
  /// `Sym(s0)` of a symbolic number; `nil` of anything else.
  ///
  /// - Source: `_tensor_annotation` in `torch/fx/graph.py`, v2.13.
  public func annotation(of value: FakeValue, _ options: AnnotationOptions = []) -> String? {
    switch value {
    case .tensor(let tensor):
      let color = { (codes: [Int], text: String) in
        options.contains(.colors) ? codes.map { "\u{1B}[\($0)m" }.joined() + text + "\u{1B}[0m" : text
      }
      var text = color([31], tensor.dtype.shortName) + color([34], shortText(of: tensor.sizes))
      if options.contains(.strides), tensor.layout == .strided {
        text += color([2, 34], shortText(of: tensor.strides))
      }
      if options.contains(.device) { text += color([2, 32], "\(tensor.device)") }
      return text
    case .symInt(let size): return size.constant == nil ? "Sym(\(text(of: size)))" : nil
    case .symFloat(let number): return "Sym(\(text(of: number.expression)))"
    case .symBool(let truth): return truth.constant == nil ? "Sym(\(text(of: truth.expression)))" : nil
    default: return nil
    }
  }
}
