import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Tensors made of numbers.
  static let creation: [ScalarAdapter] = [
    ScalarAdapter("arange") { (call) throws(LibTorchError) in
      try call.range(from: .int(0), to: try call.number(0), step: .int(1), options: 1)
    },
    ScalarAdapter("arange.start") { (call) throws(LibTorchError) in
      try call.range(from: try call.number(0), to: try call.number(1), step: .int(1), options: 2)
    },
    ScalarAdapter("arange.start_step") { (call) throws(LibTorchError) in
      try call.range(from: try call.number(0), to: try call.number(1), step: try call.number(2), options: 3)
    },
    // The diagonal, with all indices equal.
    ScalarAdapter("fill_diagonal") { (call) throws(LibTorchError) in
      let copy = try call.call("clone", call[0])
      let (sizes, strides) = (try copy.sizes, try copy.strides)
      guard sizes.count >= 2 else { throw LibTorchError(.raised("dimensions must larger than 1")) }
      if sizes.count == 2, call[2].isTrue, sizes[0] > sizes[1] + 1 {
        throw LibTorchError(.unsupported("a diagonal that wraps around"))
      }
      let diagonal = try call.call(
        "as_strided", .value(copy), .list([.constant(.int(sizes.min() ?? 0))]),
        .list([.constant(.int(strides.reduce(0, &+)))]))
      _ = try call.filled(diagonal, try call.number(1))
      return copy
    },
    ScalarAdapter("full") { (call) throws(LibTorchError) in
      let number = try call.number(1)
      let dtype = call.dtype(2) ?? number.defaultType
      return try call.filled(
        try call.call("empty.memory_format", call[0], .constant(.dtype(dtype)), call[3], call[4], call[5]),
        number)
    },
    ScalarAdapter("full_like") { (call) throws(LibTorchError) in
      try call.filled(
        try call.call("empty_like", call[0], call[2], call[3], call[4], call[5], call[6]), try call.number(1))
    },
    ScalarAdapter("new_full") { (call) throws(LibTorchError) in
      try call.filled(
        try call.call("new_empty", call[0], call[1], call[3], call[4], call[5], call[6]), try call.number(2))
    },
    ScalarAdapter("scalar_tensor") { (call) throws(LibTorchError) in
      let dtype = call.dtype(1) ?? .float32
      return try call.filled(
        try call.call("empty.memory_format", .list([]), .constant(.dtype(dtype)), call[2], call[3], call[4]),
        try call.number(0))
    },
  ]

  /// Numbers at equal distances or ratios; both ends may be tensors.
  static let spacings: [ScalarAdapter] =
    ["", ".Scalar_Tensor", ".Tensor_Scalar"].flatMap { overload in
      ["linspace", "logspace"].map { name in
        ScalarAdapter(name + overload) { (call) throws(LibTorchError) in
          var arguments = call.arguments
          for end in 0...1 { arguments[end] = .value(try call.end(end)) }
          guard case .value(let result) = try call.dispatcher.call("aten::\(name).Tensor_Tensor", arguments)
          else {
            throw LibTorchError(.raised("no tensor came back"))
          }
          return result
        }
      }
    }
}

extension AdaptedCall {
  fileprivate func filled(_ tensor: RealTensor, _ number: Scalar) throws(LibTorchError) -> RealTensor {
    try call("fill_.Tensor", .value(tensor), .value(try library.tensor(number, number.scalarType)))
  }

  /// The end of a range: a tensor, or a number as one in the widest dtype of its category.
  fileprivate func end(_ position: Int) throws(LibTorchError) -> RealTensor {
    if case .value(let tensor) = self[position] { return tensor }
    let number = try number(position)
    return try library.tensor(number, number.scalarType)
  }

  /// The numbers from `start` to before `end`, computed here.
  ///
  /// The result is int64 where all three are integers, otherwise the default dtype; `options` is the position of dtype,
  /// layout and device.
  ///
  /// - Source: `arange_out`, `aten/src/ATen/native/RangeFactories.cpp`, v2.13.
  fileprivate func range(
    from start: Scalar, to end: Scalar, step: Scalar, options: Int
  ) throws(LibTorchError) -> RealTensor {
    let made: RealTensor
    let natural: ScalarType
    if case .int(let first) = start, case .int(let last) = end, case .int(let step) = step {
      natural = .int64
      try refuse(step == 0, (step > 0 && first > last) || (step < 0 && first < last))
      let (distance, overflows) = last.subtractingReportingOverflow(first)
      let (steps, overflowsToo) = distance.dividedReportingOverflow(by: step)
      if overflows || overflowsToo { throw LibTorchError(.raised("unsupported range: \(first) -> \(last)")) }
      // The last number lies before the end, so nothing below overflows.
      let count = distance == steps * step ? steps : steps + 1
      made = try library.tensor(sizes: [count]) { first + $0 * step }
    } else {
      guard let first = start.double, let last = end.double, let step = step.double else {
        throw LibTorchError(.unsupported("a range of complex numbers"))
      }
      natural = .float32
      try refuse(step == 0, (step > 0 && first > last) || (step < 0 && first < last))
      guard let count = Int(exactly: ((last - first) / step).rounded(.up)) else {
        throw LibTorchError(.raised("unsupported range: \(first) -> \(last)"))
      }
      made = try library.tensor(sizes: [count]) { first + Double($0) * step }
    }
    let dtype = dtype(options) ?? natural
    guard case .constant(.device(let device)) = self[options + 2], device != .cpu else {
      return try converted(made, dtype)
    }
    return try call("to.device", .value(made), self[options + 2], .constant(.dtype(dtype)))
  }

  private func refuse(_ isZero: Bool, _ isAway: Bool) throws(LibTorchError) {
    if isZero { throw LibTorchError(.raised("step must be nonzero")) }
    if isAway {
      throw LibTorchError(.raised("upper bound and lower bound inconsistent with step sign"))
    }
  }
}
