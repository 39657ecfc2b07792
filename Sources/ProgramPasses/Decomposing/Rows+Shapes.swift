import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Ranks, stacks and products of tensors by their shapes.
///
/// - Source: `torch/_refs/__init__.py`, `aten/src/ATen/native/TensorShape.cpp` and `Linear.cpp`, v2.13.
extension DecompositionTable {
  static let aliasingShapes: [String: Row] = [
    "aten.atleast_1d.default": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(tensor.rank > 0 ? tensor : try t.reshape(tensor, [1]))
    },
    "aten.atleast_2d.default": { t, c in
      let tensor = try c.tensor("self")
      switch tensor.rank {
      case 0: return .tensor(try t.reshape(tensor, [1, 1]))
      case 1: return .tensor(try t.op("aten.unsqueeze.default", tensor, 0))
      default: return .tensor(tensor)
      }
    },
    "aten.atleast_3d.default": { t, c in .tensor(try t.atLeast3(try c.tensor("self"))) },
    "aten.ravel.default": { t, c in
      let whole = try t.op("aten.contiguous.default", try c.tensor("self"))
      return .tensor(try t.op("aten.view.default", whole, [-1]))
    },
    "aten.real.default": { t, c in try t.complexPart(c, 0) },
    "aten.imag.default": { t, c in try t.complexPart(c, 1) },
    "aten.detach_.default": { _, c in .tensor(try c.tensor("self")) },
  ]

  static let compositeShapes: [String: Row] = [
    "aten.dstack.default": { t, c in
      .tensor(try t.op("aten.cat.default", try c.tensors("tensors").map { try t.atLeast3($0) }, 2))
    },
    "aten.column_stack.default": { t, c in
      let columns = try c.tensors("tensors").map { tensor in
        switch tensor.rank {
        case 0: try t.reshape(tensor, [1, 1])
        case 1: try t.reshape(tensor, [tensor.sizes[0], 1])
        default: tensor
        }
      }
      return .tensor(try t.op("aten.cat.default", columns, 1))
    },
    "aten.kron.default": { t, c in
      let (one, two) = (try c.tensor("self"), try c.tensor("other"))
      let rank = max(one.rank, two.rank)
      func padded(_ tensor: FakeTensor) -> [SymInt] {
        [SymInt](repeating: 1, count: rank - tensor.rank) + Array(tensor.sizes)
      }
      let (left, right) = (padded(one), padded(two))
      let spread: [SymInt] = left.flatMap { [$0, SymInt(1)] }
      let repeated: [SymInt] = right.flatMap { [SymInt(1), $0] }
      let product = try t.op(
        "aten.mul.Tensor", try t.reshape(one, spread), try t.reshape(two, repeated))
      return .tensor(
        try t.op("aten.view.default", product, try zip(left, right).map { try t.mul($0, $1) }))
    },
    "aten.where.default": { t, c in
      try t.call("aten.nonzero_numpy.default", [try c.tensor("condition")])
    },
    "aten.nonzero_numpy.default": { t, c in
      let tensor = try c.tensor("self")
      guard tensor.rank > 0 else { return nil }
      return try t.call("aten.unbind.int", [try t.op("aten.nonzero.default", tensor), 1])
    },
    "aten.take_along_dim.default": { t, c in
      guard case .symInt(let number) = c["dim"], let given = number.constant else { return nil }
      let (tensor, indices) = (try c.tensor("self"), try c.tensor("indices"))
      let dim = wrap(given, tensor.rank)
      guard tensor.rank == indices.rank, let size = tensor.sizes[dim].constant else { return nil }
      // Both are broadcast in all other dims.
      var (own, others) = (Array(tensor.sizes), Array(indices.sizes))
      for place in own.indices where place != dim {
        let size = own[place].constant == 1 ? others[place] : own[place]
        (own[place], others[place]) = (size, size)
      }
      let wide = try t.op("aten.expand.default", indices, others)
      let source = try t.op("aten.expand.default", tensor, own)
      let places = try t.op("aten.remainder.Scalar", wide, size)
      return .tensor(try t.op("aten.gather.default", source, dim, places))
    },
    "aten.argsort.default": { t, c in
      let results = try t.ops("aten.sort.default", try c.tensor("self"), c["dim"], c["descending"])
      return results.count == 2 ? .tensor(results[1]) : nil
    },
    "aten.linalg_norm.default": { t, c in
      guard c["ord"].isNone, c["dim"].isNone, c["dtype"].isNone else { return nil }
      return .tensor(
        c.bool("keepdim")
          ? try t.op("aten.linalg_vector_norm.default", try c.tensor("self"), 2.0, nil, true)
          : try t.op("aten.linalg_vector_norm.default", try c.tensor("self"), 2.0))
    },
    "aten._weight_norm.default": { t, c in
      let (v, g, dim) = (try c.tensor("v"), try c.tensor("g"), try c.int("dim"))
      let others = Array(0..<v.rank).filter { $0 != wrap(dim, v.rank) }
      let norm = try t.op("aten.linalg_vector_norm.default", v, 2, others, true)
      return .tensor(try t.op("aten.mul.Tensor", v, try t.op("aten.div.Tensor", g, norm)))
    },
    "aten.soft_margin_loss.default": { t, c in
      let product = try t.op(
        "aten.mul.Tensor", try t.op("aten.neg.default", try c.tensor("self")), try c.tensor("target"))
      let loss = try t.op("aten.log1p.default", try t.op("aten.exp.default", product))
      return .tensor(try t.reduced(loss, c["reduction"]))
    },
    "aten.max_pool3d.default": { t, c in
      let results = try t.ops(
        "aten.max_pool3d_with_indices.default", try c.tensor("self"), c["kernel_size"], c["stride"],
        c["padding"],
        c["dilation"], c["ceil_mode"])
      return results.first.map { .tensor($0) }
    },
    "aten.adaptive_avg_pool3d.default": { t, c in
      guard c.ints("output_size").map({ $0.allSatisfy { $0 == 1 } }) == true else { return nil }
      return .tensor(try t.op("aten.mean.dim", try c.tensor("self"), [-1, -2, -3], true))
    },
    "aten.isclose.default": { t, c in
      let (one, two) = (try c.tensor("self"), try c.tensor("other"))
      guard one.dtype == two.dtype, one.dtype == .float32 || one.dtype == .float64, !c.bool("equal_nan")
      else {
        return nil
      }
      let isEqual = try t.op("aten.eq.Tensor", one, two)
      let relative = try t.op("aten.abs.default", try t.op("aten.mul.Scalar", two, c["rtol"]))
      let allowed = try t.op("aten.add.Scalar", relative, c["atol"])
      let difference = try t.op("aten.abs.default", try t.op("aten.sub.Tensor", one, two))
      let isFinite = try t.finite(difference)
      let isClose = try t.op(
        "aten.bitwise_and.Tensor", isFinite, try t.op("aten.le.Tensor", difference, allowed))
      return .tensor(try t.op("aten.bitwise_or.Tensor", isEqual, isClose))
    },
  ]
}

extension Rewriter {
  fileprivate func atLeast3(_ tensor: FakeTensor) throws -> FakeTensor {
    switch tensor.rank {
    case 0: return try reshape(tensor, [1, 1, 1])
    case 1: return try op("aten.unsqueeze.default", try op("aten.unsqueeze.default", tensor, 0), -1)
    case 2: return try op("aten.unsqueeze.default", tensor, -1)
    default: return tensor
    }
  }

  /// The real or imaginary part of a complex tensor.
  fileprivate func complexPart(_ c: BoundCall, _ part: Int) throws -> FakeValue? {
    let tensor = try c.tensor("self")
    guard tensor.dtype.isComplex else { return part == 0 ? .tensor(tensor) : nil }
    return .tensor(try op("aten.select.int", try op("aten.view_as_real.default", tensor), tensor.rank, part))
  }

  /// Where a tensor is neither infinite nor NaN.
  func finite(_ tensor: FakeTensor) throws -> FakeTensor {
    let isInfinite = try op("aten.ne.Scalar", try op("aten.abs.default", tensor), Double.infinity)
    return try op("aten.mul.Tensor", try op("aten.eq.Tensor", tensor, tensor), isInfinite)
  }

  /// The mean, the sum or the values themselves, as a loss asks for.
  fileprivate func reduced(_ loss: FakeTensor, _ reduction: FakeValue) throws -> FakeTensor {
    guard case .symInt(let number) = reduction else { return loss }
    switch number.constant {
    case 1: return try op("aten.mean.default", loss)
    case 2: return try op("aten.sum.default", loss)
    default: return loss
    }
  }
}
