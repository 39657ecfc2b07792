import FX
import TensorVocabulary

extension ScalarAdapter {
  /// `beta * self + alpha * product`.
  static let products: [ScalarAdapter] = [
    ScalarAdapter("addmm") { (call) throws(LibTorchError) in
      try call.addedProduct("addmm_out", "mm")
    },
    ScalarAdapter("baddbmm") { (call) throws(LibTorchError) in
      try call.addedProduct("baddbmm_out", "bmm")
    },
    ScalarAdapter("addmv") { (call) throws(LibTorchError) in
      try call.addedProduct(nil, "mv")
    },
    ScalarAdapter("addr") { (call) throws(LibTorchError) in
      try call.addedProduct(nil, "outer")
    },
    ScalarAdapter("addbmm") { (call) throws(LibTorchError) in
      let products = try call.binary("bmm", try call.tensor(1), try call.tensor(2))
      return try call.added(try call.call("sum.dim_IntList", .value(products), .list([.constant(.int(0))])))
    },
  ]
}

extension AdaptedCall {
  /// `beta * self + alpha * (tensor1 @ tensor2)`: floats by the C function, if there is one.
  fileprivate func addedProduct(_ function: String?, _ product: String) throws(LibTorchError) -> RealTensor {
    let (a, b, c) = (try tensor(0), try tensor(1), try tensor(2))
    if let function, try b.dtype.isFloatingPoint {
      return try DeviceFunctions(library).product(
        function, a, b, c, beta: try double(3), alpha: try double(4))
    }
    return try added(try binary(product, b, c))
  }

  /// `beta * self + alpha * product`; with a `beta` of zero, what `self` holds does not matter.
  fileprivate func added(_ product: RealTensor) throws(LibTorchError) -> RealTensor {
    let scaled = try mul(product, try number(4))
    let beta = try number(3)
    if beta.equals(0) { return scaled }
    return try sum(scaled, try mul(try tensor(0), beta), .int(1), sign: 1)
  }
}
