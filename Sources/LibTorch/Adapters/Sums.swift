import FX
import TensorVocabulary

extension ScalarAdapter {
  /// `self + alpha * other` and its relatives.
  ///
  /// Floats go to the C function of the CPU, which takes `alpha` as a double. It refuses integers.
  static let sums: [ScalarAdapter] =
    ["add", "subtract", "sub"].flatMap { base in
      let sign = base == "add" ? 1 : -1
      return ["Scalar", "Tensor"].map { overload in
        ScalarAdapter("\(base).\(overload)") { (call) throws(LibTorchError) in
          let a = try call.tensor(0)
          return try call.sum(a, try call.operand(1, beside: a), try call.number(2), sign: sign)
        }
      }
    }
    + ["Scalar", "Tensor"].map { overload in
      ScalarAdapter("rsub.\(overload)") { (call) throws(LibTorchError) in
        let a = try call.tensor(0)
        return try call.sum(try call.operand(1, beside: a), a, try call.number(2), sign: -1)
      }
    }
    + [
      // `self + value * tensor1 * tensor2`
      ScalarAdapter("addcmul") { (call) throws(LibTorchError) in
        let product = try call.binary(
          "mul.Tensor", try call.mul(try call.tensor(1), try call.number(3)), try call.tensor(2))
        return try call.sum(try call.tensor(0), product, .int(1), sign: 1)
      },
      // `self + value * tensor1 / tensor2`
      ScalarAdapter("addcdiv") { (call) throws(LibTorchError) in
        let quotient = try call.binary("div.Tensor", try call.tensor(1), try call.tensor(2))
        return try call.sum(try call.tensor(0), try call.mul(quotient, try call.number(3)), .int(1), sign: 1)
      },
    ]
}

extension AdaptedCall {
  /// The tensor at `position`, or a number there as one.
  fileprivate func operand(_ position: Int, beside other: RealTensor) throws(LibTorchError) -> RealTensor {
    if case .value(let tensor) = self[position] { return tensor }
    return try dispatcher.wrapped(try number(position), beside: [other])
  }

  /// `a + sign * alpha * b`.
  func sum(_ a: RealTensor, _ b: RealTensor, _ alpha: Scalar, sign: Int) throws(LibTorchError) -> RealTensor {
    let (left, right) = (try a.dtype, try b.dtype)
    if left.isFloatingPoint || left.isComplex || right.isFloatingPoint || right.isComplex {
      guard let factor = alpha.double else { throw LibTorchError(.unsupported("a complex 'alpha'")) }
      return try DeviceFunctions(library).add(a, b, alpha: Double(sign) * factor)
    }
    if left.isBool, right.isBool {
      guard sign > 0 else {
        throw LibTorchError(.raised("Subtraction, the `-` operator, with two bool tensors is not supported."))
      }
      return try binary("logical_or", a, alpha.equals(0) ? try binary("mul.Tensor", b, .bool(false)) : b)
    }
    guard case .float = alpha else {
      return try integerSum(a, try mul(b, alpha), sign: sign)
    }
    throw LibTorchError(
      .raised("For integral input tensors, argument alpha must not be a floating point number."))
  }

  /// The sum of integers: both are laid side by side, and summed over the new dim in their common dtype.
  private func integerSum(_ a: RealTensor, _ b: RealTensor, sign: Int) throws(LibTorchError) -> RealTensor {
    if let sum = try sumHere(a, b, sign: sign) { return sum }
    // The product has the sizes, the strides and the dtype of the sum.
    let result = try binary("mul.Tensor", a, b)
    let dtype = try result.dtype
    let first = try converted(a, dtype)
    var second = try converted(b, dtype)
    if sign < 0 { second = try call("neg", .value(second)) }
    let sizes = PyTree<RealTensor>.list(try result.sizes.map { .constant(.int($0)) })
    let rows = try call(
      "stack",
      .list([
        .value(try call("expand", .value(first), sizes)), .value(try call("expand", .value(second), sizes)),
      ]))
    return try call(
      "sum.IntList_out", .value(rows), .list([.constant(.int(0))]), .constant(.bool(false)),
      .constant(.dtype(dtype)), .value(result))
  }

  /// The sum of contiguous tensors of int64 with the same sizes, or with one number, computed here; else `nil`.
  ///
  /// As in PyTorch, what does not fit 64 bits wraps.
  private func sumHere(_ a: RealTensor, _ b: RealTensor, sign: Int) throws(LibTorchError) -> RealTensor? {
    let (sizesA, sizesB) = (try a.sizes, try b.sizes)
    guard try a.dtype == .int64, try b.dtype == .int64, try a.device == .cpu, try b.device == .cpu,
      sizesA == sizesB || sizesA.isEmpty || sizesB.isEmpty,
      StoredStrides.agree(try a.strides, StoredStrides.contiguous(sizesA), sizes: sizesA),
      StoredStrides.agree(try b.strides, StoredStrides.contiguous(sizesB), sizes: sizesB)
    else { return nil }
    let sizes = sizesA.isEmpty ? sizesB : sizesA
    let (dataA, dataB) = (try a.data, try b.data)
    guard let left = dataA?.assumingMemoryBound(to: Int64.self),
      let right = dataB?.assumingMemoryBound(to: Int64.self)
    else { return nil }
    let (stepA, stepB) = (sizesA.isEmpty ? 0 : 1, sizesB.isEmpty ? 0 : 1)
    let factor = Int64(sign)
    return try library.tensor(sizes: sizes) { index in
      // Bound: each is contiguous and has an element for every index, or one for all.
      left[index &* stepA] &+ factor &* right[index &* stepB]
    }
  }
}
