import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// `cond(pred, true_fn, false_fn, operands)`: both branches run; sizes that differ become fresh symbols whose range
/// spans those of the branches.
///
/// - Source: `cond_fake_tensor_mode` and `_merge_output`, `torch/_higher_order_ops/cond.py`.
@Sendable
func cond(_ call: HigherOrderCall) throws -> FakeValue {
  guard call.arguments.count > 2 else {
    throw PropagationError(.malformed("cond takes a predicate, two subgraphs and operands"))
  }
  let results = try call.runInScopes(Array(call.arguments[1...2]), call.operands(3))
  return try merge(results[0], results[1], call.mode)
}

/// `switch(index, branches, operands)`: all branches run, and their results are merged as those of `cond`.
///
/// - Source: `switch_fake_tensor_mode`, `torch/_higher_order_ops/switch.py`.
@Sendable
func switchBranches(_ call: HigherOrderCall) throws -> FakeValue {
  let results = try call.runInScopes(call.operands(1), call.operands(2))
  guard let first = results.first else {
    throw PropagationError(.malformed("switch needs at least one branch"))
  }
  guard let leaves = first.elements else { return try merged(results, call.mode) }
  let items = try leaves.indices.map { position in
    let column = try results.map { result in
      guard let items = result.elements, items.count == leaves.count else {
        throw PropagationError(.malformed("the branches of switch return different numbers of values"))
      }
      return items[position]
    }
    return try merged(column, call.mode)
  }
  if case .list = first { return .list(items) }
  return .tuple(items)
}

/// One value for those of all branches; integers become one symbol at once.
private func merged(_ values: [FakeValue], _ mode: FakeTensorMode) throws -> FakeValue {
  let integers = values.compactMap { if case .symInt(let value) = $0 { value.constant } else { nil } }
  if integers.count == values.count, let lower = integers.min(), let upper = integers.max() {
    let size = SymInt(lower)
    return .symInt(
      lower == upper ? size : mode.shapes.createUnbackedInt(range: IntRange(lower: lower, upper: upper)))
  }
  return try values.dropFirst().reduce(values[0]) { try merge($0, $1, mode) }
}

/// One value that represents the results of both branches.
private func merge(_ a: FakeValue, _ b: FakeValue, _ mode: FakeTensorMode) throws -> FakeValue {
  switch (a, b) {
  case (.none, .none): return .none
  case (.tuple(let x), .tuple(let y)) where x.count == y.count:
    return .tuple(try zip(x, y).map { try merge($0, $1, mode) })
  case (.list(let x), .list(let y)) where x.count == y.count:
    return .list(try zip(x, y).map { try merge($0, $1, mode) })
  case (.symInt(let x), .symInt(let y)): return .symInt(x == y ? x : mergedSize(x, y, mode.shapes))
  case (.bool(let x), .bool(let y)) where x == y: return a
  case (.tensor(let x), .tensor(let y)): return .tensor(try merge(x, y, mode))
  default: throw PropagationError(.malformed("the branches of cond return values of different kinds"))
  }
}

private func mergedSize(_ a: SymInt, _ b: SymInt, _ shapes: ShapeEnv) -> SymInt {
  let (x, y) = (ownRange(of: a, shapes), ownRange(of: b, shapes))
  return shapes.createUnbackedInt(range: IntRange(lower: min(x.lower, y.lower), upper: max(x.upper, y.upper)))
}

/// The range of a number or a lone symbol.
///
/// An expression counts as unknown, as in PyTorch, whose results must not be narrowed.
private func ownRange(of size: SymInt, _ shapes: ShapeEnv) -> IntRange {
  guard let expression = size.symbolicExpression else { return shapes.bound(of: size) }
  let isSymbol = shapes.arena.asSymbol(shapes.resolve(expression)) != nil
  return isSymbol ? shapes.bound(of: size) : .unbounded
}

private func merge(_ a: FakeTensor, _ b: FakeTensor, _ mode: FakeTensorMode) throws -> FakeTensor {
  guard a.dtype == b.dtype, a.rank == b.rank, a.device == b.device, a.layout == b.layout,
    try mode.shapes.evaluateEqual(a.storageOffset, b.storageOffset)
  else {
    throw PropagationError(
      .malformed(
        "When merging two branches' output in torch.cond, expected same dtype, rank, device, layout and storage offset but got "
          + "\(mode.shapes.shortText(of: a)) and \(mode.shapes.shortText(of: b))"))
  }
  let shapes = mode.shapes
  var sizes = Sizes()
  for (x, y) in zip(a.sizes, b.sizes) {
    let isShared = shapes.resolve(x) == shapes.resolve(y) && !shapes.isUnbacked(x)
    sizes.append(isShared ? x : mergedSize(x, y, shapes))
    // The result is created like any other tensor, whose sizes must be non-negative.
    if !isShared { _ = shapes.check(shapes.ge(sizes[sizes.count - 1], 0)) }
  }
  return mode.tensor(
    sizes, strides: try mergedStrides(a, b, sizes, mode), dtype: a.dtype, device: a.device, layout: a.layout)
}

/// Strides for the merged sizes, in the order that both branches have: each is the product of the merged sizes inside
/// it; 0 stays 0.
private func mergedStrides(
  _ a: FakeTensor, _ b: FakeTensor, _ sizes: Sizes, _ mode: FakeTensorMode
) throws -> Sizes {
  let shapes = mode.shapes
  let order = strideOrder(a, shapes)
  guard order == strideOrder(b, shapes) else {
    throw PropagationError(
      .malformed(
        "The sorted order of strides of the two branches' output doesn't match; call contiguous() in both"))
  }
  var strides = Sizes(repeating: 0, count: sizes.count)
  var known: [(a: SymInt, merged: SymInt)] = [(1, 1)]
  for dim in order {
    if a.strides[dim] == 0 { continue }
    guard let merged = known.last(where: { $0.a == a.strides[dim] })?.merged else {
      throw PropagationError(
        .malformed("a stride of a branch's output is not a product of its sizes; call contiguous() on it"))
    }
    strides[dim] = merged
    known.append((shapes.mul(a.strides[dim], a.sizes[dim]), shapes.mul(merged, sizes[dim])))
  }
  return strides
}

/// Dims from the innermost to the outermost.
///
/// Dims whose strides cannot be ordered stay in place.
func strideOrder(_ tensor: FakeTensor, _ shapes: ShapeEnv, laterInsideOnTies: Bool = true) -> [Int] {
  var order = Array(tensor.sizes.indices)
  if laterInsideOnTies { order.reverse() }
  for index in order.indices.dropFirst() {
    var position = index
    while position > 0,
      shapes.staticallyKnownTrue(
        shapes.lt(tensor.strides[order[position]], tensor.strides[order[position - 1]]))
    {
      order.swapAt(position, position - 1)
      position -= 1
    }
  }
  return order
}
