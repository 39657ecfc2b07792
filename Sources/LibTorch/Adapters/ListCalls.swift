import FX
import OperatorSchemas
import TensorVocabulary

extension ScalarAdapter {
  /// Operators of lists of tensors, as calls of the operators of their elements.
  static let lists: [ScalarAdapter] =
    [
      ("add", "add.Scalar"), ("clamp_max", "clamp_max"), ("clamp_min", "clamp_min"), ("div", "div.Scalar"),
      ("maximum", "clamp_min"), ("minimum", "clamp_max"), ("mul", "mul.Scalar"),
      ("pow", "pow.Tensor_Scalar"), ("sub", "sub.Scalar"),
    ].flatMap { base, overload in
      [
        // One number for all.
        ScalarAdapter(results: "_foreach_\(base).Scalar") { (call) throws(LibTorchError) in
          try call.elementwise(overload) { _ in [call[1]] }
        },
        // A number for each.
        ScalarAdapter(results: "_foreach_\(base).ScalarList") { (call) throws(LibTorchError) in
          try call.elementwise(overload) { (index) throws(LibTorchError) in [try call.element(1, index)] }
        },
      ]
    }
    + ["add", "sub"].map { base in
      ScalarAdapter(results: "_foreach_\(base).List") { (call) throws(LibTorchError) in
        try call.elementwise("\(base).Tensor") { (index) throws(LibTorchError) in
          [try call.element(1, index), call[2]]
        }
      }
    }
    + ["addcdiv", "addcmul"].flatMap { base in
      [
        ScalarAdapter(results: "_foreach_\(base).Scalar") { (call) throws(LibTorchError) in
          try call.elementwise(base) { (index) throws(LibTorchError) in
            [try call.element(1, index), try call.element(2, index), call[3]]
          }
        },
        ScalarAdapter(results: "_foreach_\(base).ScalarList") { (call) throws(LibTorchError) in
          try call.elementwise(base) { (index) throws(LibTorchError) in
            [try call.element(1, index), try call.element(2, index), try call.element(3, index)]
          }
        },
      ]
    }
    + [
      ScalarAdapter(results: "_foreach_lerp.Scalar") { (call) throws(LibTorchError) in
        try call.elementwise("lerp.Scalar") { (index) throws(LibTorchError) in
          [try call.element(1, index), call[2]]
        }
      },
      ScalarAdapter(results: "_foreach_norm.Scalar") { (call) throws(LibTorchError) in
        try call.elementwise("linalg_vector_norm") { _ in
          [call[1], .constant(.none), .constant(.bool(false)), call[2]]
        }
      },
    ]
}

extension AdaptedCall {
  /// `overload` of each tensor of the first argument, with the further arguments that belong to it.
  fileprivate func elementwise(
    _ overload: String, _ further: (Int) throws(LibTorchError) -> [PyTree<RealTensor>]
  ) throws(LibTorchError) -> PyTree<RealTensor> {
    guard let tensors = self[0].elements else { throw LibTorchError(.argument("'self' is not a list")) }
    var results: [PyTree<RealTensor>] = []
    for (index, tensor) in tensors.enumerated() {
      results.append(try dispatcher.call("aten::\(overload)", [tensor] + (try further(index))))
    }
    return .list(results)
  }

  /// Element `index` of the list at `position`.
  fileprivate func element(_ position: Int, _ index: Int) throws(LibTorchError) -> PyTree<RealTensor> {
    guard let items = self[position].elements, items.indices.contains(index) else {
      throw LibTorchError(.argument("'\(schema.arguments[position].name)' is shorter than 'self'"))
    }
    return items[index]
  }
}
