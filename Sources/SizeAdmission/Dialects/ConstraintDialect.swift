/// A tool in whose words the constraints of a program's inputs can be written.
public enum ConstraintDialect: String, CaseIterable, Sendable {
  /// `torch.export.Dim` and `dynamic_shapes`.
  case dim
  /// `torch.fx.experimental.dynamic_spec.ShapesSpec`, since PyTorch 2.13.
  case shapesSpec = "shapes-spec"
  /// `RangeDim` and `EnumeratedShapes` of coremltools.
  case coreml
  /// Inputs of an ONNX graph in the text format, with `dim_param`.
  case onnx
  /// `jax.export.symbolic_shape` with the constraints of a `SymbolicScope`.
  case jax
  /// An optimization profile of TensorRT.
  case tensorrt
}

extension InputConstraints {
  /// The constraints in the words of a tool; what it cannot say is a comment.
  public func text(in dialect: ConstraintDialect) -> String {
    let lines: [String]
    switch dialect {
    case .dim: lines = dimLines
    case .shapesSpec: lines = shapesSpecLines
    case .coreml: lines = coreMLLines
    case .onnx: lines = onnxLines
    case .jax: lines = jaxLines
    case .tensorrt: lines = tensorRTLines
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
