public import TensorVocabulary

/// Elementwise operators, all of them: broadcast, promote, lay out.
extension OperatorCall {
  /// The result of an elementwise operator on the arguments at `operands`.
  ///
  /// Tensors broadcast to a common shape; tensors and numbers promote to a common dtype; the strides follow
  /// the operands' layout. `None` operands take no part.
  ///
  /// - Throws: a refusal when shapes do not broadcast, devices differ, or the common dtype is refused.
  /// - Source: `TensorIterator` (`aten/src/ATen/TensorIterator.cpp`).
  public func pointwise(
    _ operands: some Sequence<Int>, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    dtype: ScalarType? = nil, isFast: Bool = false
  ) throws -> FakeTensor {
    var tensors: [FakeTensor] = []
    var promotion = TypePromotion()
    for position in operands {
      switch self[position] {
      case .tensor(let tensor):
        tensors.append(tensor)
        promotion.add(tensor)
      case .none: continue
      default: promotion.add(try scalarCategory(position))
      }
    }
    if !refuses.isEmpty { try require(promotion.result, isNotIn: refuses) }
    return try pointwise(tensors, dtype: dtype ?? promotion.result(kind), isFast: isFast)
  }

  /// The result of an elementwise operator on `tensors`, of a given dtype.
  ///
  /// With `isFast`, a layout that all operands have in common is taken without a closer look.
  public func pointwise(_ tensors: [FakeTensor], dtype: ScalarType, isFast: Bool = false) throws -> FakeTensor {
    guard let first = tensors.first else { return mode.tensor([], dtype: dtype) }
    let sizes = tensors.count == 1 ? first.sizes : try broadcast(tensors.map(\.sizes))
    let obvious = isFast ? shapes.obviousStrides(tensors, sizes) : nil
    return mode.tensor(
      sizes, strides: obvious ?? shapes.elementwiseStrides(tensors, sizes), dtype: dtype,
      device: tensors.count == 1 ? first.device : try commonDevice(tensors))
  }

  /// An elementwise result in the dense layout of the operand at `leader`, expanded: what PyTorch's references
  /// give when they begin with a function of that operand alone.
  public func pointwise(
    _ operands: some Sequence<Int>, _ kind: PromotionKind = .common, refuses: DtypeCategories = [], leader: Int
  ) throws -> FakeTensor {
    let result = try pointwise(operands, kind, refuses: refuses)
    if let tensor = self[leader].tensor {
      result.strides = shapes.denseStrides(expanding: tensor, to: result.sizes)
    }
    return result
  }

  /// The device of the result: that of the tensors, where CPU tensors without dims go along with any.
  ///
  /// Source: `FakeTensor._find_common_device`.
  public func commonDevice(_ tensors: [FakeTensor]) throws -> Device {
    var device: Device?
    for tensor in tensors where tensor.rank > 0 || tensor.device.type != .cpu {
      if let device, device != tensor.device {
        throw refusal("Expected all tensors to be on the same device, found \(device) and \(tensor.device)")
      }
      device = tensor.device
    }
    return device ?? tensors.first?.device ?? .cpu
  }
}

extension OperatorRow {
  /// An elementwise operator of its first argument.
  public static func unary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference
  ) -> OperatorRow {
    pointwise(name, 1, kind, refuses: refuses, inplace: inplace)
  }

  /// An elementwise operator of its first two arguments, tensors or numbers.
  public static func binary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference
  ) -> OperatorRow {
    pointwise(name, 2, kind, refuses: refuses, inplace: inplace)
  }

  /// An elementwise operator of its first three arguments.
  public static func ternary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference
  ) -> OperatorRow {
    pointwise(name, 3, kind, refuses: refuses, inplace: inplace)
  }

  private static func pointwise(
    _ name: String, _ operands: Int, _ kind: PromotionKind, refuses: DtypeCategories, inplace: InplaceLaw
  ) -> OperatorRow {
    OperatorRow(name, inplace: inplace) { call in
      .tensor(try call.pointwise(0..<operands, kind, refuses: refuses))
    }
  }
}
