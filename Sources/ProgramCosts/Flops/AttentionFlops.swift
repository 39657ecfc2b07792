import FakeTensors
import SymbolicShapes

/// Attention: scores, then their product with the values.
///
/// Causal masks are not taken into account.
///
/// PyTorch's table has the GPU kernels; the CPU kernel is counted with the same formula.
///
/// Rows are in alphabetical order.
let attentionFlops: [FlopRule] = [
  FlopRule("_efficient_attention_backward") {
    $0.packedAttention(at: 1, gradient: 0, lengths: (6, 7), longest: (8, 9), rank: 4)
  },
  FlopRule("_efficient_attention_forward") {
    $0.packedAttention(at: 0, lengths: (4, 5), longest: (6, 7), rank: 4)
  },
  FlopRule("_flash_attention_backward") {
    $0.packedAttention(at: 1, gradient: 0, lengths: (6, 7), longest: (8, 9), rank: 3)
  },
  FlopRule("_flash_attention_forward") {
    $0.packedAttention(at: 0, lengths: (3, 4), longest: (5, 6), rank: 3)
  },
  .attention("_scaled_dot_product_cudnn_attention"),
  .attentionGradient("_scaled_dot_product_cudnn_attention_backward"),
  .attention("_scaled_dot_product_efficient_attention"),
  .attentionGradient("_scaled_dot_product_efficient_attention_backward"),
  .attention("_scaled_dot_product_flash_attention"),
  .attentionGradient("_scaled_dot_product_flash_attention_backward"),
  .attention("_scaled_dot_product_flash_attention_for_cpu"),
  .attentionGradient("_scaled_dot_product_flash_attention_for_cpu_backward"),
  FlopRule("_scaled_dot_product_attention_math", as: "bmm") { $0.attention() },
  FlopRule("scaled_dot_product_attention") { $0.attention() },
]

/// `flex_attention(query, key, value, …)` and its gradient, with the arguments of fused attention.
func flexAttentionFlops(_ name: String, _ arguments: [FakeValue], _ shapes: ShapeEnv) -> SymInt? {
  let sizes = arguments.prefix(3).compactMap { $0.tensor?.sizes }
  guard sizes.count == 3, let attention = Attention(sizes[0], sizes[1], sizes[2], shapes) else { return nil }
  return name == "flex_attention" ? attention.forward : attention.backward
}

extension FlopRule {
  fileprivate static func attention(_ name: String) -> FlopRule {
    FlopRule(name, flops: { $0.fusedAttention(at: 0)?.forward })
  }

  fileprivate static func attentionGradient(_ name: String) -> FlopRule {
    FlopRule(name, flops: { $0.fusedAttention(at: 1)?.backward })
  }
}

/// The products of an attention of `rows` batches and heads.
private struct Attention {
  let shapes: ShapeEnv
  let rows, queries, keys, features, valueFeatures: SymInt

  init(
    rows: SymInt, queries: SymInt, keys: SymInt, features: SymInt, valueFeatures: SymInt, _ shapes: ShapeEnv
  ) {
    (self.rows, self.queries, self.keys) = (rows, queries, keys)
    (self.features, self.valueFeatures) = (features, valueFeatures)
    self.shapes = shapes
  }

  /// `[b, h, q, d]`, `[b, h', k, d]`, `[b, h', k, e]`.
  init?(_ query: Sizes, _ key: Sizes, _ value: Sizes, _ shapes: ShapeEnv) {
    guard query.count == 4, key.count == 4, value.count == 4 else { return nil }
    self.init(
      rows: shapes.mul(query[0], query[1]), queries: query[2], keys: key[2], features: query[3],
      valueFeatures: value[3], shapes)
  }

  private func products(_ features: Int, _ valueFeatures: Int) -> SymInt {
    let width = shapes.add(
      shapes.mul(SymInt(features), self.features), shapes.mul(SymInt(valueFeatures), self.valueFeatures))
    return shapes.mul(2, shapes.product([rows, queries, keys, width]))
  }

  /// `q·kᵀ`, then the scores times `v`.
  var forward: SymInt { products(1, 1) }

  /// The scores again; then the gradients of scores and values, of queries and keys.
  var backward: SymInt { products(3, 2) }

  func repeated(_ times: SymInt) -> Attention {
    Attention(
      rows: shapes.mul(rows, times), queries: queries, keys: keys, features: features,
      valueFeatures: valueFeatures, shapes)
  }
}

extension CountedCall {
  fileprivate func fusedAttention(at first: Int) -> Attention? {
    guard let query = sizes(first, rank: 4), let key = sizes(first + 1, rank: 4),
      let value = sizes(first + 2, rank: 4)
    else { return nil }
    return Attention(query, key, value, shapes)
  }

  /// `scaled_dot_product_attention(query[…, q, d], key[…, k, d], value[…, k, e]) -> […, q, e]`, whichever kernel runs.
  fileprivate func attention() -> SymInt? {
    guard let query = tensor(0), let key = tensor(1), let value = tensor(2), query.rank >= 2, key.rank >= 2,
      value.rank >= 2, let output = results.first??.sizes, output.count >= 2
    else { return nil }
    return Attention(
      rows: product(output.dropLast(2)), queries: query.sizes[query.rank - 2], keys: key.sizes[key.rank - 2],
      features: query.sizes[query.rank - 1], valueFeatures: value.sizes[value.rank - 1], shapes
    ).forward
  }

  /// Attention over sequences of different lengths, packed one after another.
  ///
  /// There is one sequence fewer than offsets, and each counts as the longest. Without offsets it is one batch.
  ///
  /// - Source: `_unpack_flash_attention_nested_shapes`, `torch/utils/flop_counter.py`, for fake offsets.
  fileprivate func packedAttention(
    at first: Int, gradient: Int? = nil, lengths: (Int, Int), longest: (Int, Int), rank: Int
  ) -> SymInt? {
    guard let offsets = tensor(lengths.0) else {
      let attention = fusedAttention(at: first)
      return gradient == nil ? attention?.forward : attention?.backward
    }
    guard offsets.rank == 1, let query = sizes(first, rank: rank), let value = sizes(first + 2, rank: rank),
      let queries = integer(longest.0), let keys = integer(longest.1)
    else { return nil }
    let one = Attention(
      rows: query[rank - 2], queries: queries, keys: keys, features: query[rank - 1],
      valueFeatures: value[rank - 1], shapes)
    let all = one.repeated(shapes.sub(offsets.sizes[0], 1))
    return gradient == nil ? all.forward : all.backward
  }
}
