import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Operators that state a fact and compute nothing.
///
/// Rows are in alphabetical order.
let assertions: [OperatorRow] = [
  OperatorRow("_assert_async") { _ in .none },
  OperatorRow("_assert_scalar") { call in
    try call.assertTruth(0, 1)
    return .none
  },
  OperatorRow("_assert_tensor_metadata", assertTensorMetadata),
  OperatorRow("_functional_assert_async.msg") { call in call[2] },
  OperatorRow("_functional_assert_scalar") { call in
    try call.assertTruth(0, 1)
    return call[2]
  },
  OperatorRow("_functional_sym_constrain_range") { call in
    try call.constrainRange()
    return call[3]
  },
  OperatorRow("_functional_sym_constrain_range_for_size") { call in
    try call.constrainRangeForSize()
    return call[3]
  },
  OperatorRow("_make_dep_token") { call in .tensor(call.mode.tensor([], dtype: .float32, device: .meta)) },
  OperatorRow("_print") { _ in .none },
  OperatorRow("sym_constrain_range") { call in
    try call.constrainRange()
    return .none
  },
  OperatorRow("sym_constrain_range_for_size") { call in
    try call.constrainRangeForSize()
    return .none
  },
  .check("torch._check"),
  .check("torch._check_index"),
  OperatorRow("torch._check_is_size", schema: "torch::_check_is_size(Scalar i, Any? message=None) -> ()") {
    call in
    let size = call.numbers.toInt(try call.numbers.number(0))
    try call.require(call.shapes.checkIsSize(size), "expected a size, which is at least 0")
    return .none
  },
  .check("torch._check_not_implemented"),
  .check("torch._check_type"),
  .check("torch._check_value"),
]

extension OperatorRow {
  /// `torch._check(cond, message)` under its various names, which differ only in the exception they raise.
  fileprivate static func check(_ name: String) -> OperatorRow {
    let schema = name.split(separator: ".").joined(separator: "::") + "(Scalar cond, Any? message=None) -> ()"
    return OperatorRow(name, schema: schema) { call in
      try call.assertTruth(0, 1)
      return .none
    }
  }
}

extension OperatorCall {
  /// `_assert_scalar(Scalar self, str assert_msg) -> ()`: a runtime assert if unbacked.
  ///
  /// - Throws: a refusal with the message if the condition is known to be false.
  /// - Guards: the condition, if its symbols have hints.
  /// - Source: `_assert_scalar`, `aten/src/ATen/native/TensorCompare.cpp`.
  fileprivate func assertTruth(_ condition: Int, _ message: Int) throws {
    var text = "assertion failed"
    if case .string(let given) = self[message] { text = given }
    try check(numbers.toBool(numbers.number(condition)), text)
  }

  /// `sym_constrain_range(Scalar size, *, int? min=None, int? max=None) -> ()`: narrows the range without a
  /// guard.
  ///
  /// - Throws: a refusal if the size is known and outside the range, or if max < min.
  /// - Source: `sym_constrain_range`, `torch/_meta_registrations.py`.
  fileprivate func constrainRange() throws {
    let (size, range) = try constrainedSize()
    if let constant = size.constant {
      try require(range.lower <= constant && constant <= range.upper, "Invalid value \(constant) for range")
    } else if let expression = size.symbolicExpression,
      let symbol = shapes.arena.asSymbol(shapes.resolve(expression))
    {
      shapes.narrow(symbol, to: range)
    }
  }

  /// `sym_constrain_range_for_size(Scalar size, *, int? min=None, int? max=None) -> ()`: as above, and at least 0.
  ///
  /// - Source: `sym_constrain_range_for_size`, `torch/_meta_registrations.py`.
  fileprivate func constrainRangeForSize() throws {
    let (size, range) = try constrainedSize()
    if isNone(1), isNone(2) {
      try check(shapes.ge(size, 0), "expected a size, which is at least 0")
    } else if let constant = size.constant {
      try require(range.lower <= constant && constant <= range.upper, "Invalid value \(constant) for range")
    } else {
      shapes.constrainRangeForSize(size, range)
    }
  }

  private func constrainedSize() throws -> (SymInt, IntRange) {
    guard case .int(let size) = try numbers.number(0) else {
      throw unsupported("the range of a float or of a truth value cannot be constrained")
    }
    let (lower, upper) = (try optionalInt(1) ?? .min, try optionalInt(2) ?? .max)
    try require(lower <= upper, "the maximum \(upper) is less than the minimum \(lower)")
    return (size, IntRange(lower: lower, upper: upper))
  }
}

/// `_assert_tensor_metadata(Tensor a, SymInt[]? size, SymInt[]? stride, ScalarType? dtype, *, Device? device,
/// Layout? layout) -> ()`.
///
/// - Throws: a refusal if the tensor has different metadata.
/// - Guards: equality of sizes and of strides.
/// - Source: `assert_tensor_metadata`, `torch/_subclasses/fake_impls.py`.
@Sendable
private func assertTensorMetadata(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  if let sizes = try call.optionalSymInts(1) {
    try call.requireSame(sizes, tensor.sizes, "Tensor sizes mismatch!")
  }
  if let strides = try call.optionalSymInts(2) {
    try call.requireSame(strides, tensor.strides, "Tensor strides mismatch!")
  }
  if let dtype = try call.optionalDtype(3) {
    try call.require(
      tensor.dtype == dtype,
      "Tensor dtype mismatch! Expected: torch.\(dtype.name), Got: torch.\(tensor.dtype.name)")
  }
  if let device = try call.optionalDevice(4) {
    try call.require(
      tensor.device == device, "Tensor device mismatch! Expected: \(device), Got: \(tensor.device)")
  }
  if let layout = try call.optionalLayout(5) {
    try call.require(tensor.layout == layout, "Tensor layout mismatch! Expected: \(layout.name)")
  }
  return .none
}

extension OperatorCall {
  fileprivate func requireSame(_ expected: Sizes, _ found: Sizes, _ what: String) throws {
    var isSame = has(.metadataTakesLists) && expected.count == found.count
    for (a, b) in zip(expected, found) where isSame { isSame = try isEqual(a, b) }
    try require(
      isSame, "\(what) Expected: \(shapes.shortText(of: expected)), Got: \(shapes.shortText(of: found))")
  }
}
