import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Whether inputs are such as the program was exported for.
final class InputFitting {
  private let shapes: ShapeEnv
  private var symbols: SymbolValues

  init(_ program: FakeProgram) {
    shapes = program.shapes
    symbols = SymbolValues(program.shapes)
  }

  /// `value`, when dtype, rank and fixed sizes are those of the program.
  func checked(
    _ value: PyTree<RealTensor>, _ name: String, _ predicted: FakeValue
  ) throws -> PyTree<RealTensor> {
    switch (predicted, value) {
    case (.tensor(let expected), .value(let tensor)):
      let sizes = try tensor.sizes
      let fits =
        try tensor.dtype == expected.dtype && sizes.count == expected.sizes.count
        && zip(expected.sizes, sizes).allSatisfy { $0.constant == nil || $0.constant == $1 }
      guard fits else {
        throw LibTorchError(
          .input(
            "input '\(name)' is \(try tensor.shortText), the program takes \(shapes.shortText(of: expected))")
        )
      }
      for (size, real) in zip(expected.sizes, sizes) { symbols.learn(shapes.expression(size), .int(real)) }
    case (.tensor(let expected), _):
      throw LibTorchError(
        .input(
          "input '\(name)' is \(value.text { $0.description }), the program takes \(shapes.shortText(of: expected))"
        ))
    case (.symInt(let expected), .constant(.int(let real))):
      symbols.learn(shapes.expression(expected), .int(real))
    default: break
    }
    return value
  }

  /// `value` with the strides that the program was exported for, copied if it has others.
  func laidOut(
    _ value: PyTree<RealTensor>, _ predicted: FakeValue, _ library: TorchLibrary
  ) throws -> PyTree<RealTensor> {
    guard case .tensor(let expected) = predicted, case .value(let tensor) = value, expected.layout == .strided
    else {
      return value
    }
    var strides: [Int] = []
    for stride in expected.strides {
      guard let known = symbols.int(shapes.expression(stride)) else { return value }
      strides.append(known)
    }
    let sizes = try tensor.sizes
    if StoredStrides.agree(strides, try tensor.strides, sizes: sizes) { return value }
    // Elements that share memory cannot be written one by one.
    guard zip(strides, sizes).allSatisfy({ $0 > 0 || $1 <= 1 }) else { return value }
    let copy = try library.empty(try tensor.dtype, sizes: sizes, strides: strides, device: try tensor.device)
    return try Dispatcher(library).call("aten::copy_", [.value(copy), .value(tensor)])
  }
}
