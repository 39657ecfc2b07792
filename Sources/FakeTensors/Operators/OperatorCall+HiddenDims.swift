import OperatorSchemas
import SymbolicShapes

/// Calls in regions of `torch.vmap`, whose tensors do not show the dim that is mapped over.
///
/// - Source: `BatchRulesHelper.cpp` and `BatchRulesBinaryOps.cpp`, `aten/src/ATen/functorch`.
extension OperatorCall {
  /// The result of `body` on tensors that show their hidden dims in front; the result hides them again.
  ///
  /// Tensors are padded with dims of size 1 to the most dims of any. Those of outer maps come first.
  func showingHiddenDims(
    of tensors: [FakeTensor], _ body: ([FakeTensor]) throws -> FakeTensor
  ) rethrows -> FakeTensor {
    let levels = Set(tensors.flatMap { $0.hiddenDims.map(\.level) }).sorted()
    let rank = tensors.map(\.rank).max() ?? 0
    let result = try body(tensors.map { shown($0, levels, rank) })
    guard result.rank >= levels.count else { return result }
    let hidden = levels.indices.map {
      HiddenDim(level: levels[$0], size: result.sizes[$0], stride: result.strides[$0])
    }
    result.sizes = Sizes(result.sizes.dropFirst(levels.count))
    result.strides = Sizes(result.strides.dropFirst(levels.count))
    result.hiddenDims = hidden
    return result
  }

  /// A tensor with a dim for each of `levels` from its first on, and `rank` dims after them.
  private func shown(_ tensor: FakeTensor, _ levels: [Int], _ rank: Int) -> FakeTensor {
    let hidden = tensor.hiddenDims
    guard let first = hidden.first else { return tensor }
    var (sizes, strides) = (Sizes(), Sizes())
    for level in levels where level >= first.level {
      let dim = hidden.first { $0.level == level }
      sizes.append(dim?.size ?? 1)
      strides.append(dim?.stride ?? 1)
    }
    // Bound: the end is not below the start.
    for _ in tensor.rank..<max(rank, tensor.rank) {
      sizes.append(1)
      strides.append(1)
    }
    for dim in tensor.sizes.indices {
      sizes.append(tensor.sizes[dim])
      strides.append(tensor.strides[dim])
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// Gives results the hidden dims of arguments: those of the tensor they are a view of, or all of them, outermost in
  /// memory.
  ///
  /// Elementwise results have theirs already; operators that hide and show dims decide themselves.
  func hideDims(of value: FakeValue) {
    if schema.name.namespace == "predispatch" { return }
    var batched: [FakeTensor] = []
    for argument in arguments {
      argument.forEachTensor { if $0.isBatched { batched.append($0) } }
    }
    guard !batched.isEmpty else { return }
    value.forEachTensor { result in
      let isArgument = arguments.contains { $0.containsTensor { $0 === result } }
      if result.isBatched || isArgument { return }
      if let base = batched.first(where: { $0.storage == result.storage }) {
        result.hiddenDims = base.hiddenDims
        return
      }
      mode.hideDims(of: batched, in: result)
    }
  }

  /// Refuses results that are another number, or of another size, for each element of a hidden dim.
  ///
  /// - Source: `BatchRulesDynamic.cpp`, `aten/src/ATen/functorch`.
  func requireNoHiddenDims() throws {
    guard mode.isMapping else { return }
    try require(
      !arguments.contains { $0.containsTensor { $0.isBatched } },
      "vmap: the result depends on data and would be another for each element that is mapped over")
  }
}
