import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Functions of elements, writes at indices, padding and factories.
///
/// - Source: `torch/_refs/__init__.py`, `torch/_decomp/decompositions.py`, v2.13.
extension DecompositionTable {
  static let coreElements: [String: Row] = [
    "aten.frac.default": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(try t.op("aten.sub.Tensor", tensor, try t.op("aten.trunc.default", tensor)))
    },
    "aten.sgn.default": { t, c in
      let tensor = try c.tensor("self")
      return tensor.dtype.isComplex ? nil : .tensor(try t.op("aten.sign.default", tensor))
    },
    "aten.deg2rad.default": { t, c in try t.scaled(c, .pi / 180) },
    "aten.rad2deg.default": { t, c in try t.scaled(c, 180 / .pi) },
    "aten.sinc.default": { t, c in
      let tensor = try c.tensor("self")
      guard tensor.dtype.isFloatingPoint else { return nil }
      let angle = try t.op("aten.mul.Tensor", tensor, Double.pi)
      let isZero = try t.op("aten.eq.Scalar", angle, 0)
      let value = try t.op("aten.div.Tensor", try t.op("aten.sin.default", angle), angle)
      return .tensor(try t.select(isZero, .symInt(1), value))
    },
    "aten.heaviside.default": { t, c in
      let (tensor, atZero) = (try c.tensor("self"), try c.tensor("values"))
      let isZero = try t.op("aten.eq.Scalar", tensor, 0)
      let isNegative = try t.op("aten.lt.Scalar", tensor, 0)
      let isNone = try t.op("aten.logical_or.default", isNegative, try t.op("aten.isnan.default", tensor))
      func number(_ value: Int) throws -> FakeTensor {
        try t.op(
          "aten.scalar_tensor.default", value,
          kwargs: ["dtype": ScalarType.int64, "layout": Layout.strided, "device": tensor.device])
      }
      let one = try number(1)
      let step = try t.op("aten.where.self", isNone, try number(0), one)
      return .tensor(try t.op("aten.where.self", isZero, atZero, step))
    },
    "aten.logaddexp.default": { t, c in
      let (one, two) = (try c.tensor("self"), try c.tensor("other"))
      guard one.dtype.isFloatingPoint, one.dtype == two.dtype else { return nil }
      let isFirst = try t.op("aten.ge.Tensor", one, two)
      let high = try t.op("aten.where.self", isFirst, one, two)
      let low = try t.op("aten.where.self", isFirst, two, one)
      let isInfinite = try t.op("aten.logical_not.default", try t.finite(one))
      let isSame = try t.op("aten.logical_and.default", isInfinite, try t.op("aten.eq.Tensor", one, two))
      let rest = try t.op("aten.exp.default", try t.op("aten.sub.Tensor", low, high))
      let sum = try t.op("aten.add.Tensor", high, try t.op("aten.log1p.default", rest))
      return .tensor(try t.op("aten.where.self", isSame, one, sum))
    },
    "aten.nansum.default": { t, c in
      let tensor = try c.tensor("self")
      guard tensor.dtype.isFloatingPoint, c["dtype"].isNone else { return nil }
      let known = try t.select(try t.op("aten.isnan.default", tensor), .symInt(0), tensor)
      return .tensor(
        c.bool("keepdim")
          ? try t.op("aten.sum.dim_IntList", known, c["dim"], true)
          : try t.op("aten.sum.dim_IntList", known, c["dim"]))
    },
    "aten.index_add.default": { t, c in
      var source = try c.tensor("source")
      if c.double("alpha") != 1 { source = try t.op("aten.mul.Tensor", source, c["alpha"]) }
      return try t.put(source, c, adds: true)
    },
    "aten.index_copy.default": { t, c in try t.put(try c.tensor("source"), c, adds: false) },
    "aten.index_fill.int_Scalar": { t, c in
      let tensor = try c.tensor("self")
      let (index, dim) = (try c.tensor("index"), wrap(try c.int("dim"), tensor.rank))
      guard tensor.rank > 0, index.rank == 1 else { return nil }
      let number = try t.op(
        "aten.scalar_tensor.default", c["value"],
        kwargs: [
          "dtype": tensor.dtype, "layout": Layout.strided, "device": tensor.device, "pin_memory": false,
        ])
      var sizes = Array(tensor.sizes)
      sizes[dim] = index.sizes[0]
      return try t.put(try t.op("aten.expand.default", number, sizes), c, adds: false)
    },
    "aten.take.default": { t, c in
      let flat = try t.op("aten.view.default", try c.tensor("self"), [-1])
      return try t.call("aten.index.Tensor", [flat, [try c.tensor("index")]])
    },
    "aten.rot90.default": { t, c in
      let tensor = try c.tensor("self")
      guard let dims = c.ints("dims"), dims.count == 2 else { return nil }
      switch ((try c.int("k")) % 4 + 4) % 4 {
      case 1:
        return .tensor(
          try t.op("aten.transpose.int", try t.op("aten.flip.default", tensor, [dims[1]]), dims[0], dims[1]))
      case 2: return .tensor(try t.op("aten.flip.default", tensor, dims))
      case 3:
        return .tensor(
          try t.op("aten.transpose.int", try t.op("aten.flip.default", tensor, [dims[0]]), dims[0], dims[1]))
      default:
        return .tensor(
          try t.op("aten.clone.default", tensor, kwargs: ["memory_format": MemoryFormat.contiguous]))
      }
    },
    "aten.select_scatter.default": { t, c in
      let (tensor, source) = (try c.tensor("self"), try c.tensor("src"))
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard case .symInt(let index) = c["index"], let given = index.constant,
        let size = tensor.sizes[dim].constant
      else { return nil }
      var shape = [Int](repeating: 1, count: tensor.rank)
      shape[dim] = -1
      let places = try t.op("aten.view.default", try t.counting(SymInt(size), tensor.device), shape)
      let isThere = try t.op("aten.eq.Scalar", places, given < 0 ? given + size : given)
      let raised = try t.op("aten.unsqueeze.default", source, dim)
      let wide = try t.op("aten.expand.default", raised, Array(tensor.sizes))
      return .tensor(try t.op("aten.where.self", isThere, wide, tensor))
    },
    "aten.diag_embed.default": { t, c in
      let tensor = try c.tensor("self")
      let rank = tensor.rank + 1
      guard try c.int("offset") == 0, tensor.rank > 0, wrap(try c.int("dim1"), rank) == rank - 2,
        wrap(try c.int("dim2"), rank) == rank - 1
      else { return nil }
      let size = tensor.sizes[tensor.rank - 1]
      let raised = try t.op("aten.unsqueeze.default", tensor, rank - 2)
      let moved = try t.op("aten.permute.default", raised, Array(0..<rank))
      func count() throws -> FakeTensor { try t.counting(size, tensor.device, .int64) }
      let (across, down) = (try count(), try count())
      let hits = try t.op("aten.eq.Tensor", across, try t.op("aten.unsqueeze.default", down, -1))
      let shape = [SymInt](repeating: 1, count: rank - 2) + [size, size]
      return .tensor(
        try t.select(
          try t.op("aten.view.default", hits, shape), moved,
          orElse: tensor.dtype.isBool ? .bool(false) : .symInt(0)))
    },
    "aten.zero.default": { t, c in
      .tensor(
        try t.op(
          "aten.full_like.default", try c.tensor("self"), 0,
          kwargs: ["pin_memory": false, "memory_format": MemoryFormat.preserve]))
    },
    "aten.fill.Scalar": { t, c in
      .tensor(
        try t.op("aten.full_like.default", try c.tensor("self"), c["value"], kwargs: ["pin_memory": false]))
    },
    "aten.fill.Tensor": { t, c in
      .tensor(try t.op("aten.copy.default", try c.tensor("self"), try c.tensor("value")))
    },
    "aten.empty_like.default": { t, c in try t.emptyLike(c) },
    "aten.eye.m": { t, c in
      guard let rows = c.sizes("n")?.first, let columns = c.sizes("m")?.first else { return nil }
      return .tensor(try t.identity(rows, columns, c))
    },
    "aten.eye.default": { t, c in
      guard let size = c.sizes("n")?.first else { return nil }
      return .tensor(try t.identity(size, size, c))
    },
    "aten.reflection_pad1d.default": { t, c in try t.padded(c, t.reflected) },
    "aten.reflection_pad2d.default": { t, c in try t.padded(c, t.reflected) },
    "aten.reflection_pad3d.default": { t, c in try t.padded(c, t.reflected) },
    "aten.replication_pad1d.default": { t, c in try t.padded(c, t.clamped) },
    "aten.replication_pad2d.default": { t, c in try t.padded(c, t.clamped) },
    "aten.replication_pad3d.default": { t, c in try t.padded(c, t.clamped) },
  ]
}

extension Rewriter {
  fileprivate func scaled(_ c: BoundCall, _ factor: Double) throws -> FakeValue? {
    let tensor = try c.tensor("self")
    return tensor.dtype.isFloatingPoint ? .tensor(try op("aten.mul.Tensor", tensor, factor)) : nil
  }

  /// Writes to the places of a dim that the argument `index` lists.
  fileprivate func put(_ source: FakeTensor, _ c: BoundCall, adds: Bool) throws -> FakeValue? {
    let tensor = try c.tensor("self")
    guard tensor.rank > 0 else { return nil }
    let dim = DecompositionTable.wrap(try c.int("dim"), tensor.rank)
    let places = [FakeTensor?](repeating: nil, count: dim) + [try c.tensor("index")]
    return adds
      ? try call("aten.index_put.default", [tensor, places, source, true])
      : try call("aten.index_put.default", [tensor, places, source])
  }

  fileprivate func emptyLike(_ c: BoundCall) throws -> FakeValue? {
    let like = try c.tensor("self")
    let options: KeyValuePairs<String, (any RewriterOperand)?> = [
      "dtype": c.dtype("dtype") ?? like.dtype, "layout": Layout.strided,
      "device": c["device"].isNone ? .device(like.device) : c["device"], "pin_memory": false,
    ]
    if case .memoryFormat(let format) = c["memory_format"], format != .preserve {
      return .tensor(
        try op(
          "aten.empty.memory_format", Array(like.sizes),
          kwargs: [
            "dtype": options[0].value, "layout": Layout.strided, "device": options[2].value,
            "pin_memory": false,
            "memory_format": format,
          ]))
    }
    guard let order = physicalOrder(of: like) else { return nil }
    return .tensor(try op("aten.empty_permuted.default", Array(like.sizes), order, kwargs: options))
  }

  /// The dims of a tensor without gaps, outermost in memory first; `nil` if its strides do not say.
  private func physicalOrder(of tensor: FakeTensor) -> [Int]? {
    if shapes.geometry.isContiguous(tensor) { return Array(0..<tensor.rank) }
    let strides = tensor.strides.compactMap(\.constant)
    guard strides.count == tensor.rank, Set(strides).count == tensor.rank, !strides.contains(0) else {
      return nil
    }
    return strides.indices.sorted { strides[$0] > strides[$1] }
  }

  fileprivate func identity(_ rows: SymInt, _ columns: SymInt, _ c: BoundCall) throws -> FakeTensor {
    let device: Device
    if case .device(let given) = c["device"] { device = given } else { device = .cpu }
    let down = try counting(rows, device, .uint8)
    let across = try counting(columns, device, .uint8)
    let hits = try op("aten.eq.Tensor", try op("aten.unsqueeze.default", down, -1), across)
    return try op("aten._to_copy.default", hits, kwargs: ["dtype": c.dtype("dtype") ?? .float32])
  }

  /// Pads the last dims, each by the elements at the places that `source` computes from those of the result.
  fileprivate func padded(
    _ c: BoundCall, _ source: (FakeTensor, Int) throws -> FakeTensor
  ) throws -> FakeValue? {
    var tensor = try c.tensor("self")
    guard let padding = c.ints("padding"), padding.count % 2 == 0, padding.count / 2 <= tensor.rank else {
      return nil
    }
    let count = padding.count / 2
    guard tensor.sizes.suffix(count).allSatisfy({ $0.constant != nil }) else { return nil }
    for place in 0..<count {
      let dim = tensor.rank - count + place
      guard let size = tensor.sizes[dim].constant else { return nil }
      let (before, after) = (padding[2 * (count - 1 - place)], padding[2 * (count - 1 - place) + 1])
      let places = try op(
        "aten.arange.start_step", -before, size + after,
        kwargs: ["layout": Layout.strided, "device": tensor.device, "pin_memory": false])
      var indices = [FakeTensor?](repeating: nil, count: tensor.rank)
      indices[dim] = try source(places, size)
      guard let next = try call("aten.index.Tensor", [tensor, indices]).tensor else { return nil }
      tensor = next
    }
    return .tensor(tensor)
  }

  fileprivate func reflected(_ places: FakeTensor, _ size: Int) throws -> FakeTensor {
    let inner = try op("aten.sub.Tensor", size - 1, try op("aten.abs.default", places))
    return try op("aten.sub.Tensor", size - 1, try op("aten.abs.default", inner))
  }

  fileprivate func clamped(_ places: FakeTensor, _ size: Int) throws -> FakeTensor {
    try op("aten.clamp.default", places, 0, size - 1)
  }
}
