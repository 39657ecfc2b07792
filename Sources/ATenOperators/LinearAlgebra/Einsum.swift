import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// `einsum(equation, tensors, path)`: products over named dims, contracted pair by pair.
///
/// Every operand is permuted to one order of dims: those of the result, then those that are summed. Pairs are
/// multiplied by `bmm`, so the last product decides the strides of the result.
///
/// - Source: `einsum`, `sumproduct_pair`, `aten/src/ATen/native/Linear.cpp`.
let einsums: [OperatorRow] = [
  OperatorRow("einsum") { call in
    let equation = try EinsumEquation(try call.string(0), call)
    return .tensor(try call.einsum(equation, try call.tensors(1), path: try call.optionalInts(2)))
  }
]

/// The labels of an equation such as `bij,bjk->bik`; `nil` stands for the ellipsis.
private struct EinsumEquation {
  var operands: [[Character?]]
  var result: [Character?]?

  init(_ text: String, _ call: OperatorCall) throws {
    let sides = text.split(separator: "->", omittingEmptySubsequences: false).map(String.init)
    try call.require(sides.count <= 2, "einsum(): invalid equation '\(text)'")
    operands = try (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map {
      try Self.labels(String($0), call)
    }
    if sides.count == 2 { result = try Self.labels(sides[1], call) }
  }

  private static func labels(_ text: String, _ call: OperatorCall) throws -> [Character?] {
    var labels: [Character?] = []
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix("...") {
        try call.require(!labels.contains(nil), "einsum(): found a second ellipsis in '\(text)'")
        labels.append(nil)
        rest = rest.dropFirst(3)
        continue
      }
      rest = rest.dropFirst()
      if character == " " { continue }
      try call.require(
        character.isASCII && character.isLetter,
        "einsum(): invalid subscript, subscripts must be in [a-zA-Z]")
      labels.append(character)
    }
    return labels
  }
}

/// The order of the labels: the dims of the result first.
private struct EinsumOrder {
  var positions: [Character: Int] = [:]
  var ellipsis = 0
  var resultCount = 0
  var count = 0

  init(_ equation: EinsumEquation, ellipsisRank: Int, _ call: OperatorCall) throws {
    var counts: [Character: Int] = [:]
    for case let label? in equation.operands.joined() { counts[label, default: 0] += 1 }
    // ASCII: upper case before lower case.
    let labels = counts.keys.sorted()
    var hasEllipsis = false
    if let result = equation.result {
      for label in result {
        guard let label else {
          (ellipsis, hasEllipsis) = (count, true)
          count += ellipsisRank
          continue
        }
        try call.require(
          counts[label] != nil, "einsum(): output subscript \(label) does not appear in any input operand")
        try call.require(
          positions[label] == nil, "einsum(): output subscript \(label) appears more than once in the output")
        positions[label] = count
        count += 1
      }
    } else {
      (count, hasEllipsis) = (ellipsisRank, true)
      for label in labels where counts[label] == 1 {
        positions[label] = count
        count += 1
      }
    }
    resultCount = count
    if !hasEllipsis {
      ellipsis = count
      count += ellipsisRank
    }
    for label in labels where positions[label] == nil {
      positions[label] = count
      count += 1
    }
  }
}

extension OperatorCall {
  fileprivate func einsum(
    _ equation: EinsumEquation, _ tensors: [FakeTensor], path: [Int]?
  ) throws -> FakeTensor {
    try require(!tensors.isEmpty, "einsum(): must provide at least one operand")
    try require(
      tensors.count == equation.operands.count,
      "einsum(): more operands were provided than specified in the equation, or fewer")
    var ellipsisRank = 0
    for (labels, tensor) in zip(equation.operands, tensors) {
      let named = labels.count - (labels.contains(nil) ? 1 : 0)
      try require(
        labels.contains(nil) ? named <= tensor.rank : named == tensor.rank,
        "einsum(): the number of subscripts in the equation (\(named)) does not match the number of "
          + "dimensions (\(tensor.rank)) for an operand")
      if labels.contains(nil) { ellipsisRank = Swift.max(ellipsisRank, tensor.rank - named) }
    }
    let order = try EinsumOrder(equation, ellipsisRank: ellipsisRank, self)
    try require(order.count <= 64, "einsum(): too many dimensions")
    var extents = [SymInt](repeating: 1, count: order.count)
    var uses = [Int](repeating: 0, count: order.count)
    var operands: [FakeTensor] = []
    for (labels, tensor) in zip(equation.operands, tensors) {
      operands.append(try aligned(tensor, labels, order, ellipsisRank, &extents, &uses))
    }
    let contracted = try contract(operands, order, &uses, path)
    guard order.count > order.resultCount else { return contracted }
    if tensors.count > 1 {
      return try views.view(contracted, Sizes(contracted.sizes.prefix(order.resultCount)))
    }
    let sum = contracted.dtype.isIntegral || contracted.dtype.isBool ? .int64 : contracted.dtype
    return reducing.reduced(contracted, Array(order.resultCount..<order.count), keepdim: false, dtype: sum)
  }

  /// One operand with all dims in order; repeated labels become diagonals, missing ones get size 1.
  private func aligned(
    _ tensor: FakeTensor, _ labels: [Character?], _ order: EinsumOrder, _ ellipsisRank: Int,
    _ extents: inout [SymInt], _ uses: inout [Int]
  ) throws -> FakeTensor {
    var operand = tensor
    var places = [Int](repeating: -1, count: order.count)
    var dim = 0
    func use(_ position: Int) throws {
      let size = operand.sizes[dim]
      if shapes.guardOrTrue(shapes.ne(size, 1)) {
        if extents[position] != 1 {
          try check(
            shapes.eq(extents[position], size),
            "einsum(): operands do not broadcast with remapped shapes")
        }
        extents[position] = size
        uses[position] += 1
      }
      places[position] = dim
      dim += 1
    }
    for label in labels {
      guard let label else {
        let count = tensor.rank - (labels.count - 1)
        for offset in (ellipsisRank - count)..<ellipsisRank { try use(order.ellipsis + offset) }
        continue
      }
      guard let position = order.positions[label] else { continue }
      let previous = places[position]
      if previous < 0 {
        try use(position)
        continue
      }
      try require(
        try isEqual(operand.sizes[dim], operand.sizes[previous]),
        "einsum(): subscript \(label) is repeated for an operand but the sizes don't match")
      operand = try atenTensor(
        "diagonal.default", .tensor(operand), .int(0), .int(previous), .int(dim))
      operand = try views.moveDims(operand, [-1], [previous])
    }
    for position in places.indices where places[position] < 0 {
      operand = try views.unsqueeze(operand, dim)
      places[position] = dim
      dim += 1
    }
    return try permuted(operand, by: places)
  }

  /// Multiplies pairs until one operand is left.
  private func contract(
    _ operands: [FakeTensor], _ order: EinsumOrder, _ uses: inout [Int], _ path: [Int]?
  ) throws -> FakeTensor {
    var operands = operands
    var steps = (path ?? []).makeIterator()
    while operands.count > 1 {
      var (i, j) = (0, 1)
      if path != nil {
        guard let first = steps.next(), let second = steps.next() else {
          throw refusal("einsum(): the path is too short")
        }
        (i, j) = (Swift.min(first, second), Swift.max(first, second))
        try require(i != j && i >= 0 && j < operands.count, "einsum(): invalid contraction (\(i), \(j))")
      }
      let right = operands.remove(at: j)
      let left = operands.remove(at: i)
      let product = try contractPair(left, right, order, &uses)
      operands.insert(product, at: path == nil ? 0 : operands.count)
    }
    guard let result = operands.first else { throw refusal("einsum(): must provide at least one operand") }
    return result
  }

  private func contractPair(
    _ left: FakeTensor, _ right: FakeTensor, _ order: EinsumOrder, _ uses: inout [Int]
  ) throws -> FakeTensor {
    var (summed, onlyLeft, onlyRight) = ([Int](), [Int](), [Int]())
    for dim in order.resultCount..<order.count {
      let isLeft = shapes.guardOrTrue(shapes.ne(left.sizes[dim], 1))
      let isRight = shapes.guardOrTrue(shapes.ne(right.sizes[dim], 1))
      if isLeft && isRight {
        uses[dim] -= 1
        if uses[dim] == 1 {
          summed.append(dim)
          uses[dim] = 0
        }
      } else if uses[dim] == 1, isLeft || isRight {
        if isLeft { onlyLeft.append(dim) } else { onlyRight.append(dim) }
        uses[dim] = 0
      }
    }
    let a = onlyLeft.isEmpty ? left : reducing.reduced(left, onlyLeft, keepdim: true, dtype: left.dtype)
    let b = onlyRight.isEmpty ? right : reducing.reduced(right, onlyRight, keepdim: true, dtype: right.dtype)
    return try sumProduct(a, b, summed)
  }

  /// `Σ a·b` over `summed` dims, which keep size 1: a batched matrix product of shared, one-sided and summed
  /// dims.
  private func sumProduct(_ a: FakeTensor, _ b: FakeTensor, _ summed: [Int]) throws -> FakeTensor {
    guard !summed.isEmpty else { return try pointwise([a, b], dtype: matrices.promoted(a, b)) }
    var (left, right) = (a, b)
    var (both, onlyLeft, onlyRight) = ([Int](), [Int](), [Int]())
    for dim in 0..<a.rank {
      let isLeft = shapes.guardOrTrue(shapes.ne(a.sizes[dim], 1))
      let isRight = shapes.guardOrTrue(shapes.ne(b.sizes[dim], 1))
      if isLeft, isRight {
        try check(shapes.eq(a.sizes[dim], b.sizes[dim]), "non-broadcast dimensions must match")
        if !summed.contains(dim) { both.append(dim) }
      } else if summed.contains(dim) {
        if isLeft { left = reducing.reduced(left, [dim], keepdim: true, dtype: left.dtype) }
        if isRight { right = reducing.reduced(right, [dim], keepdim: true, dtype: right.dtype) }
      } else if isLeft {
        onlyLeft.append(dim)
      } else {
        onlyRight.append(dim)
      }
    }
    func extent(_ tensor: FakeTensor, _ dims: [Int]) -> SymInt {
      shapes.product(dims.map { tensor.sizes[$0] })
    }
    let (batch, inner) = (extent(left, both), extent(left, summed))
    // When the dims of the right operand all come first, the operands are swapped.
    if let last = onlyRight.last, let first = onlyLeft.first, last < first {
      (left, right) = (right, left)
      (onlyLeft, onlyRight) = (onlyRight, onlyLeft)
    }
    let rows = try views.reshape(
      permuted(left, by: both + onlyLeft + summed + onlyRight), [batch, extent(left, onlyLeft), inner])
    let columns = try views.reshape(
      permuted(right, by: both + summed + onlyRight + onlyLeft), [batch, inner, extent(right, onlyRight)])
    let product = try matrices.bmm(rows, columns)
    var sizes = Sizes((both + onlyLeft).map { left.sizes[$0] })
    for _ in summed { sizes.append(1) }
    for dim in onlyRight { sizes.append(right.sizes[dim]) }
    var order = [Int](repeating: 0, count: a.rank)
    for (position, dim) in (both + onlyLeft + summed + onlyRight).enumerated() { order[dim] = position }
    return try permuted(views.view(product, sizes), by: order)
  }
}
