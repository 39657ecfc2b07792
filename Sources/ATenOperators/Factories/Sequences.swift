import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Tensors whose elements follow a formula: ranges, diagonals, index lists, windows.
///
/// Rows are in alphabetical order.
let sequences: [OperatorRow] = [
  OperatorRow("arange.default", { call in try arange(call, start: nil, end: 0, step: nil, options: 1) }),
  OperatorRow("arange.start", { call in try arange(call, start: 0, end: 1, step: nil, options: 2) }),
  OperatorRow("arange.start_step", { call in try arange(call, start: 0, end: 1, step: 2, options: 3) }),
  .window("bartlett_window.default", options: 1),
  .window("bartlett_window.periodic", options: 2),
  .window("blackman_window.default", options: 1),
  .window("blackman_window.periodic", options: 2),
  OperatorRow("eye.default", { call in try eye(call, columns: 0, options: 1) }),
  OperatorRow("eye.m", { call in try eye(call, columns: 1, options: 2) }),
  .window("hamming_window.default", options: 1),
  .window("hamming_window.periodic", options: 2),
  .window("hamming_window.periodic_alpha", options: 3),
  .window("hamming_window.periodic_alpha_beta", options: 4),
  .window("hann_window.default", options: 1, isAnyDtype: true),
  .window("hann_window.periodic", options: 2, isAnyDtype: true),
  .window("kaiser_window.beta", options: 3),
  .window("kaiser_window.default", options: 1),
  .window("kaiser_window.periodic", options: 2),
  OperatorRow("linspace", { call in try spaced(call, options: 3) }),
  OperatorRow("logspace", { call in try spaced(call, options: 4) }),
  OperatorRow("range.default", { call in try range(call, step: nil, options: 2) }),
  OperatorRow("range.step", { call in try range(call, step: 2, options: 3) }),
  OperatorRow("tril_indices", { call in try triangleIndices(call, isLower: true) }),
  OperatorRow("triu_indices", { call in try triangleIndices(call, isLower: false) }),
]

extension OperatorRow {
  /// A window function: `[window_length]`, floating-point unless `isAnyDtype`.
  fileprivate static func window(_ name: String, options: Int, isAnyDtype: Bool = false) -> OperatorRow {
    OperatorRow(name) { call in
      let length = try call.symInt(0)
      try call.check(
        call.shapes.ge(length, 0), "\(call.schema.name.base) requires non-negative window_length")
      let result = try call.fresh([length], options: options)
      if !isAnyDtype { try call.require(result.dtype, isNotIn: [.bool, .integer]) }
      return .tensor(result)
    }
  }
}

/// `arange(Scalar end)`, `arange.start(Scalar start, Scalar end)`, `arange.start_step(…, Scalar step=1)`:
/// `ceil((end - start) / step)` elements, int64 if all numbers are integers.
///
/// - Throws: a refusal if `step` is zero or points away from `end`, or if a number is not finite.
/// - Source: `arange`, `torch/_refs/__init__.py`.
private func arange(
  _ call: OperatorCall, start: Int?, end: Int, step: Int?, options: Int
) throws -> FakeValue {
  let positions = [start, end, step].compactMap { $0 }
  let categories = try positions.map { try call.scalarCategory($0) }
  try call.require(!categories.contains(.complex), "arange does not support complex numbers")
  let isInteger = categories.allSatisfy { $0 <= .int }
  let dtype = try call.optionalDtype(options) ?? (isInteger ? .int64 : .float32)
  let truncates = dtype == .int64 && !call.has(.arangeDividesFloats)
  let length =
    isInteger || (truncates && !positions.contains { call[$0].isSymbolicFloat })
    ? try integerLength(call, start, end, step) : try floatLength(call, start, end, step)
  let result = try call.fresh([length], options: options, dtype: dtype)
  // `start + step * index`; integers are counted.
  if !dtype.isIntegral, !isInteger || !call.has(.arangeDividesFloats) { call.ask(.onesAndLayout, of: result) }
  return .tensor(result)
}

/// `range(Scalar start, Scalar end)`, `range.step(…, Scalar step=1)`: `floor((end - start) / step) + 1` elements.
///
/// - Throws: a refusal if `step` is zero or points away from `end`, or if a number is not finite.
/// - Source: `range_out`, `aten/src/ATen/native/RangeFactories.cpp`.
private func range(_ call: OperatorCall, step: Int?, options: Int) throws -> FakeValue {
  let (first, last) = (try call.double(0), try call.double(1))
  let stride = try step.map { try call.double($0) } ?? 1
  try call.require(stride != 0 && !stride.isNaN, "step must be nonzero")
  try call.require(first.isFinite && last.isFinite, "unsupported range: \(first) -> \(last)")
  try call.require(
    stride > 0 ? last >= first : last <= first, "upper bound and lower bound inconsistent with step sign")
  guard let steps = Int(exactly: ((last - first) / stride).rounded(.down)), steps < Int.max else {
    throw call.refusal("invalid size, possible overflow?")
  }
  return .tensor(try call.fresh([SymInt(steps + 1)], options: options, dtype: .float32))
}

/// `(end - start + step - sign(step)) // step`.
private func integerLength(_ call: OperatorCall, _ start: Int?, _ end: Int, _ step: Int?) throws -> SymInt {
  let shapes = call.shapes
  let first = try start.map { try call.truncated($0) } ?? 0
  let last = try call.truncated(end)
  let stride = try step.map { try call.truncated($0) } ?? 1
  try call.require(try call.evaluate(shapes.ne(stride, 0)), "step must be nonzero")
  let isAscending = try call.evaluate(shapes.gt(stride, 0))
  try call.check(
    isAscending ? shapes.ge(last, first) : shapes.le(last, first),
    "upper bound and lower bound inconsistent with step sign")
  let span = shapes.sub(shapes.add(shapes.sub(last, first), stride), isAscending ? 1 : -1)
  return isAscending ? shapes.floorDiv(span, stride) : shapes.floorDiv(shapes.neg(span), shapes.neg(stride))
}

/// `ceil((end - start) / step)` as Python computes it for numbers that may be symbolic.
private func floatLength(_ call: OperatorCall, _ start: Int?, _ end: Int, _ step: Int?) throws -> SymInt {
  let isKnown = [start, end, step].allSatisfy { position in
    position.map { call[$0].knownDouble != nil } ?? true
  }
  if isKnown { return try knownLength(call, start, end, step) }
  let numbers = call.numbers
  let first = try start.map { try numbers.number($0) } ?? .int(0)
  let last = try numbers.number(end)
  let stride = try step.map { try numbers.number($0) } ?? .int(1)
  try call.require(try call.evaluate(numbers.comparison(.ne, stride, .int(0))), "step must be nonzero")
  let isAscending = try call.evaluate(numbers.comparison(.gt, stride, .int(0)))
  try call.check(
    numbers.comparison(isAscending ? .ge : .le, last, first),
    "upper bound and lower bound inconsistent with step sign")
  let quotient = numbers.toFloat(try numbers.trueQuotient(numbers.difference(last, first), stride))
  return numbers.rounded(quotient, .ceilToInt) { $0.rounded(.up) }
}

/// `ceil((end - start) / step)` for known numbers.
private func knownLength(_ call: OperatorCall, _ start: Int?, _ end: Int, _ step: Int?) throws -> SymInt {
  let first = try start.map { try call.double($0) } ?? 0
  let last = try call.double(end)
  let stride = try step.map { try call.double($0) } ?? 1
  try call.require(stride != 0, "step must be nonzero")
  try call.require(first.isFinite && last.isFinite, "unsupported range: \(first) -> \(last)")
  try call.require(stride.isFinite, "step must be finite but got \(stride)")
  try call.require(
    stride > 0 ? last >= first : last <= first, "upper bound and lower bound inconsistent with step sign")
  guard let length = Int(exactly: ((last - first) / stride).rounded(.up)) else {
    throw call.refusal("invalid size, possible overflow?")
  }
  return SymInt(length)
}

extension OperatorCall {
  /// A number, truncated.
  fileprivate func truncated(_ position: Int) throws -> SymInt {
    if case .float(let value) = self[position] {
      guard let whole = Int(exactly: value.rounded(.towardZero)) else {
        throw refusal("unsupported range: \(value)")
      }
      return SymInt(whole)
    }
    return try symInt(position)
  }
}

extension FakeValue {
  fileprivate var isSymbolicFloat: Bool {
    if case .symFloat = self { return true }
    return false
  }
}

/// `eye(SymInt n)`, `eye.m(SymInt n, SymInt m)`: `[n, m]`.
private func eye(_ call: OperatorCall, columns: Int, options: Int) throws -> FakeValue {
  let (rows, columns) = (try call.symInt(0), try call.symInt(columns))
  for size in [rows, columns] {
    try call.check(
      call.shapes.ge(size, 0), "n must be greater or equal to 0, got \(call.shapes.text(of: size))")
  }
  let result = try call.fresh([rows, columns], options: options)
  // A column of numbers is compared with a row of them, and the truth values are converted.
  call.askWhetherOnes([rows])
  call.askWhetherOnes([columns])
  if call.shapes.isOpenWhetherOne(result.sizes) { call.askWhetherDense(result) }
  return .tensor(result)
}

/// `linspace(Scalar start, Scalar end, int steps)`, `logspace(…, float base=10)`, also with 0-dim tensors as start or
/// end: `[steps]`, complex if either is complex.
private func spaced(_ call: OperatorCall, options: Int) throws -> FakeValue {
  var isComplex = false
  for position in 0...1 {
    if let tensor = call[position].tensor {
      try call.require(
        tensor.rank == 0, "\(call.schema.name.base) only supports 0-dimensional start and end tensors")
    } else {
      isComplex = try call.scalarCategory(position) == .complex || isComplex
    }
  }
  let steps = try call.int(2)
  try call.require(steps >= 0, "number of steps must be non-negative")
  let result = try call.fresh([SymInt(steps)], options: options, dtype: isComplex ? .complex64 : .float32)
  try call.require(
    !isComplex || result.dtype.isComplex,
    "inferred dtype complex64 can't be safely cast to passed dtype \(result.dtype.name)")
  return .tensor(result)
}

/// `tril_indices(int row, int col, int offset=0)`, `triu_indices`: `[2, n]`, one column per element of the
/// triangle.
///
/// Source: `get_tril_size`, `aten/src/ATen/native/TensorFactories.h`.
private func triangleIndices(_ call: OperatorCall, isLower: Bool) throws -> FakeValue {
  let (rows, columns) = (try call.int(0), try call.int(1))
  let offset = try call.int(2)
  try call.require(rows >= 0, "row must be non-negative, got \(rows)")
  try call.require(columns >= 0, "col must be non-negative, got \(columns)")
  let (total, isTooLarge) = rows.multipliedReportingOverflow(by: columns)
  let (before, isTooLow) = offset.subtractingReportingOverflow(1)
  try call.require(!isTooLarge && !isTooLow, "invalid size, possible overflow?")
  let count =
    isLower
    ? lowerTriangle(rows, columns, offset) : lowerTriangle(rows, columns, before).map { total - $0 }
  guard let count else { throw call.refusal("invalid size, possible overflow?") }
  let result = try call.fresh([2, SymInt(count)], options: 3, dtype: .int64)
  try call.require(
    result.dtype == .int32 || result.dtype == .int64,
    "\(call.schema.name.base) not implemented for '\(result.dtype.name)'")
  return .tensor(result)
}

/// The number of elements `(i, j)` with `j - i <= offset`; `nil` on overflow.
private func lowerTriangle(_ rows: Int, _ columns: Int, _ offset: Int) -> Int? {
  guard rows > 0, columns > 0 else { return 0 }
  let (lastEnd, overflow) = rows.addingReportingOverflow(offset)
  // Bound: the caller has checked that the product fits.
  if overflow { return offset > 0 ? rows * columns : 0 }
  if lastEnd <= 0 { return 0 }
  // Row i has max(0, min(columns, i + 1 + offset)) elements.
  let firstRow = Swift.max(0, offset >= 0 ? 0 : -offset)
  let fullFrom = Swift.min(
    rows, Swift.max(firstRow, columns > offset ? columns - Swift.max(offset, -rows) - 1 : 0))
  let firstCount = Swift.min(columns, firstRow + 1 + Swift.min(offset, columns))
  let partialRows = fullFrom - firstRow
  // Bound: rows · columns fits, and so do all full rows.
  let full = (rows - fullFrom) * columns
  guard partialRows > 0 else { return full }
  let (twice, isWide) = firstCount.multipliedReportingOverflow(by: 2)
  let (outer, isTall) = twice.addingReportingOverflow(partialRows - 1)
  let (ends, tooLarge) = partialRows.multipliedReportingOverflow(by: outer)
  return isWide || isTall || tooLarge ? nil : ends / 2 + full
}
