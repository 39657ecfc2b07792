public import SymbolicShapes
public import TensorVocabulary

/// All elementwise operators: broadcasting, type promotion, strides.
extension OperatorCall {
  /// The result of an elementwise operator on the arguments at `operands`.
  ///
  /// Tensors broadcast to a common shape; tensors and numbers promote to a common dtype; the strides follow the
  /// operands' layout. `None` operands are ignored. Beside, it is asked whether sizes are 1: see
  /// ``askWhetherOnes(_:)``; an operator of one tensor asks what `asking` says.
  ///
  /// - Throws: a refusal if shapes do not broadcast, devices differ, or the common dtype is not supported.
  /// - Source: `TensorIterator` (`aten/src/ATen/TensorIterator.cpp`).
  public func pointwise(
    _ operands: Range<Int>, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    dtype: ScalarType? = nil, isFast: Bool = false, asking: SizeQuestions = .none
  ) throws -> FakeTensor {
    guard !isWrittenInPlace, let tensor = commonLayout(of: operands) else {
      return try pointwise(
        Array(operands), kind, refuses: refuses, dtype: dtype, isFast: isFast, asking: asking)
    }
    let promotion = try promotion(of: operands)
    if !refuses.isEmpty { try require(promotion.result, isNotIn: refuses) }
    ask(asking.broadcasting(operands.count, isFast: isFast), of: tensor)
    // Operands that are all alike give the same strides as one of them.
    let obvious = isFast ? shapes.geometry.obviousStrides([tensor], tensor.sizes) : nil
    let strides = obvious ?? elementwiseStrides(of: tensor, computing: promotion.computation(kind))
    let result = mode.tensor(
      tensor.sizes, strides: strides, dtype: dtype ?? promotion.result(kind), device: tensor.device)
    if obvious == nil { askHowConverted(result, from: promotion.computation(kind)) }
    return result
  }

  /// Half precision is computed in float32, and the result converted.
  private func askHowConverted(_ result: FakeTensor, from computing: ScalarType?) {
    guard computing == .float32, result.dtype == .float16 || result.dtype == .bfloat16,
      shapes.isOpenWhetherOne(result.sizes)
    else { return }
    askWhetherDense(result)
  }

  /// The result of an elementwise operator on the arguments at `operands`, in that order.
  public func pointwise(
    _ operands: [Int], _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    dtype: ScalarType? = nil, isFast: Bool = false, asking: SizeQuestions = .none
  ) throws -> FakeTensor {
    let promotion = try promotion(of: operands)
    if !refuses.isEmpty { try require(promotion.result, isNotIn: refuses) }
    return try pointwise(
      operands.compactMap { self[$0].tensor }, dtype: dtype ?? promotion.result(kind),
      computing: promotion.computation(kind), isFast: isFast,
      asking: asking.broadcasting(operands.count, isFast: isFast))
  }

  /// Asks `questions` about `tensor`.
  public func ask(_ questions: SizeQuestions, of tensor: FakeTensor) {
    guard questions != .none, shapes.isOpenWhetherOne(tensor.sizes) else { return }
    if questions != .layout { askWhetherOnes(tensor.sizes) }
    if questions != .ones { _ = shapes.geometry.isContiguous(tensor) }
  }

  private func promotion(of operands: some Sequence<Int>) throws -> TypePromotion {
    var promotion = TypePromotion(shapes.profile)
    for position in operands {
      switch self[position] {
      case .tensor(let tensor): promotion.add(tensor)
      case .none: continue
      default: promotion.add(try scalarCategory(position))
      }
    }
    return promotion
  }

  /// One of the tensors at `operands` if all have the same sizes, strides, dtype and device.
  private func commonLayout(of operands: Range<Int>) -> FakeTensor? {
    var first: FakeTensor?
    for position in operands {
      guard case .tensor(let tensor) = self[position] else { continue }
      if tensor.isBatched { return nil }
      guard let known = first else {
        first = tensor
        continue
      }
      guard
        tensor === known
          || tensor.dtype == known.dtype && tensor.device == known.device && tensor.sizes == known.sizes
            && tensor.strides == known.strides
      else { return nil }
    }
    return first
  }

  private func elementwiseStrides(of tensor: FakeTensor, computing: ScalarType) -> Sizes {
    let operand = tensor.dtype == computing ? tensor : converted([tensor], to: computing)[0]
    let (sizes, strides) = (operand.sizes, operand.strides)
    // Constant sizes need no guards; rank 4 is excluded because it may be contiguous and channels_last at once.
    if sizes.count <= 3, !sizes.isSymbolic, strides == shapes.geometry.contiguousStrides(sizes) {
      return strides
    }
    return shapes.geometry.elementwiseStrides([operand], sizes)
  }

  /// The result of an elementwise operator on `tensors`, with a given dtype.
  ///
  /// Operands of a dtype other than `computing` are converted first, which makes them dense. With `isFast`, sizes and
  /// strides are computed as FakeTensor does for `add`, `sub`, `mul` and `div`: see ``inferSize(_:_:)`` and
  /// ``ShapeEnv/obviousStrides(_:_:)``.
  public func pointwise(
    _ tensors: [FakeTensor], dtype: ScalarType, computing: ScalarType? = nil, isFast: Bool = false,
    asking: SizeQuestions = .none
  ) throws -> FakeTensor {
    guard let first = tensors.first else { return mode.tensor([], dtype: dtype) }
    if mode.isMapping, tensors.contains(where: \.isBatched) {
      return try showingHiddenDims(of: tensors) {
        try pointwise($0, dtype: dtype, computing: computing, isFast: isFast, asking: asking)
      }
    }
    if tensors.count == 1, isWrittenInPlace {
      return mode.tensor(first.sizes, strides: first.strides, dtype: dtype, device: first.device)
    }
    // Broadcasting asks by itself, unless it is fast.
    if isFast || tensors.count == 1 { ask(asking.broadcasting(tensors.count, isFast: isFast), of: first) }
    let sizes =
      switch tensors.count {
      case 1: first.sizes
      case 2 where isFast: try inferSize(first.sizes, tensors[1].sizes)
      default: try broadcast(tensors.map(\.sizes))
      }
    let device = tensors.count == 1 ? first.device : try commonDevice(tensors)
    if isWrittenInPlace { return mode.tensor(sizes, dtype: dtype, device: device) }
    let obvious = isFast ? shapes.geometry.obviousStrides(tensors, sizes) : nil
    let strides =
      obvious ?? shapes.geometry.elementwiseStrides(converted(tensors, to: computing), sizes)
    let result = mode.tensor(sizes, strides: strides, dtype: dtype, device: device)
    if obvious == nil { askHowConverted(result, from: computing) }
    return result
  }

  private func converted(_ tensors: [FakeTensor], to dtype: ScalarType?) -> [FakeTensor] {
    guard let dtype, tensors.contains(where: { $0.dtype != dtype }) else { return tensors }
    return tensors.map { tensor in
      if tensor.dtype == dtype || askWhetherDense(tensor) { return tensor }
      return emptyLike(tensor, dtype: dtype)
    }
  }

  /// The result of an elementwise function of `tensor` alone, expanded to `sizes`; it is dense.
  ///
  /// The layout of composite operators: PyTorch's references first compute something from one operand.
  public func densified(_ tensor: FakeTensor, to sizes: Sizes) -> FakeTensor {
    mode.tensor(
      sizes, strides: shapes.geometry.denseStrides(expanding: tensor, to: sizes), dtype: tensor.dtype,
      device: tensor.device)
  }
}

extension OperatorRow {
  /// An elementwise operator on its first argument.
  ///
  /// With `endsInArithmetic`, PyTorch's decomposition ends in `add`, `sub`, `mul` or `div`, which choose the strides of
  /// symbolic operands differently: see ``ShapeEnv/obviousStrides(_:_:)``. `asking` is what other decompositions ask.
  public static func unary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference, endsInArithmetic: Bool = false, asking: SizeQuestions = .none
  ) -> OperatorRow {
    pointwise(name, 1, kind, refuses: refuses, inplace: inplace, isFast: endsInArithmetic, asking: asking)
  }

  /// An elementwise operator on its first two arguments, tensors or numbers.
  public static func binary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference, endsInArithmetic: Bool = false
  ) -> OperatorRow {
    pointwise(name, 2, kind, refuses: refuses, inplace: inplace, isFast: endsInArithmetic)
  }

  /// An elementwise operator on its first three arguments.
  public static func ternary(
    _ name: String, _ kind: PromotionKind = .common, refuses: DtypeCategories = [],
    inplace: InplaceLaw = .reference
  ) -> OperatorRow {
    pointwise(name, 3, kind, refuses: refuses, inplace: inplace)
  }

  private static func pointwise(
    _ name: String, _ operands: Int, _ kind: PromotionKind, refuses: DtypeCategories, inplace: InplaceLaw,
    isFast: Bool = false, asking: SizeQuestions = .none
  ) -> OperatorRow {
    OperatorRow(name, inplace: inplace) { call in
      .tensor(try call.pointwise(0..<operands, kind, refuses: refuses, isFast: isFast, asking: asking))
    }
  }
}
