import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Applies a rule and turns its result into that of the overload.
extension ResolvedOperator {
  /// The result of `call`.
  ///
  /// - Throws: ``OperatorError``; of kind `foreignTensor` if an argument belongs to another mode.
  public func apply(_ call: OperatorCall) throws -> FakeValue {
    call.mode.ruleCount &+= 1
    try call.requireOwnTensors()
    for position in plainNumbers { try call.fixNumber(position) }
    let known = knownOperands(of: call)
    let value =
      switch variant {
      case .functional: try rule(call)
      case .inplace: try applyInplace(call)
      case .out: try applyOut(call)
      }
    try call.countDims(of: value)
    noteGradients(of: value, call)
    if call.mode.isMapping { call.hideDims(of: value) }
    if let known, let (tensor, constant) = constant(of: value, known) {
      call.mode.setConstant(constant, of: tensor)
    }
    return value
  }

  /// `self` is an operand and is returned; the result must fit it.
  private func applyInplace(_ call: OperatorCall) throws -> FakeValue {
    let target = try call.tensor(0)
    try call.requireNoGradient(target)
    if target.requiresGrad, call.mode.isGradEnabled, call.shapes.isOpenWhetherOne(target.sizes),
      Self.needsItsInput.contains(schema.name.base)
    {
      _ = call.preservedStrides(target)
    }
    call.isWrittenInPlace = !inplace.isCopied && !inplace.isResized
    defer { call.isWrittenInPlace = false }
    if case .tensor(let result) = try rule(call), result !== target {
      try call.store(result, into: target, inplace)
    }
    call.mode.noteMutation(of: target)
    return .tensor(target)
  }

  /// Operators in place whose derivative needs `self` as it was: autograd clones it first.
  ///
  /// - Source: formulas with `self` in `tools/autograd/derivatives.yaml`.
  private static let needsItsInput: Set<String> = [
    "abs_", "absolute_", "acos_", "arccos_", "arcsin_", "arctan2_", "arctan_", "asin_", "atan2_", "atan_",
    "clamp_",
    "clamp_max_", "clamp_min_", "copysign_", "cos_", "cosh_", "cumprod_", "digamma_", "erf_", "erfc_",
    "erfinv_",
    "gelu_", "hardsigmoid_", "hardswish_", "hardtanh_", "hypot_", "i0_", "lgamma_", "log10_", "log1p_",
    "log2_",
    "log_", "logit_", "mish_", "mvlgamma_", "nan_to_num_", "nextafter_", "polygamma_", "pow_", "relu6_",
    "renorm_",
    "sgn_", "silu_", "sin_", "sinc_", "sinh_", "square_", "threshold_", "xlogy_",
  ]

  /// Operators whose `out=` argument must have exactly the result's dtype.
  ///
  /// - Source: `out_wrapper(exact_dtype=True)` in `torch/_meta_registrations.py`.
  private static let exactOutputs: Set<String> = [
    "addbmm", "baddbmm", "bmm", "mm", "silu", "triangular_solve",
  ]

  /// Whether the result is on the device of the arguments: factories, and what is only copied, may be written anywhere.
  private func readsDevice(_ call: OperatorCall) -> Bool {
    let base = schema.name.base
    if base == "copy" || base.hasSuffix("_like") || base.hasPrefix("new_") { return false }
    return schema.arguments.indices.contains { position in
      !schema.arguments[position].isMutated && call[position].containsTensor { _ in true }
    }
  }

  /// The `out` arguments come last; they are resized to the result if their sizes differ.
  private func applyOut(_ call: OperatorCall) throws -> FakeValue {
    let results: [FakeValue]
    let computed = try rule(call)
    if case .tensor = computed { results = [computed] } else { results = computed.elements ?? [] }
    let outs = schema.arguments.indices.filter { schema.arguments[$0].isMutated }
    var returned: [FakeValue] = []
    guard results.count == outs.count else {
      throw call.error(
        .wrongResult(expected: "\(outs.count) tensors to write", found: call.shapes.text(of: computed)))
    }
    for (position, result) in zip(outs, results) {
      guard case .tensor(let result) = result else {
        throw call.error(.wrongResult(expected: "a tensor to write", found: call.shapes.text(of: result)))
      }
      let out = try call.tensor(position)
      if out.device != result.device, readsDevice(call) { throw call.wrongDevice(of: out, result.device) }
      try call.requireDistinctElements(out)
      try call.require(
        !Self.exactOutputs.contains(schema.name.base) || out.dtype == result.dtype,
        "Expected out tensor to have dtype \(result.dtype.name) but got \(out.dtype.name) instead")
      try call.resize(out, like: result)
      call.mode.noteMutation(of: out)
      returned.append(.tensor(out))
    }
    return returned.count == 1 ? returned[0] : .tuple(returned)
  }
}

extension OperatorCall {
  /// The number of dims that most of ATen's kernels support; results of more are counted.
  private static let commonRank = 64

  /// Refuses results whose dims would make the memory of the run grow out of proportion to its program.
  @inline(__always)
  fileprivate func countDims(of value: FakeValue) throws {
    if case .tensor(let tensor) = value {
      if tensor.rank > Self.commonRank { try countDims(of: tensor) }
    } else if case .list(let values) = value {
      for case .tensor(let tensor) in values where tensor.rank > Self.commonRank { try countDims(of: tensor) }
    }
  }

  private func countDims(of tensor: FakeTensor) throws { try requireRoom(forTensors: 1, rank: tensor.rank) }

  /// Refuses tensors of more than 64 dims that are more than the run has room for.
  public func requireRoom(forTensors count: Int, rank: Int) throws {
    guard rank > Self.commonRank, !mode.allowsPieces(count, rank: rank) else { return }
    throw refusal(
      "\(count == 1 ? "a tensor" : "\(count) tensors") of \(rank) dims: more than is left of the \(mode.mostPieces) "
        + "pieces of tensors that one run may make")
  }

  /// Guards on the value of a symbolic argument whose type is plain `int` or `float`.
  ///
  /// Source: `toIValue`, `torch/csrc/jit/python/pybind_utils.cpp`, which calls `guard_int` and `guard_float`.
  fileprivate func fixNumber(_ position: Int) throws {
    switch self[position] {
    case .symInt(let value) where value.isSymbolic: arguments[position] = .int(try evaluateInt(value))
    case .symFloat(let value): arguments[position] = .float(try evaluateFloat(value))
    default: break
    }
  }

  /// Stores an in-place `result` in `target`: its dtype must be castable, and its sizes must match unless the target is
  /// resized.
  func store(_ result: FakeTensor, into target: FakeTensor, _ law: InplaceLaw) throws {
    if result.device != target.device { throw wrongDevice(of: target, result.device) }
    if try !hasSizes(target, result.sizes) {
      try require(
        law.isResized && !has(.inplaceKeepsSizes),
        "output with shape \(shapes.shortText(of: target.sizes)) doesn't match the broadcast shape "
          + shapes.shortText(of: result.sizes))
      target.sizes = result.sizes
      target.strides = shapes.geometry.contiguousStrides(result.sizes)
    }
    try require(
      result.dtype.canCast(to: target.dtype, law.cast),
      "result type \(result.dtype.name) can't be cast to the desired output type \(target.dtype.name)")
    guard law.isCopied else { return }
    // The result is expanded to the target's sizes: `meta_copy_`, `torch/_meta_registrations.py`.
    for size in result.sizes where size.isSymbolic { _ = shapes.guardOrFalse(shapes.eq(size, 1)) }
    try requireDistinctElements(target)
  }

  private func hasSizes(_ target: FakeTensor, _ sizes: Sizes) throws -> Bool {
    guard target.rank == sizes.count else { return false }
    for dim in sizes.indices where target.sizes[dim] != sizes[dim] {
      if try !isEqual(target.sizes[dim], sizes[dim]) { return false }
    }
    return true
  }

  /// Gives `out` the sizes and strides of `result`, as PyTorch resizes `out=` arguments that do not fit.
  func resize(_ out: FakeTensor, like result: FakeTensor) throws {
    try require(
      result.dtype.canCast(to: out.dtype),
      "result type \(result.dtype.name) can't be cast to the desired output type \(out.dtype.name)")
    if out.sizes.count == result.sizes.count {
      var same = true
      for dim in 0..<out.rank where out.sizes[dim] != result.sizes[dim] {
        if !shapes.guardOrFalse(shapes.eq(out.sizes[dim], result.sizes[dim])) { same = false }
      }
      if same { return }
    }
    out.sizes = result.sizes
    out.strides = result.strides
  }
}
