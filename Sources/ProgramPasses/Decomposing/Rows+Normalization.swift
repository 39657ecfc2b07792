import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Normalization and pooling.
///
/// - Source: `aten/src/ATen/native/Normalization.cpp`, `layer_norm.cpp`, `group_norm.cpp`, v2.13.
extension DecompositionTable {
  static let aliasingNormalization: [String: Row] = [
    "aten.batch_norm.default": { t, c in
      let input = try c.tensor("input")
      let (weight, bias) = (c.optionalTensor("weight"), c.optionalTensor("bias"))
      let (mean, variance) = (c.optionalTensor("running_mean"), c.optionalTensor("running_var"))
      guard c.bool("training") else {
        return try t.ops(
          "aten._native_batch_norm_legit_no_training.default", input, weight, bias, mean, variance,
          c["momentum"], c["eps"]
        ).first.map { .tensor($0) }
      }
      guard let mean, let variance else {
        return try t.ops(
          "aten._native_batch_norm_legit.no_stats", input, weight, bias, true, c["momentum"], c["eps"]
        ).first.map { .tensor($0) }
      }
      let results = try t.ops(
        "aten._native_batch_norm_legit_functional.default", input, weight, bias, mean, variance, true,
        c["momentum"], c["eps"])
      guard results.count == 5 else { return nil }
      _ = try t.call("aten.copy_.default", [mean, results[3]])
      _ = try t.call("aten.copy_.default", [variance, results[4]])
      return .tensor(results[0])
    }
  ]

  static let compositeNormalization: [String: Row] = [
    "aten.layer_norm.default": { t, c in
      try t.ops(
        "aten.native_layer_norm.default", try c.tensor("input"), c["normalized_shape"], c["weight"],
        c["bias"],
        c["eps"]
      ).first.map { .tensor($0) }
    },
    "aten.group_norm.default": { t, c in
      let input = try c.tensor("input")
      let spatial = try t.product(Array(input.sizes.dropFirst(2)))
      return try t.ops(
        "aten.native_group_norm.default", input, c["weight"], c["bias"], input.sizes[0], input.sizes[1],
        spatial,
        c["num_groups"], c["eps"]
      ).first.map { .tensor($0) }
    },
    "aten.instance_norm.default": { t, c in
      let input = try c.tensor("input")
      guard c.bool("use_input_stats"), c["running_mean"].isNone, c["running_var"].isNone else { return nil }
      let sizes = Array(input.sizes)
      let affine = try ["weight", "bias"].map { name in
        try c.optionalTensor(name).map { try t.op("aten.repeat.default", $0, [sizes[0]]) }
      }
      let joined = [SymInt(1), try t.mul(sizes[0], sizes[1])] + sizes.dropFirst(2)
      let flat = try t.reshape(input, joined)
      let results = try t.ops(
        "aten._native_batch_norm_legit.no_stats", flat, affine[0], affine[1], true, c["momentum"], c["eps"])
      guard let result = results.first else { return nil }
      return .tensor(try t.op("aten.view.default", result, sizes))
    },
    "aten.rms_norm.default": { t, c in
      let input = try c.tensor("input")
      guard input.dtype == .float32 || input.dtype == .float64, let shape = c.sizes("normalized_shape") else {
        return nil
      }
      let eps = c.double("eps") ?? (input.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne)
      let dims = Array((input.rank - shape.count)..<input.rank)
      let mean = try t.op("aten.mean.dim", try t.op("aten.pow.Tensor_Scalar", input, 2), dims, true)
      let root = try t.op("aten.rsqrt.default", try t.op("aten.add.Scalar", mean, eps))
      let result = try t.op("aten.mul.Tensor", input, root)
      return .tensor(try c.optionalTensor("weight").map { try t.op("aten.mul.Tensor", result, $0) } ?? result)
    },
    "aten.adaptive_avg_pool2d.default": { t, c in
      let input = try c.tensor("self")
      if c.ints("output_size") == [1, 1] {
        return .tensor(try t.op("aten.mean.dim", input, [-1, -2], true))
      }
      return .tensor(try t.op("aten._adaptive_avg_pool2d.default", input, c["output_size"]))
    },
    "aten.max_pool2d.default": { t, c in
      try t.ops(
        "aten.max_pool2d_with_indices.default", try c.tensor("self"), c["kernel_size"], c["stride"],
        c["padding"],
        c["dilation"], c["ceil_mode"]
      ).first.map { .tensor($0) }
    },
  ]

  static let compositeConvolutions: [String: Row] = {
    var table: [String: Row] = [:]
    for rank in 1...3 {
      table["aten.conv\(rank)d.default"] = { t, c in
        guard let padding = c.sizes("padding") else { return nil }
        return try t.convolution(
          c, rank, padding.count == 1 ? [SymInt](repeating: padding[0], count: rank) : padding,
          outputPadding: rank)
      }
      table["aten.conv\(rank)d.padding"] = { t, c in
        let weight = try c.tensor("weight")
        guard c.string("padding") == "same" else {
          return try t.convolution(c, rank, [0], outputPadding: 1)
        }
        guard let dilation = c.ints("dilation") else { return nil }
        let dilations = dilation.count == 1 ? [Int](repeating: dilation[0], count: rank) : dilation
        var padding: [SymInt] = []
        for (dim, step) in dilations.enumerated() {
          guard let size = weight.sizes[dim + 2].constant, step * (size - 1) % 2 == 0 else { return nil }
          padding.append(SymInt(step * (size - 1) / 2))
        }
        return try t.convolution(c, rank, padding, outputPadding: 1)
      }
    }
    return table
  }()
}

extension Rewriter {
  fileprivate func convolution(
    _ c: BoundCall, _ rank: Int, _ padding: [SymInt], outputPadding: Int
  ) throws -> FakeValue? {
    var input = try c.tensor("input")
    let isBatched = input.rank == rank + 2
    guard isBatched || input.rank == rank + 1 else { return nil }
    let expanded = { (sizes: [SymInt]) in
      sizes.count == 1 ? [SymInt](repeating: sizes[0], count: rank) : sizes
    }
    guard let stride = c.sizes("stride"), let dilation = c.sizes("dilation") else { return nil }
    if !isBatched { input = try op("aten.unsqueeze.default", input, 0) }
    let result = try op(
      "aten.convolution.default", input, try c.tensor("weight"), c["bias"], expanded(stride), padding,
      expanded(dilation), false, [Int](repeating: 0, count: outputPadding), c["groups"])
    return .tensor(isBatched ? result : try op("aten.squeeze.dim", result, 0))
  }
}
