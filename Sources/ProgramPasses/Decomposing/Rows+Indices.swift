import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Views by name, triangles, shuffles, factories and the like.
///
/// - Source: `torch/_refs/__init__.py`, `torch/_decomp/decompositions.py`, v2.13.
extension DecompositionTable {
  static let aliasingNames: [String: Row] = [
    "aten.numpy_T.default": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(try t.op("aten.permute.default", tensor, Array((0..<tensor.rank).reversed())))
    },
    "aten.mT.default": { t, c in .tensor(try t.op("aten.transpose.int", try c.tensor("self"), -2, -1)) },
    "aten.tensor_split.sections": { t, c in
      let (tensor, count) = (try c.tensor("self"), try c.int("sections"))
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard let size = tensor.sizes[dim].constant, count > 0 else { return nil }
      var start = 0
      return .list(
        try (0..<count).map { part in
          let end = start + size / count + (part < size % count ? 1 : 0)
          defer { start = end }
          return .tensor(try t.op("aten.slice.Tensor", tensor, dim, start, end))
        })
    },
    "aten.meshgrid.indexing": { t, c in
      let tensors = c.tensors("tensors")
      guard c.string("indexing") == "ij", tensors.allSatisfy({ $0.rank == 1 }) else { return nil }
      let sizes = tensors.map { $0.sizes[0] }
      return .list(
        try tensors.enumerated().map { place, tensor in
          var shape = [Int](repeating: 1, count: tensors.count)
          shape[place] = -1
          return .tensor(
            try t.op("aten.expand.default", try t.op("aten.view.default", tensor, shape), sizes))
        })
    },
  ]

  static let compositeIndices: [String: Row] = [
    "aten.pad.default": { t, c in
      if c.string("mode") != "constant" {
        let count = (c.sizes("pad") ?? []).count / 2
        let kind = ["reflect": "reflection", "replicate": "replication"][c.string("mode")]
        guard let kind, (1...3).contains(count) else { return nil }
        return .tensor(
          try t.op("aten.\(kind)_pad\(count)d.default", try c.tensor("self"), c["pad"]))
      }
      return .tensor(
        try t.op(
          "aten.constant_pad_nd.default", try c.tensor("self"), c["pad"],
          c["value"].isNone ? .float(0) : c["value"]))
    },
    "aten.prelu.default": { t, c in
      let (input, weight) = (try c.tensor("self"), try c.tensor("weight"))
      guard input.rank >= 2, weight.rank == 1 else { return nil }
      var shape = [SymInt](repeating: 1, count: input.rank)
      shape[1] = weight.sizes[0]
      let slope = try t.op("aten.view.default", weight, shape)
      let isPositive = try t.op("aten.gt.Scalar", input, 0)
      return .tensor(
        try t.op("aten.where.self", isPositive, input, try t.op("aten.mul.Tensor", slope, input)))
    },
    "aten.outer.default": { t, c in
      let (one, two) = (try c.tensor("self"), try c.tensor("vec2"))
      return .tensor(
        try t.op("aten.mul.Tensor", try t.op("aten.view.default", one, [one.sizes[0], SymInt(1)]), two))
    },
    "aten.hstack.default": { t, c in
      let tensors = c.tensors("tensors")
      guard let first = tensors.first, first.rank > 0 else { return nil }
      return try t.call("aten.cat.default", [tensors, first.rank == 1 ? 0 : 1])
    },
    "aten.vstack.default": { t, c in
      let tensors = c.tensors("tensors")
      guard tensors.allSatisfy({ $0.rank >= 2 }) else { return nil }
      return try t.call("aten.cat.default", [tensors])
    },
    "aten.cdist.default": { t, c in
      try t.call(
        "aten._cdist_forward.default", [try c.tensor("x1"), try c.tensor("x2"), c["p"], c["compute_mode"]])
    },
    "aten.embedding_bag.padding_idx": { t, c in
      try t.call(
        "aten._embedding_bag.default",
        [
          try c.tensor("weight"), try c.tensor("indices"), try c.tensor("offsets"), c["scale_grad_by_freq"],
          c["mode"], c["sparse"], c["per_sample_weights"], c["include_last_offset"],
          c["padding_idx"].isNone ? .symInt(-1) : c["padding_idx"],
        ])
    },
    "aten.repeat_interleave.self_int": { t, c in
      let tensor = try c.tensor("self")
      guard case .symInt(let number) = c["dim"], let given = number.constant,
        let count = c.sizes("repeats")?.first
      else { return nil }
      let dim = wrap(given, tensor.rank)
      var sizes = Array(tensor.sizes)
      sizes.insert(count, at: dim + 1)
      let raised = try t.op("aten.unsqueeze.default", tensor, dim + 1)
      let wide = try t.op("aten.expand.default", raised, sizes)
      let copy = try t.op("aten.clone.default", wide, kwargs: ["memory_format": MemoryFormat.contiguous])
      var joined = Array(tensor.sizes)
      joined[dim] = try t.mul(joined[dim], count)
      return .tensor(try t.reshape(copy, joined))
    },
    "aten.channel_shuffle.default": { t, c in
      let (tensor, groups) = (try c.tensor("self"), try c.int("groups"))
      guard tensor.rank >= 3, let channels = tensor.sizes[1].constant, groups > 0 else { return nil }
      let rest = Array(tensor.sizes.dropFirst(2))
      let parts = [tensor.sizes[0], SymInt(groups), SymInt(channels / groups)] + rest
      let raised = try t.op("aten.view.default", tensor, parts)
      let order = [0, 2, 1] + Array(3..<(tensor.rank + 1))
      return .tensor(try t.reshape(try t.op("aten.permute.default", raised, order), Array(tensor.sizes)))
    },
    "aten.where.ScalarOther": { t, c in
      .tensor(try t.select(try c.tensor("condition"), try c.tensor("self"), orElse: c["other"]))
    },
    "aten.where.ScalarSelf": { t, c in
      .tensor(try t.select(try c.tensor("condition"), c["self"], try c.tensor("other")))
    },
  ]

  static let coreIndices: [String: Row] = [
    "aten.tril.default": { t, c in try t.triangle(c, "aten.le.Scalar") },
    "aten.triu.default": { t, c in try t.triangle(c, "aten.ge.Scalar") },
    "aten.roll.default": { t, c in
      let tensor = try c.tensor("self")
      guard let shifts = c.ints("shifts"), let dims = c.ints("dims"), shifts.count == 1, dims.count == 1
      else {
        return nil
      }
      let dim = wrap(dims[0], tensor.rank)
      guard let size = tensor.sizes[dim].constant, size > 0 else { return nil }
      let start = (size - shifts[0] % size) % size
      let moved = try t.op("aten.add.Tensor", try t.counting(SymInt(size), tensor.device), start)
      return .tensor(
        try t.op("aten.index_select.default", tensor, dim, try t.op("aten.fmod.Scalar", moved, size)))
    },
    "aten.mish.default": { t, c in
      let input = try c.tensor("self")
      guard input.dtype == .float32 || input.dtype == .float64 else { return nil }
      let soft = try t.op("aten.softplus.default", input)
      return .tensor(try t.op("aten.mul.Tensor", input, try t.op("aten.tanh.default", soft)))
    },
    "aten.celu.default": { t, c in
      let input = try c.tensor("self")
      guard c.double("alpha") == 1 else { return nil }
      let low = try t.op("aten.expm1.default", input)
      return .tensor(try t.op("aten.where.self", try t.op("aten.gt.Scalar", input, 0), input, low))
    },
    "aten.glu.default": { t, c in
      let tensor = try c.tensor("self")
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard let size = tensor.sizes[dim].constant else { return nil }
      let half = try t.op("aten.slice.Tensor", tensor, dim, 0, size / 2)
      let gate = try t.op("aten.slice.Tensor", tensor, dim, size / 2, size)
      return .tensor(try t.op("aten.mul.Tensor", half, try t.op("aten.sigmoid.default", gate)))
    },
    "aten.hardshrink.default": { t, c in
      let input = try c.tensor("self")
      let isSmall = try t.op("aten.le.Scalar", try t.op("aten.abs.default", input), c["lambd"])
      return .tensor(try t.select(isSmall, .symInt(0), input))
    },
    "aten.softshrink.default": { t, c in
      let input = try c.tensor("self")
      let isLarge = try t.op("aten.gt.Scalar", try t.op("aten.abs.default", input), c["lambd"])
      let step = try t.op("aten.mul.Tensor", try t.op("aten.sign.default", input), c["lambd"])
      let shrunk = try t.op("aten.sub.Tensor", input, step)
      return .tensor(
        try t.op("aten.where.self", isLarge, shrunk, try t.op("aten.mul.Tensor", input, 0)))
    },
    "aten.lerp.Scalar": { t, c in
      let (start, end) = (try c.tensor("self"), try c.tensor("end"))
      let weight = try t.filled(c["weight"], start)
      let isLate = try t.op("aten.ge.Scalar", try t.op("aten.abs.default", weight), 0.5)
      let share = try t.op("aten.where.self", isLate, try t.op("aten.sub.Tensor", weight, 1), weight)
      let base = try t.op("aten.where.self", isLate, end, start)
      let step = try t.op("aten.mul.Tensor", share, try t.op("aten.sub.Tensor", end, start))
      return .tensor(try t.op("aten.add.Tensor", step, base))
    },
    "aten.floor_divide.default": { t, c in
      .tensor(
        try t.op("aten.div.Tensor_mode", try c.tensor("self"), c["other"], kwargs: ["rounding_mode": "floor"])
      )
    },
    "aten.baddbmm.default": { t, c in
      guard c.double("alpha") == 1, c.double("beta") == 1 else { return nil }
      let product = try t.op("aten.bmm.default", try c.tensor("batch1"), try c.tensor("batch2"))
      return .tensor(try t.op("aten.add.Tensor", try c.tensor("self"), product))
    },
    "aten.mv.default": { t, c in
      let product = try t.op("aten.mul.Tensor", try c.tensor("self"), try c.tensor("vec"))
      return .tensor(try t.op("aten.sum.dim_IntList", product, [1]))
    },
    "aten.dot.default": { t, c in
      .tensor(
        try t.op(
          "aten.sum.default", try t.op("aten.mul.Tensor", try c.tensor("self"), try c.tensor("tensor"))))
    },
    "aten.all.default": { t, c in
      let fails = try t.op("aten.any.dims", try t.op("aten.logical_not.default", try c.tensor("self")))
      return .tensor(try t.op("aten.logical_not.default", fails))
    },
    "aten.all.dim": { t, c in
      let inverse = try t.op("aten.logical_not.default", try c.tensor("self"))
      let fails = try t.op("aten.any.dim", inverse, c["dim"], c["keepdim"])
      return .tensor(try t.op("aten.logical_not.default", fails))
    },
    "aten.count_nonzero.default": { t, c in
      let hits = try t.op("aten.ne.Scalar", try c.tensor("self"), 0)
      return .tensor(try t.op("aten.sum.dim_IntList", hits, nil))
    },
    "aten.trace.default": { t, c in
      let diagonal = try t.op("aten.diagonal.default", try c.tensor("self"))
      let copy = try t.op("aten.clone.default", diagonal, kwargs: ["memory_format": MemoryFormat.contiguous])
      return .tensor(try t.op("aten.sum.default", copy))
    },
    "aten.pixel_unshuffle.default": { t, c in
      let (tensor, factor) = (try c.tensor("self"), try c.int("downscale_factor"))
      guard tensor.rank == 4, factor > 0, let channels = tensor.sizes[1].constant,
        let height = tensor.sizes[2].constant, let width = tensor.sizes[3].constant
      else { return nil }
      let parts = [channels, height / factor, factor, width / factor, factor].map { SymInt($0) }
      let raised = try t.op("aten.view.default", tensor, [tensor.sizes[0]] + parts)
      let moved = try t.op("aten.permute.default", raised, [0, 1, 3, 5, 2, 4])
      let result = try t.reshape(
        moved, [tensor.sizes[0], SymInt(channels * factor * factor), parts[1], parts[3]])
      return .tensor(
        try t.op("aten.clone.default", result, kwargs: ["memory_format": MemoryFormat.contiguous]))
    },
    "aten.arange.default": { t, c in try t.range(.symInt(0), c) },
    "aten.arange.start": { t, c in try t.range(c["start"], c) },
    "aten.new_zeros.default": { t, c in try t.full(c, 0) },
    "aten.new_ones.default": { t, c in try t.full(c, 1) },
  ]
}

extension Rewriter {
  /// The integers below a size.
  func counting(_ size: SymInt, _ device: Device, _ dtype: ScalarType? = nil) throws -> FakeTensor {
    try op(
      "aten.arange.start_step", 0, size,
      kwargs: ["dtype": dtype, "layout": Layout.strided, "device": device, "pin_memory": false])
  }

  /// The mask of a triangle of a matrix.
  func triangleMask(
    _ rows: SymInt, _ columns: SymInt, _ device: Device, _ relation: String, _ diagonal: FakeValue
  )
    throws -> FakeTensor
  {
    let across = try op("aten.unsqueeze.default", try counting(columns, device), -2)
    let down = try op("aten.unsqueeze.default", try counting(rows, device), -1)
    return try op(relation, try op("aten.sub.Tensor", across, down), diagonal)
  }

  fileprivate func triangle(_ c: BoundCall, _ relation: String) throws -> FakeValue? {
    let tensor = try c.tensor("self")
    guard tensor.rank >= 2 else { return nil }
    let mask = try triangleMask(
      tensor.sizes[tensor.rank - 2], tensor.sizes[tensor.rank - 1], tensor.device, relation, c["diagonal"])
    if tensor.dtype.isBool { return .tensor(try op("aten.logical_and.default", mask, tensor)) }
    return .tensor(try select(mask, tensor, orElse: .symInt(0)))
  }

  fileprivate func range(_ start: FakeValue, _ c: BoundCall) throws -> FakeValue? {
    .tensor(
      try op(
        "aten.arange.start_step", start, c["end"],
        kwargs: [
          "dtype": c["dtype"], "layout": Layout.strided,
          "device": c["device"].isNone ? .device(.cpu) : c["device"], "pin_memory": false,
        ]))
  }

  fileprivate func full(_ c: BoundCall, _ number: Int) throws -> FakeValue? {
    let like = try c.tensor("self")
    return .tensor(
      try op(
        "aten.full.default", c["size"], number,
        kwargs: [
          "dtype": c.dtype("dtype") ?? like.dtype, "layout": Layout.strided,
          "device": c["device"].isNone ? .device(like.device) : c["device"], "pin_memory": false,
        ]))
  }
}
