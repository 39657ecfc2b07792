import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Functions of `torch.nn.functional` whose calls depend on the ranks of their arguments.
///
/// - Source: `torch/nn/functional.py`, v2.13.
enum LayerFunctions {
  static let rules: [String: @Sendable (HigherOrderCall) throws -> FakeValue] = [
    "torch.nn.functional.adaptive_avg_pool2d": { try adaptivePool($0, "adaptive_avg_pool2d") },
    "torch.nn.functional.adaptive_avg_pool3d": { try adaptivePool($0, "adaptive_avg_pool3d") },
    "torch.nn.functional.embedding_bag": embeddingBag,
    "torch.nn.functional.fractional_max_pool2d": { try fractionalPool($0, 2) },
    "torch.nn.functional.fractional_max_pool3d": { try fractionalPool($0, 3) },
    "torch.nn.functional.multi_head_attention_forward": attention,
    "torch.nn.functional.multilabel_soft_margin_loss": multilabelLoss,
  ]

  /// `adaptive_avg_pool2d(x, output_size)`: `None` stands for the input's size.
  private static func adaptivePool(_ call: HigherOrderCall, _ name: String) throws -> FakeValue {
    let input = try call.tensor(0)
    guard let given = call.argument(1, "output_size") else {
      throw call.refusal("\(name) takes an output size")
    }
    var sizes = given.elements ?? [given]
    let count = sizes.count
    guard count <= input.rank else {
      throw call.refusal("\(name) has more output sizes than the input has dims")
    }
    for place in sizes.indices where sizes[place].isNone {
      sizes[place] = .symInt(input.sizes[input.rank - count + place])
    }
    return try call.apply(
      "aten.\(name).default", .tensor(input), given.elements == nil ? sizes[0] : .list(sizes))
  }

  /// `embedding_bag(input, weight, offsets, …)`: a matrix of indices has bags of the same length.
  @Sendable
  private static func embeddingBag(_ call: HigherOrderCall) throws -> FakeValue {
    let (input, weight) = (try call.tensor(0), try call.tensor(1))
    var indices = FakeValue.tensor(input)
    var offsets = call.argument(2, "offsets") ?? .none
    if input.rank == 2 {
      let sizes = Array(input.sizes)
      let count = call.mode.shapes.mul(sizes[0], sizes[1])
      offsets = try call.apply(
        "aten.arange.start_step", .int(0), .symInt(count), .symInt(sizes[1]),
        keywords: ["dtype": .dtype(input.dtype), "device": .device(input.device)])
      indices = try call.apply("aten.reshape.default", indices, .list([.int(-1)]))
    }
    guard case .string(let name) = call.argument(6, "mode") ?? .string("mean"),
      let mode = ["sum": 0, "mean": 1, "max": 2][name]
    else { throw call.refusal("embedding_bag's mode is sum, mean or max") }
    let result = try call.apply(
      "aten.embedding_bag.padding_idx", .tensor(weight), indices, offsets,
      call.argument(5, "scale_grad_by_freq") ?? .bool(false),
      .int(mode), call.argument(7, "sparse") ?? .bool(false), call.argument(8, "per_sample_weights") ?? .none,
      call.argument(9, "include_last_offset") ?? .bool(false), call.argument(10, "padding_idx") ?? .none)
    return result.elements?.first ?? result
  }

  /// `fractional_max_pool2d(x, kernel_size, output_size, output_ratio, return_indices)`.
  private static func fractionalPool(_ call: HigherOrderCall, _ dims: Int) throws -> FakeValue {
    let input = try call.tensor(0)
    guard let kernel = call.argument(1, "kernel_size"), let sizes = call.argument(2, "output_size"),
      !sizes.isNone,
      input.rank > dims
    else { throw call.refusal("fractional_max_pool\(dims)d without an output size is not supported") }
    let batch = input.rank == dims + 1 ? SymInt(1) : input.sizes[0]
    let channels = input.sizes[input.rank - dims - 1]
    let samples = call.mode.tensor([batch, channels, SymInt(dims)], dtype: input.dtype, device: input.device)
    let both = { (value: FakeValue) -> FakeValue in
      value.elements == nil ? .list([FakeValue](repeating: value, count: dims)) : value
    }
    let result = try call.apply(
      "aten.fractional_max_pool\(dims)d.default", .tensor(input), both(kernel), both(sizes), .tensor(samples))
    if call.flag(4, "return_indices", otherwise: false) { return result }
    return result.elements?.first ?? result
  }

  /// `multilabel_soft_margin_loss(x, target, weight, size_average, reduce, reduction)`: the classes are averaged.
  @Sendable
  private static func multilabelLoss(_ call: HigherOrderCall) throws -> FakeValue {
    let input = FakeValue.tensor(try call.tensor(0))
    let loss = try call.apply("aten.mean.dim", input, .list([.int(-1)]))
    guard case .string(let reduction) = call.argument(5, "reduction") ?? .string("mean"), reduction == "none"
    else {
      return try call.apply("aten.mean.default", loss)
    }
    return loss
  }

  /// `multi_head_attention_forward(query, key, …)`: the result, and the weights when they are needed.
  ///
  /// `query` is `[L, N, E]` or `[L, E]`, `key` `[S, N, E]` or `[S, E]`; the weights are `[N, L, S]`, or
  /// `[N, heads, L, S]` when they are not averaged.
  @Sendable
  private static func attention(_ call: HigherOrderCall) throws -> FakeValue {
    let (query, key) = (try call.tensor(0), try call.tensor(1))
    guard query.rank == 2 || query.rank == 3, key.rank == query.rank else {
      throw call.refusal("attention takes a query and a key of 2 or 3 dims each")
    }
    guard case .symInt(let heads)? = call.argument(4, "num_heads"),
      let width = call.argument(11, "out_proj_weight")?.tensor?.sizes.first
    else { throw call.refusal("attention takes a number of heads and the weight of its last layer") }
    let isBatched = query.rank == 3
    let (length, batch) = (query.sizes[0], isBatched ? [query.sizes[1]] : [])
    // The result has the rows of the query and the width of the last layer.
    let result = try call.apply(
      "aten.new_empty.default", .tensor(query), .sizes(Sizes([length] + batch + [width])))
    guard call.flag(15, "need_weights", otherwise: true) else { return .tuple([result, .none]) }
    var sources = key.sizes[0]
    if call.argument(7, "bias_k")?.tensor != nil { sources = call.mode.shapes.add(sources, 1) }
    if call.flag(9, "add_zero_attn", otherwise: false) { sources = call.mode.shapes.add(sources, 1) }
    let isAveraged = call.flag(23, "average_attn_weights", otherwise: true)
    let weights = try call.apply(
      "aten.new_empty.default", .tensor(query),
      .sizes(Sizes(batch + (isAveraged ? [] : [heads]) + [length, sources])))
    return .tuple([result, weights])
  }
}
