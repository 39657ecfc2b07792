import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Views and copies.
///
/// - Source: `torch/_refs/__init__.py` and `aten/src/ATen/native/TensorShape.cpp`, v2.13.
extension DecompositionTable {
  static let aliasingViews: [String: Row] = [
    "aten.reshape.default": { t, c in
      .tensor(try t.reshape(try c.tensor("self"), c.sizes("shape") ?? []))
    },
    "aten.reshape_as.default": { t, c in
      .tensor(try t.reshape(try c.tensor("self"), Array(try c.tensor("other").sizes)))
    },
    "aten.contiguous.default": { t, c in
      let tensor = try c.tensor("self")
      let format: MemoryFormat
      if case .memoryFormat(let given) = c["memory_format"] { format = given } else { format = .contiguous }
      if format == .contiguous, t.shapes.geometry.isContiguous(tensor) { return .tensor(tensor) }
      return .tensor(try t.op("aten.clone.default", tensor, kwargs: ["memory_format": format]))
    },
    "aten.to.dtype": { t, c in try t.convert(c, []) },
    "aten.to.dtype_layout": { t, c in try t.convert(c, ["layout", "device", "pin_memory"]) },
    "aten.to.device": { t, c in try t.convert(c, ["device"]) },
    "aten.type_as.default": { t, c in
      let (tensor, other) = (try c.tensor("self"), try c.tensor("other"))
      if tensor.dtype == other.dtype, tensor.device == other.device { return .tensor(tensor) }
      return .tensor(
        try t.op(
          "aten._to_copy.default", tensor,
          kwargs: ["dtype": other.dtype, "layout": other.layout, "device": other.device]))
    },
    "aten.lift_fresh_copy.default": { t, c in .tensor(try t.op("aten.clone.default", try c.tensor("self"))) },
    "aten.dropout.default": { t, c in try t.dropout(c) },
    "aten.dropout_.default": { t, c in c.bool("train") ? nil : .tensor(try c.tensor("self")) },
    "aten.flatten.using_ints": { t, c in try t.flatten(c) },
    "aten.expand_as.default": { t, c in
      .tensor(try t.op("aten.expand.default", try c.tensor("self"), Array(try c.tensor("other").sizes)))
    },
    "aten.view_as.default": { t, c in
      .tensor(try t.op("aten.view.default", try c.tensor("self"), Array(try c.tensor("other").sizes)))
    },
    "aten.narrow.default": { t, c in
      guard let start = c.sizes("start")?.first, let length = c.sizes("length")?.first else { return nil }
      return .tensor(try t.narrow(try c.tensor("self"), try c.int("dim"), start, length))
    },
    "aten.unflatten.int": { t, c in
      let tensor = try c.tensor("self")
      let dim = wrap(try c.int("dim"), tensor.rank)
      var sizes = c.sizes("sizes") ?? []
      if let unknown = sizes.firstIndex(where: { $0.constant == -1 }) {
        let known = t.shapes.product(sizes.indices.filter { $0 != unknown }.map { sizes[$0] })
        sizes[unknown] = t.shapes.floorDiv(tensor.sizes[dim], known)
      }
      let whole = Array(tensor.sizes)
      return .tensor(try t.op("aten.view.default", tensor, whole[..<dim] + sizes + whole[(dim + 1)...]))
    },
    "aten.broadcast_tensors.default": { t, c in
      let tensors = c.tensors("tensors")
      let result = try t.value("torch.ops.aten.broadcast_tensors.default", c.arguments, [])
      return .list(
        try zip(tensors, result.elements ?? []).map { tensor, wanted in
          guard let sizes = wanted.tensor?.sizes, sizes != tensor.sizes else { return .tensor(tensor) }
          return .tensor(try t.op("aten.expand.default", tensor, Array(sizes)))
        })
    },
    "aten.chunk.default": { t, c in
      let tensor = try c.tensor("self")
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard let size = tensor.sizes[dim].constant else { return nil }
      // More chunks than elements are as many as there are elements.
      let count = min(max(try c.int("chunks"), 1), max(size, 1))
      let chunk = size / count + (size % count == 0 ? 0 : 1)
      return try t.call("aten.split.Tensor", [tensor, max(chunk, 1), dim])
    },
    "aten.movedim.int": { t, c in
      let tensor = try c.tensor("self")
      let (from, to) = (wrap(try c.int("source"), tensor.rank), wrap(try c.int("destination"), tensor.rank))
      var order = Array(0..<tensor.rank)
      order.insert(order.remove(at: from), at: to)
      return .tensor(try t.op("aten.permute.default", tensor, order))
    },
    "aten.swapaxes.default": { t, c in
      .tensor(try t.op("aten.transpose.int", try c.tensor("self"), try c.int("axis0"), try c.int("axis1")))
    },
  ]

  static let compositeViews: [String: Row] = [
    "aten.tile.default": { t, c in
      let tensor = try c.tensor("self")
      let dims = c.sizes("dims") ?? []
      let padded = [SymInt](repeating: 1, count: max(0, tensor.rank - dims.count)) + dims
      return .tensor(try t.op("aten.repeat.default", tensor, padded))
    },
    "aten.diff.default": { t, c in
      guard try c.int("n") == 1, c["prepend"].isNone, c["append"].isNone else { return nil }
      let (tensor, dim) = (try c.tensor("self"), try c.int("dim"))
      let length = t.shapes.sub(tensor.sizes[wrap(dim, tensor.rank)], 1)
      let low = try t.narrow(tensor, dim, 0, length)
      let high = try t.narrow(tensor, dim, 1, length)
      return .tensor(try t.op("aten.sub.Tensor", high, low))
    },
  ]

  static let coreViews: [String: Row] = [
    "aten.transpose.int": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(try t.transpose(tensor, try c.int("dim0"), try c.int("dim1")))
    },
    "aten.t.default": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(try t.transpose(tensor, 0, tensor.rank < 2 ? 0 : 1))
    },
    "aten._unsafe_view.default": { t, c in
      .tensor(try t.op("aten.view.default", try c.tensor("self"), c["size"]))
    },
    "aten.detach.default": { t, c in .tensor(try c.tensor("self")) },
    "aten.squeeze.dim": { t, c in
      .tensor(try t.op("aten.squeeze.dims", try c.tensor("self"), [try c.int("dim")]))
    },
    "aten.squeeze.default": { t, c in
      let tensor = try c.tensor("self")
      return .tensor(try t.op("aten.squeeze.dims", tensor, Array(0..<tensor.rank)))
    },
    "aten.stack.default": { t, c in
      let tensors = c.tensors("tensors")
      guard let first = tensors.first else { return nil }
      let dim = wrap(try c.int("dim"), first.rank + 1)
      if dim < first.rank {
        var sizes = Array(first.sizes)
        sizes.insert(SymInt(tensors.count), at: dim)
        let whole = try t.op("aten.cat.default", tensors, dim)
        return .tensor(try t.op("aten.view.default", whole, sizes))
      }
      let raised = try tensors.map { try t.op("aten.unsqueeze.default", $0, dim) }
      return .tensor(try t.op("aten.cat.default", raised, dim))
    },
    "aten.unbind.int": { t, c in
      let tensor = try c.tensor("self")
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard let count = tensor.sizes[dim].constant else { return nil }
      let parts = try (0..<count).map { try t.op("aten.slice.Tensor", tensor, dim, $0, $0 + 1) }
      return .list(try parts.map { .tensor(try t.op("aten.squeeze.dims", $0, [dim])) })
    },
    "aten.split.Tensor": { t, c in
      let tensor = try c.tensor("self")
      let dim = wrap(try c.int("dim"), tensor.rank)
      guard let size = c.sizes("split_size")?.first?.constant, size > 0,
        let whole = tensor.sizes[dim].constant
      else { return nil }
      let sizes = stride(from: 0, to: whole, by: size).map { min(size, whole - $0) }
      return try t.call(
        "aten.split_with_sizes.default", [tensor, sizes.isEmpty ? [0] : sizes, try c.int("dim")])
    },
    "aten.pixel_shuffle.default": { t, c in
      let (tensor, factor) = (try c.tensor("self"), try c.int("upscale_factor"))
      guard tensor.rank == 4, let channels = tensor.sizes[1].constant else { return nil }
      let (height, width) = (tensor.sizes[2], tensor.sizes[3])
      let parts: [SymInt] = [
        tensor.sizes[0], SymInt(channels / (factor * factor)), SymInt(factor), SymInt(factor), height, width,
      ]
      let raised = try t.op("aten.view.default", tensor, parts)
      let moved = try t.op("aten.permute.default", raised, [0, 1, 4, 2, 5, 3])
      let sizes: [SymInt] = [
        parts[0], parts[1], try t.mul(height, SymInt(factor)), try t.mul(width, SymInt(factor)),
      ]
      let result = try t.reshape(moved, sizes)
      return .tensor(
        try t.op("aten.clone.default", result, kwargs: ["memory_format": MemoryFormat.contiguous]))
    },
  ]

  /// A dim counted from the front.
  static func wrap(_ dim: Int, _ rank: Int) -> Int { dim < 0 ? dim + max(rank, 1) : dim }
}

extension Rewriter {
  /// A view if the strides allow it, otherwise a copy.
  func reshape(_ tensor: FakeTensor, _ sizes: [SymInt]) throws -> FakeTensor {
    if shapes.geometry.isContiguous(tensor) { return try op("aten.view.default", tensor, sizes) }
    let result = try value(
      "torch.ops.aten.reshape.default", [.tensor(tensor), .list(sizes.map { .symInt($0) })], [])
    guard let wanted = result.tensor else { throw ProgramPassError("reshape gives no tensor") }
    var known = Array(wanted.sizes)
    let isInferred = sizes.contains { $0.constant == -1 }
    if isInferred, let size = known.first, known.count == 1, size.isSymbolic {
      known = [try product(Array(tensor.sizes))]
    }
    if wanted.storage == tensor.storage { return try op("aten.view.default", tensor, known) }
    let copy = try op("aten.clone.default", tensor, kwargs: ["memory_format": MemoryFormat.contiguous])
    return try op("aten._unsafe_view.default", copy, known)
  }

  func narrow(_ tensor: FakeTensor, _ dim: Int, _ start: SymInt, _ length: SymInt) throws -> FakeTensor {
    try op("aten.slice.Tensor", tensor, dim, start, try add(start, length))
  }

  func transpose(_ tensor: FakeTensor, _ one: Int, _ other: Int) throws -> FakeTensor {
    let dims = [DecompositionTable.wrap(one, tensor.rank), DecompositionTable.wrap(other, tensor.rank)]
    if tensor.rank <= 1 || dims[0] == dims[1] { return try op("aten.alias.default", tensor) }
    var order = Array(0..<tensor.rank)
    order.swapAt(dims[0], dims[1])
    return try op("aten.permute.default", tensor, order)
  }

  /// A conversion, unless the tensor is as it should be already.
  ///
  /// - Source: `to_will_alias`, `aten/src/ATen/native/TensorConversions.cpp`, v2.13.
  func convert(_ c: BoundCall, _ options: [String]) throws -> FakeValue {
    let tensor = try c.tensor("self")
    var (dtype, layout, device, format) = (tensor.dtype, tensor.layout, tensor.device, MemoryFormat.preserve)
    if let given = c.dtype("dtype") { dtype = given }
    if options.contains("layout"), case .layout(let given) = c["layout"] { layout = given }
    if options.contains("device"), case .device(let given) = c["device"] { device = given.indexed }
    if case .memoryFormat(let given) = c["memory_format"] { format = given }
    let isSame =
      dtype == tensor.dtype && layout == tensor.layout && device == tensor.device.indexed
      && (format == .preserve || format == shapes.geometry.suggestedMemoryFormat(tensor))
    if isSame, !c.bool("copy") { return .tensor(tensor) }
    let keywords = (["dtype"] + options + ["non_blocking", "memory_format"]).map { (key: $0, value: c[$0]) }
    return try apply(
      try bound("aten._to_copy.default", [.tensor(tensor)], keywords.filter { !$0.value.isNone }))
  }

  func dropout(_ c: BoundCall) throws -> FakeValue? {
    let input = try c.tensor("input")
    guard c.bool("train") else { return .tensor(try op("aten.clone.default", input)) }
    return try ops("aten.native_dropout.default", input, c["p"], true).first.map { .tensor($0) }
  }

  func flatten(_ c: BoundCall) throws -> FakeValue? {
    let tensor = try c.tensor("self")
    if tensor.rank == 0 { return .tensor(try reshape(tensor, [1])) }
    let start = DecompositionTable.wrap(try c.int("start_dim"), tensor.rank)
    let end = DecompositionTable.wrap(try c.int("end_dim"), tensor.rank)
    if start == end { return .tensor(tensor) }
    let sizes = Array(tensor.sizes)
    let middle = try product(Array(sizes[start...end]))
    return .tensor(try reshape(tensor, sizes[..<start] + [middle] + sizes[(end + 1)...]))
  }
}
