import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Linear layers, matrix products, attention and cells.
///
/// - Source: `torch/_decomp/decompositions.py` and `aten/src/ATen/native/Linear.cpp`, v2.13.
extension DecompositionTable {
  static let compositeProducts: [String: Row] = [
    "aten.linear.default": { t, c in
      .tensor(try t.linear(try c.tensor("input"), try c.tensor("weight"), c.optionalTensor("bias")))
    },
    "aten.matmul.default": { t, c in .tensor(try t.matmul(try c.tensor("self"), try c.tensor("other"))) },
    "aten.bilinear.default": { t, c in
      let (one, two, weight) = (try c.tensor("input1"), try c.tensor("input2"), try c.tensor("weight"))
      let flat = { (tensor: FakeTensor) in [SymInt(-1), tensor.sizes[tensor.rank - 1]] }
      let rows = try t.op("aten.view.default", one, flat(one))
      let columns = try t.op("aten.view.default", two, flat(two))
      let product = try t.op("aten._trilinear.default", rows, weight, columns, [1, 3], [0], [1, 2], [2, 3])
      let sizes = Array(one.sizes).dropLast() + [weight.sizes[0]]
      let result = try t.reshape(product, Array(sizes))
      return .tensor(try c.optionalTensor("bias").map { try t.op("aten.add.Tensor", result, $0) } ?? result)
    },
    "aten.lstm_cell.default": { t, c in
      let state = c.tensors("hx")
      guard state.count == 2 else { return nil }
      let hidden = try t.linear(state[0], try c.tensor("w_hh"), c.optionalTensor("b_hh"))
      let input = try t.linear(try c.tensor("input"), try c.tensor("w_ih"), c.optionalTensor("b_ih"))
      let gates = try t.op("aten.add.Tensor", hidden, input)
      guard let size = gates.sizes[1].constant else { return nil }
      let parts = try t.ops(
        "aten.split_with_sizes.default", gates, [Int](repeating: size / 4, count: 4), 1)
      guard parts.count == 4 else { return nil }
      let inGate = try t.op("aten.sigmoid.default", parts[0])
      let forget = try t.op("aten.sigmoid.default", parts[1])
      let cell = try t.op("aten.tanh.default", parts[2])
      let outGate = try t.op("aten.sigmoid.default", parts[3])
      let kept = try t.op("aten.mul.Tensor", forget, state[1])
      let added = try t.op("aten.mul.Tensor", inGate, cell)
      let newCell = try t.op("aten.add.Tensor", kept, added)
      let result = try t.op("aten.mul.Tensor", outGate, try t.op("aten.tanh.default", newCell))
      return .tuple([.tensor(result), .tensor(newCell)])
    },
    "aten.scaled_dot_product_attention.default": { t, c in try t.attention(c) },
    "aten.einsum.default": { t, c in try Einsum(c)?.apply(t, c.tensors("tensors")).map { .tensor($0) } },
  ]
}

extension Rewriter {
  func linear(_ input: FakeTensor, _ weight: FakeTensor, _ bias: FakeTensor?) throws -> FakeTensor {
    if let bias, input.rank == 2 {
      return try op("aten.addmm.default", bias, input, try op("aten.t.default", weight))
    }
    if let bias, input.rank >= 3, bias.rank == 1, shapes.geometry.isContiguous(input) {
      let sizes = Array(input.sizes)
      let rows = try product(Array(sizes.dropLast()))
      let flat = try reshape(input, [rows, sizes[sizes.count - 1]])
      let result = try op("aten.addmm.default", bias, flat, try op("aten.t.default", weight))
      return try op("aten.view.default", result, sizes.dropLast() + [result.sizes[1]])
    }
    let result = try matmul(input, try op("aten.t.default", weight))
    return try bias.map { try op("aten.add.Tensor", result, $0) } ?? result
  }

  func matmul(_ one: FakeTensor, _ other: FakeTensor) throws -> FakeTensor {
    switch (one.rank, other.rank) {
    case (1, 1): return try op("aten.dot.default", one, other)
    case (2, 1): return try op("aten.mv.default", one, other)
    case (1, 2):
      let product = try op("aten.mm.default", try op("aten.unsqueeze.default", one, 0), other)
      return try op("aten.squeeze.dim", product, 0)
    case (2, 2): return try op("aten.mm.default", one, other)
    default: return foldsRows(one, other) ? try foldedProduct(one, other) : try batchedProduct(one, other)
    }
  }

  /// Whether the leading dims of a contiguous tensor are flattened.
  private func foldsRows(_ one: FakeTensor, _ other: FakeTensor) -> Bool {
    let (large, small) = one.rank >= other.rank ? (one, other) : (other, one)
    return large.rank >= 3 && small.rank <= 2 && one.rank != 2 && shapes.geometry.isContiguous(large)
  }

  private func foldedProduct(_ one: FakeTensor, _ other: FakeTensor) throws -> FakeTensor {
    let isTransposed = other.rank > one.rank
    let large = isTransposed ? try transpose(other, -2, -1) : one
    let small = isTransposed ? one : other
    var sizes = Array(large.sizes)
    let inner = sizes.removeLast()
    let rows = try product(sizes)
    if small.rank == 2 { sizes.append(small.sizes[1]) }
    let flat = try reshape(large, [rows, inner])
    let result = try op(small.rank == 2 ? "aten.mm.default" : "aten.mv.default", flat, small)
    let raised = try op("aten._unsafe_view.default", result, sizes)
    return isTransposed && small.rank == 2 ? try transpose(raised, -2, -1) : raised
  }

  private func batchedProduct(_ one: FakeTensor, _ other: FakeTensor) throws -> FakeTensor {
    let rows = one.rank > 1 ? one.sizes[one.rank - 2] : 1
    let (inner, innerOther) = (one.sizes[one.rank - 1], other.sizes[max(other.rank - 2, 0)])
    let columns = other.rank > 1 ? other.sizes[other.rank - 1] : 1
    let batch = try broadcast(Array(one.sizes.dropLast(2)), Array(other.sizes.dropLast(2)))
    let count = try product(batch)
    let left = try reshape(
      try op("aten.expand.default", one, batch + [rows, inner]), [count, rows, inner])
    var right: FakeTensor
    if other.rank == 1 {
      right = try op("aten.expand.default", other, batch + [innerOther])
      right = try op("aten.unsqueeze.default", try reshape(right, [count, innerOther]), 2)
    } else {
      right = try op("aten.expand.default", other, batch + [innerOther, columns])
      right = try reshape(right, [count, innerOther, columns])
    }
    var product = try op("aten.bmm.default", left, right)
    if other.rank == 1 { product = try op("aten.squeeze.dim", product, -1) }
    let sizes = batch + (one.rank > 1 ? [rows] : []) + (other.rank > 1 ? [columns] : [])
    return try op("aten.view.default", product, sizes)
  }

  private func broadcast(_ one: [SymInt], _ other: [SymInt]) throws -> [SymInt] {
    let count = max(one.count, other.count)
    let padded = [one, other].map { [SymInt](repeating: 1, count: count - $0.count) + $0 }
    return try zip(padded[0], padded[1]).map { left, right in
      if left.constant == 1 { return right }
      guard right.constant == 1 || isSame(left, right) else {
        throw ProgramPassError(
          "batches of sizes \(shapes.text(of: left)) and \(shapes.text(of: right)) do not broadcast")
      }
      return left
    }
  }

  /// Attention as matrix products, with the layout of the CPU kernel.
  ///
  /// - Source: `_scaled_dot_product_attention_math` in `aten/src/ATen/native/transformers/attention.cpp`, v2.13.
  func attention(_ c: BoundCall) throws -> FakeValue? {
    let (query, key, value) = (try c.tensor("query"), try c.tensor("key"), try c.tensor("value"))
    guard c.double("dropout_p") == 0, !c.bool("enable_gqa"), let size = query.sizes[query.rank - 1].constant
    else { return nil }
    var mask = c.optionalTensor("attn_mask")
    if let given = mask, given.dtype.isBool { mask = try additive(given, query) }
    let scale = (c.double("scale") ?? 1 / Double(size).squareRoot()).squareRoot()
    let scaledQuery = try op("aten.mul.Scalar", query, scale)
    if c.bool("is_causal") {
      let sizes = [query.sizes[query.rank - 2], key.sizes[key.rank - 2]]
      let ones = try op(
        "aten.full.default", sizes, true,
        kwargs: [
          "dtype": ScalarType.bool, "layout": Layout.strided, "device": query.device, "pin_memory": false,
        ])
      mask = try additive(try op("aten.tril.default", ones), query)
    }
    let turned = try op("aten.transpose.int", key, -2, -1)
    let scaledKey = try op("aten.mul.Scalar", turned, scale)
    var scores = try matmul(scaledQuery, scaledKey)
    if let mask { scores = try op("aten.add.Tensor", scores, mask) }
    let weights = try op("aten._softmax.default", scores, -1, false)
    let masked = try op("aten.eq.Scalar", scores, -Double.infinity)
    let anyKept = try op("aten.any.dim", try op("aten.logical_not.default", masked), -1, true)
    let isEmpty = try op("aten.logical_not.default", anyKept)
    let zeros = try op("aten.zeros_like.default", weights)
    let safe = try op("aten.where.self", isEmpty, zeros, weights)
    let result = try matmul(safe, value)
    guard query.rank == 4 else { return .tensor(result) }
    let moved = try op("aten.permute.default", result, [2, 0, 1, 3])
    let copy = try op("aten.clone.default", moved, kwargs: ["memory_format": MemoryFormat.contiguous])
    return .tensor(try op("aten.permute.default", copy, [1, 2, 0, 3]))
  }

  /// A mask that is added: nothing where it is true, minus infinity where not.
  private func additive(_ mask: FakeTensor, _ like: FakeTensor) throws -> FakeTensor {
    let low = try op(
      "aten.scalar_tensor.default", -Double.infinity, kwargs: ["dtype": like.dtype, "device": like.device])
    return try select(mask, .float(0), low)
  }
}
