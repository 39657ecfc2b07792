import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Operators on lists of tensors: the single-tensor operator, applied to each element.
let foreachOperators: [OperatorRow] = [
  foreachUnary.flatMap { OperatorRow.foreach($0, tensor: "\($0).default", number: "\($0).default") },
  OperatorRow.foreach("zero", tensor: "clone.default", number: "clone.default", inplace: "zero_.default"),
  OperatorRow.foreach("add", tensor: "add.Tensor", number: "add.Scalar", keyword: "alpha"),
  OperatorRow.foreach("addcdiv", tensor: "addcdiv.default", number: "addcdiv.default", keyword: "value"),
  OperatorRow.foreach("addcmul", tensor: "addcmul.default", number: "addcmul.default", keyword: "value"),
  OperatorRow.foreach("clamp_max", tensor: "clamp_max.Tensor", number: "clamp_max.default"),
  OperatorRow.foreach("clamp_min", tensor: "clamp_min.Tensor", number: "clamp_min.default"),
  OperatorRow.foreach("copy", tensor: "copy.default", number: "copy.default"),
  OperatorRow.foreach("div", tensor: "div.Tensor", number: "div.Scalar"),
  OperatorRow.foreach("lerp", tensor: "lerp.Tensor", number: "lerp.Scalar"),
  OperatorRow.foreach("maximum", tensor: "clamp_min.Tensor", number: "clamp_min.default"),
  OperatorRow.foreach("minimum", tensor: "clamp_max.Tensor", number: "clamp_max.default"),
  OperatorRow.foreach("mul", tensor: "mul.Tensor", number: "mul.Scalar"),
  OperatorRow.foreach("pow", tensor: "pow.Tensor_Tensor", number: "pow.Tensor_Scalar"),
  [
    OperatorRow("_foreach_mm", foreachProducts),
    OperatorRow("_foreach_norm", foreachNorm),
    OperatorRow("_foreach_powsum", foreachPowerSums),
    OperatorRow("_foreach_pow.ScalarAndTensor") { call in
      .list(try call.eachElement { try call.aten("pow.Scalar", $0, named: [:]) })
    },
  ],
  OperatorRow.foreach("sub", tensor: "sub.Tensor", number: "sub.Scalar", keyword: "alpha"),
].flatMap { $0 }

private let foreachUnary = [
  "abs", "acos", "asin", "atan", "ceil", "clone", "cos", "cosh", "erf", "erfc", "exp", "expm1", "floor",
  "frac",
  "lgamma", "log", "log10", "log1p", "log2", "max", "neg", "reciprocal", "round", "rsqrt", "sigmoid", "sign",
  "sin",
  "sinh", "sqrt", "tan", "tanh", "trunc",
]

extension OperatorRow {
  /// The functional and the in-place form of a list operator.
  ///
  /// The last operand decides which overload is applied to the elements.
  fileprivate static func foreach(
    _ name: String, tensor: String, number: String, keyword: String? = nil, inplace: String? = nil
  ) -> [OperatorRow] {
    [false, true].map { isInplace in
      OperatorRow("_foreach_\(name)\(isInplace ? "_" : "")") { call in
        let results = try call.eachElement { operands in
          var operands = operands
          var named: [String: FakeValue] = [:]
          if let keyword, operands.count > (keyword == "alpha" ? 2 : 3) {
            named[keyword] = operands.removeLast()
          }
          if let shared = operands.last?.tensor, call.arguments.count > 1,
            call.schema.name.overload == "Tensor"
          {
            try call.require(
              shared.rank <= 1, "scalar tensor expected to be 0 dim but it has \(shared.rank) dimensions")
          }
          let isNumber = operands.count > 1 && operands[operands.count - 1].tensor == nil
          let functional = isNumber ? number : tensor
          let overload = isInplace ? inplace ?? inplaceName(functional) : functional
          return try call.aten(overload, operands, named: named)
        }
        return isInplace ? .none : .list(results)
      }
    }
  }
}

/// `_foreach_norm.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]`: one real number each.
///
/// - Source: `meta_foreach_norm`, `torch/_meta_registrations.py`.
@Sendable
private func foreachNorm(_ call: OperatorCall) throws -> FakeValue {
  let dtype = try call.optionalDtype(2)
  let isLargest = try call.double(1) == .infinity
  return .list(
    try call.tensors(0).map { tensor in
      if isLargest {
        try call.check(
          call.shapes.gt(call.shapes.geometry.numel(tensor), 0),
          "_foreach_norm cannot compute infinity norm on empty tensor")
      }
      return .tensor(call.newTensor([], like: tensor, dtype: (dtype ?? tensor.dtype).toReal))
    })
}

/// `_foreach_mm(Tensor[] self, Tensor[] mat2) -> Tensor[]`: a product each.
@Sendable
private func foreachProducts(_ call: OperatorCall) throws -> FakeValue {
  .list(try call.eachElement { try call.aten("mm.default", $0, named: [:]) })
}

/// `_foreach_powsum.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]`: one number each.
@Sendable
private func foreachPowerSums(_ call: OperatorCall) throws -> FakeValue {
  let (order, dtype) = (call[1], call[2])
  return .list(
    try call.tensors(0).map { tensor in
      let operands: [FakeValue] = [.tensor(tensor), order]
      return try call.aten("linalg__powsum.default", operands, named: ["dtype": dtype])
    })
}

/// `add.Tensor` → `add_.Tensor`.
private func inplaceName(_ overload: String) -> String {
  guard let dot = overload.firstIndex(of: ".") else { return overload }
  return "\(overload[..<dot])_\(overload[dot...])"
}

extension OperatorCall {
  /// Calls `body` with the operands of each element: lists are iterated together, other operands are shared.
  fileprivate func eachElement(_ body: ([FakeValue]) throws -> FakeValue) throws -> [FakeValue] {
    let lists = arguments.map(\.elements)
    guard let count = lists.compactMap({ $0?.count }).first else {
      throw refusal("a list of tensors is missing")
    }
    try require(count > 0, "Tensor list must have at least one tensor.")
    try require(
      lists.allSatisfy { $0 == nil || $0?.count == count },
      "Tensor lists must have the same number of tensors, got \(lists.compactMap { $0?.count })")
    return try (0..<count).map { index in
      try body(zip(arguments, lists).map { argument, list in list.map { $0[index] } ?? argument })
    }
  }

  fileprivate func aten(
    _ overload: String, _ operands: [FakeValue], named: [String: FakeValue]
  ) throws -> FakeValue {
    guard let name = OperatorName("aten.\(overload)"), let resolved = OperatorTable.aten.resolve(name) else {
      throw unsupported("needs aten.\(overload), which has no shape rule")
    }
    return try resolved.apply(try resolved.call(operands, named, in: mode))
  }
}
