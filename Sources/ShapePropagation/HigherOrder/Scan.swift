import FakeTensors
import SymbolicShapes

/// `scan(combine_fn, init, xs, additional_inputs)`: the body runs once, on the first row of each `xs`.
///
/// The carried values come first; every other result is stacked, one row for each row of `xs`.
///
/// - Source: `scan_fake_tensor_mode`, `torch/_higher_order_ops/scan.py`.
@Sendable
func scan(_ call: HigherOrderCall) throws -> FakeValue {
  let (start, rows) = (call.operands(1), call.operands(2))
  guard case .tensor(let first)? = rows.first, first.rank > 0 else {
    throw PropagationError(.malformed("scan runs over the first dim of tensors"))
  }
  let result = try call.run(0, start + (try firstRows(of: rows, call)) + additionalInputs(call))
  guard let results = result.elements, results.count >= start.count else {
    throw PropagationError(.malformed("the body of scan must return what it carries"))
  }
  let rest = try results.dropFirst(start.count).map { try stacked($0, first.sizes[0], call) }
  return .tuple(results.prefix(start.count) + rest)
}

/// `associative_scan(combine_fn, xs, additional_inputs)`: the results have the metadata of `xs`.
///
/// - Source: `assoiciative_scan_fake_tensor_mode`, `torch/_higher_order_ops/associative_scan.py`.
@Sendable
func associativeScan(_ call: HigherOrderCall) throws -> FakeValue {
  .tuple(try call.operands(1).map { try call.apply("aten.clone.default", $0) })
}

/// `map_impl(f, xs, args)`: the body runs once, on the first row of each `xs`; every resulting tensor is stacked, one
/// row for each row of `xs`.
///
/// - Source: `map_fake_tensor_mode`, `torch/_higher_order_ops/map.py`.
@Sendable
func mapOverRows(_ call: HigherOrderCall) throws -> FakeValue {
  let rows = call.operands(1)
  guard case .tensor(let first)? = rows.first, first.rank > 0 else {
    throw PropagationError(.malformed("map runs over the first dim of tensors"))
  }
  let result = try call.run(0, (try firstRows(of: rows, call)) + call.operands(2))
  return try stacked(result, first.sizes[0], call)
}

/// Before PyTorch 2.7, `scan` took a dim and a direction before its additional inputs.
private func additionalInputs(_ call: HigherOrderCall) -> [FakeValue] {
  call.arguments.dropFirst(3).lazy.compactMap(\.elements).first ?? []
}

private func firstRows(of values: [FakeValue], _ call: HigherOrderCall) throws -> [FakeValue] {
  try values.map { try call.apply("aten.select_copy.int", $0, .int(0), .int(0)) }
}

/// New, contiguous tensors with `count` in front of their sizes; other values stay as they are.
private func stacked(_ value: FakeValue, _ count: SymInt, _ call: HigherOrderCall) throws -> FakeValue {
  switch value {
  case .tensor(let row):
    .tensor(call.mode.tensor(Sizes([count] + Array(row.sizes)), dtype: row.dtype, device: row.device))
  case .tuple(let items): .tuple(try items.map { try stacked($0, count, call) })
  case .list(let items): .list(try items.map { try stacked($0, count, call) })
  default: value
  }
}
