import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Writing to places of a tensor, and padding.
  static let scattering: [ScalarAdapter] = [
    ScalarAdapter("constant_pad_nd") { (call) throws(LibTorchError) in
      let value = try call.number(2)
      if case .int(let integer) = value, Int(exactly: Double(integer)) != integer {
        throw LibTorchError(.unsupported("padding with \(integer), which is no double"))
      }
      return try call.call(
        "pad", call[0], call[1], .constant(.string("constant")), .constant(.float(try call.double(2))))
    },
    // `self` with `alpha * source` added at rows `index` along `dim`
    ScalarAdapter("index_add") { (call) throws(LibTorchError) in
      let x = try call.tensor(0)
      let rank = try x.rank
      guard let given = call[1].int, (-max(1, rank)..<max(1, rank)).contains(given) else {
        throw LibTorchError(.argument("argument 'dim' is no dim of the tensor"))
      }
      let source = try call.mul(try call.tensor(3), try call.number(4))
      guard rank > 0 else {
        return try call.sum(x, try call.call("sum", .value(source)), .int(1), sign: 1)
      }
      let dim = given < 0 ? given + rank : given
      let places = [PyTree<RealTensor>](repeating: .constant(.none), count: dim) + [call[2]]
      return try call.call("index_put", call[0], .list(places), .value(source), .constant(.bool(true)))
    },
    ScalarAdapter("scatter.value") { (call) throws(LibTorchError) in
      try call.call("scatter.src", call[0], call[1], call[2], .value(try call.spread(3)))
    },
    ScalarAdapter("scatter.value_reduce") { (call) throws(LibTorchError) in
      try call.call("scatter.reduce", call[0], call[1], call[2], .value(try call.spread(3)), call[4])
    },
  ]
}

extension AdaptedCall {
  /// The number at `position` in the dtype of `self`, once for each index.
  fileprivate func spread(_ position: Int) throws(LibTorchError) -> RealTensor {
    let value = try library.tensor(try number(position), try tensor(0).dtype)
    return try call("expand", .value(value), .list(try tensor(2).sizes.map { .constant(.int($0)) }))
  }
}
