import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Recurrent cells, pooling in one dim, transposed convolutions, statistics.
///
/// - Source: `aten/src/ATen/native/RNN.cpp`, `Pooling.cpp`, `Convolution.cpp`, `ReduceOps.cpp`, v2.13.
extension DecompositionTable {
  static let compositeCells: [String: Row] = {
    var table: [String: Row] = [
      "aten.gru_cell.default": { t, c in
        let state = try c.tensor("hx")
        let input = try t.linear(try c.tensor("input"), try c.tensor("w_ih"), c.optionalTensor("b_ih"))
        let inputs = try t.thirds(input)
        let hidden = try t.linear(state, try c.tensor("w_hh"), c.optionalTensor("b_hh"))
        let states = try t.thirds(hidden)
        guard inputs.count == 3, states.count == 3 else { return nil }
        let reset = try t.op("aten.sigmoid.default", try t.op("aten.add.Tensor", states[0], inputs[0]))
        let update = try t.op("aten.sigmoid.default", try t.op("aten.add.Tensor", states[1], inputs[1]))
        let kept = try t.op("aten.mul.Tensor", states[2], reset)
        let new = try t.op("aten.tanh.default", try t.op("aten.add.Tensor", inputs[2], kept))
        let change = try t.op("aten.mul.Tensor", try t.op("aten.sub.Tensor", state, new), update)
        return .tensor(try t.op("aten.add.Tensor", change, new))
      }
    ]
    for name in ["tanh", "relu"] {
      table["aten.rnn_\(name)_cell.default"] = { t, c in
        let hidden = try t.linear(try c.tensor("hx"), try c.tensor("w_hh"), c.optionalTensor("b_hh"))
        let input = try t.linear(try c.tensor("input"), try c.tensor("w_ih"), c.optionalTensor("b_ih"))
        return .tensor(try t.op("aten.\(name).default", try t.op("aten.add.Tensor", hidden, input)))
      }
    }
    return table
  }()

  static let compositePooling: [String: Row] = [
    "aten.max_pool1d.default": { t, c in
      guard let size = c.ints("kernel_size"), let step = c.ints("stride"), let padding = c.ints("padding"),
        let dilation = c.ints("dilation")
      else { return nil }
      let plane = try t.op("aten.unsqueeze.default", try c.tensor("self"), -2)
      let stride = step.isEmpty ? size : step
      let result = try t.ops(
        "aten.max_pool2d_with_indices.default", plane, [1] + size, [1] + stride, [0] + padding,
        [1] + dilation,
        c["ceil_mode"])
      guard let highest = result.first else { return nil }
      return .tensor(try t.op("aten.squeeze.dim", highest, -2))
    },
    "aten.avg_pool1d.default": { t, c in
      guard let size = c.ints("kernel_size"), let step = c.ints("stride"), let padding = c.ints("padding")
      else {
        return nil
      }
      let plane = try t.op("aten.unsqueeze.default", try c.tensor("self"), -2)
      let result = try t.op(
        "aten.avg_pool2d.default", plane, [1] + size, [1] + (step.isEmpty ? size : step), [0] + padding,
        c["ceil_mode"], c["count_include_pad"])
      return .tensor(try t.op("aten.squeeze.dim", result, -2))
    },
    "aten.adaptive_avg_pool1d.default": { t, c in
      guard let size = c.ints("output_size") else { return nil }
      let plane = try t.op("aten.unsqueeze.default", try c.tensor("self"), -2)
      let result = try t.op("aten._adaptive_avg_pool2d.default", plane, [1] + size)
      return .tensor(try t.op("aten.squeeze.dim", result, -2))
    },
  ]

  static let compositeTransposedConvolutions: [String: Row] = {
    var table: [String: Row] = [:]
    for (rank, overload) in [(1, "default"), (2, "input"), (3, "input")] {
      table["aten.conv_transpose\(rank)d.\(overload)"] = { t, c in
        let input = try c.tensor("input")
        guard input.rank == rank + 2 else { return nil }
        let sizes = ["stride", "padding", "dilation", "output_padding"].map { name -> [SymInt] in
          let given = c.sizes(name) ?? []
          return given.count == 1 ? [SymInt](repeating: given[0], count: rank) : given
        }
        return .tensor(
          try t.op(
            "aten.convolution.default", input, try c.tensor("weight"), c["bias"], sizes[0], sizes[1],
            sizes[2],
            true, sizes[3], c["groups"]))
      }
    }
    return table
  }()

  static let compositeStatistics: [String: Row] = {
    var table: [String: Row] = [:]
    for (name, root) in [("var", false), ("std", true)] {
      let row: Row = { t, c in
        let isUnbiased = c.schema.position(of: "unbiased") == nil || c.bool("unbiased")
        let correction: FakeValue
        if c.schema.position(of: "correction") != nil {
          correction = c["correction"].isNone ? .symInt(1) : c["correction"]
        } else {
          correction = .symInt(SymInt(isUnbiased ? 1 : 0))
        }
        return .tensor(
          try t.variance(try c.tensor("self"), c["dim"], correction, keeps: c.bool("keepdim"), root: root))
      }
      table["aten.\(name).dim"] = row
      table["aten.\(name).default"] = row
      if root { table["aten.std.correction"] = row }
    }
    table["aten.var_mean.dim"] = { t, c in
      try t.call(
        "aten.var_mean.correction", [try c.tensor("self"), c["dim"]],
        ["correction": c.bool("unbiased") ? 1 : 0, "keepdim": c.bool("keepdim")])
    }
    table["aten.std_mean.correction"] = { t, c in
      let correction = c.double("correction") ?? 1
      let both = try t.call(
        "aten.var_mean.correction", [try c.tensor("self"), c["dim"]],
        ["correction": correction, "keepdim": c.bool("keepdim")])
      guard let parts = both.elements, parts.count == 2, let variance = parts[0].tensor else { return nil }
      return .tuple([.tensor(try t.op("aten.sqrt.default", variance)), parts[1]])
    }
    return table
  }()
}

extension Rewriter {
  fileprivate func thirds(_ gates: FakeTensor) throws -> [FakeTensor] {
    guard let size = gates.sizes[1].constant else { return [] }
    return try ops("aten.split_with_sizes.default", gates, [Int](repeating: size / 3, count: 3), 1)
  }

  fileprivate func variance(
    _ input: FakeTensor, _ dims: FakeValue, _ correction: FakeValue, keeps: Bool, root: Bool
  ) throws -> FakeTensor {
    var correction = correction
    if root, case .symInt(let number) = correction, let value = number.constant {
      correction = .float(Double(value))
    }
    let variance = try op(
      "aten.var.correction", input, dims, kwargs: ["correction": correction, "keepdim": keeps])
    return root ? try op("aten.sqrt.default", variance) : variance
  }
}
