import FX
import OperatorSchemas
import TensorVocabulary

/// Numbers in the place of tensors.
extension Dispatcher {
  /// Makes a tensor of each number that is given where a tensor is expected, as Python does.
  func wrapNumbers(
    _ arguments: inout [PyTree<RealTensor>], _ resolved: DispatchedOperator
  ) throws(LibTorchError) {
    for position in resolved.tensorPositions {
      guard case .constant(let constant) = arguments[position], let number = Scalar(constant) else {
        continue
      }
      let others = resolved.promoting(arguments)
      // Only what computes with other tensors surely returns a new one.
      let isOnlyRead = !others.isEmpty && resolved.schema.arguments[position].alias == nil
      arguments[position] = .value(
        isOnlyRead
          ? try wrapped(number, beside: others, of: resolved)
          : try library.tensor(number, try promoted(number, beside: others)))
    }
  }

  /// A tensor without dims that takes part in type promotion as a Python number does beside `tensors`; only to be read.
  ///
  /// It has the dtype of the tensor beside it at once where the kernel of `called` would convert it to that.
  func wrapped(
    _ number: Scalar, beside tensors: [RealTensor], of called: DispatchedOperator? = nil
  ) throws(LibTorchError) -> RealTensor {
    var dtype = try promoted(number, beside: tensors)
    if let called, called.convertsNumbers, tensors.count == 1, try tensors[0].rank > 0 {
      let other = try tensors[0].dtype
      // Kernels of 16-bit floats compute with the number as it is; those of integers may widen both.
      if other == .float32 || other == .float64, number.category <= .float { dtype = other }
    }
    return try numberTensors.tensor(number, dtype, library)
  }

  /// The dtype of a tensor without dims that takes part in type promotion as a Python number does beside `tensors`.
  ///
  /// | the number's category is | dtype |
  /// |---|---|
  /// | above all tensors' | the default dtype of the category |
  /// | at most that of a tensor with dims | the widest of the category: a tensor without dims does not widen others |
  /// | otherwise | that of the tensors, which have no dims |
  ///
  /// - Source: `torch/csrc/utils/python_arg_parser.cpp`, `aten/src/ATen/native/TypeProperties.cpp`, v2.13.
  private func promoted(_ number: Scalar, beside tensors: [RealTensor]) throws(LibTorchError) -> ScalarType {
    var flat: ScalarType?
    var highest: ScalarCategory?
    var highestWithDims: ScalarCategory?
    for tensor in tensors {
      let dtype = try tensor.dtype
      guard let category = dtype.category else { continue }
      if try tensor.rank > 0 {
        highestWithDims = max(highestWithDims ?? category, category)
      } else {
        flat = flat.map { ScalarType.promote($0, dtype) ?? $0 } ?? dtype
      }
      highest = max(highest ?? category, category)
    }
    let category = number.category
    if highest.map({ category > $0 }) ?? true { return number.defaultType }
    if let highestWithDims, category <= highestWithDims { return number.scalarType }
    return flat ?? number.defaultType
  }
}

extension Scalar {
  /// The number that an argument of a node is; `nil` for all else.
  init?(_ argument: Node.Argument) {
    switch argument {
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .bool(let value): self = .bool(value)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    default: return nil
    }
  }

  /// The number as an argument of a node.
  var argument: Node.Argument {
    switch self {
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .bool(let value): .bool(value)
    case .complex(let real, let imaginary): .complex(real, imaginary)
    }
  }

  /// The dtype of a tensor that PyTorch makes of the number.
  var defaultType: ScalarType {
    switch self {
    case .int: .int64
    case .float: .float32
    case .bool: .bool
    case .complex: .complex64
    }
  }

  /// The number as a float; `nil` for complex ones.
  var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .bool(let value): value ? 1 : 0
    case .complex: nil
    }
  }

  /// Whether the number equals `other`.
  func equals(_ other: Double) -> Bool { double == other }
}
