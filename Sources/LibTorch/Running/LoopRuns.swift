import FX

/// Operators that run a graph again and again.

/// `while_loop(cond_fn, body_fn, carried_inputs, additional_inputs)`.
@Sendable
func whileLoop(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  var carried = call.list(2)
  while true {
    let goesOn = try call.runGraph(0, carried + call.list(3))
    let condition = goesOn.elements?.first ?? goesOn
    guard try HostCall(args: [condition], kwargs: []).number(0).isTrue else { return .tuple(carried) }
    let results = try call.runGraph(1, carried + call.list(3))
    guard let elements = results.elements, elements.count == carried.count else {
      throw LibTorchError(
        .argument("the body returns another number of values than it carries"), operator: "while_loop")
    }
    carried = elements
  }
}

/// `map_impl(f, xs, args)`: the graph runs on each row, and its results are stacked.
@Sendable
func mapOverRows(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  let xs = call.list(1)
  let results = try (0..<(try rowCount(xs, "map"))).map { row in
    try call.runGraph(0, try rows(xs, row, call) + call.list(2))
  }
  return try stacked(results, call)
}

/// `scan(combine_fn, init, xs, additional_inputs)`; before 2.7 a dim and a direction came before the additional inputs.
@Sendable
func scan(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  var carried = call.list(1)
  let (xs, count) = (call.list(2), carried.count)
  if call.args.dropFirst(3).contains(where: { ($0.int ?? 0) != 0 }) {
    throw LibTorchError(.unsupported("a scan along another dim than the first"), operator: "scan")
  }
  let isReversed = call.args.dropFirst(3).contains {
    if case .constant(.bool(true)) = $0 { true } else { false }
  }
  let additional = call.args.dropFirst(3).lazy.compactMap(\.elements).first ?? []
  var results: [PyTree<RealTensor>] = []
  let indices = Array(0..<(try rowCount(xs, "scan")))
  for row in isReversed ? indices.reversed() : indices {
    guard let step = try call.runGraph(0, carried + rows(xs, row, call) + additional).elements,
      step.count >= count
    else { throw LibTorchError(.argument("the graph does not return what it carries"), operator: "scan") }
    carried = Array(step.prefix(count))
    results.append(.tuple(Array(step.dropFirst(count))))
  }
  if isReversed { results.reverse() }
  return .tuple(carried + (try stacked(results, call).elements ?? []))
}

/// `associative_scan(combine_fn, xs, additional_inputs)`: the first row, then each combined with all before.
@Sendable
func associativeScan(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  let xs = call.list(1)
  var results: [PyTree<RealTensor>] = []
  for row in 0..<(try rowCount(xs, "associative_scan")) {
    let next = try rows(xs, row, call)
    guard let before = results.last?.elements else {
      results.append(.tuple(next))
      continue
    }
    results.append(try call.runGraph(0, before + next + call.list(2)))
  }
  return try stacked(results, call)
}

/// The size of the first dim of all.
private func rowCount(_ xs: [PyTree<RealTensor>], _ name: String) throws -> Int {
  guard let first = xs.first?.value, let count = try first.sizes.first else {
    throw LibTorchError(.argument("it runs over the first dim of tensors"), operator: name)
  }
  guard count > 0 else { throw LibTorchError(.unsupported("a first dim of size 0"), operator: name) }
  return count
}

private func rows(
  _ xs: [PyTree<RealTensor>], _ row: Int, _ call: HigherOrderArguments
) throws -> [PyTree<RealTensor>] {
  try xs.map { try call.tensor("select.int", $0, .constant(.int(0)), .constant(.int(row))) }
}

/// Results of one structure, each tensor stacked; other values are those of the first.
private func stacked(
  _ results: [PyTree<RealTensor>], _ call: HigherOrderArguments
) throws -> PyTree<RealTensor> {
  guard let first = results.first else { return .tuple([]) }
  switch first {
  case .value: return try call.tensor("stack", .list(results))
  case .tuple(let items), .list(let items):
    let columns = try items.indices.map { column in
      try stacked(
        try results.map { result in
          guard let elements = result.elements, elements.count == items.count else {
            throw LibTorchError(.argument("the graph returns another structure for each row"))
          }
          return elements[column]
        }, call)
    }
    return .tuple(columns)
  default: return first
  }
}
