import Foundation
import TensorVocabulary

/// How the values of an operator are computed.
enum KnownOperation {
  enum Operand {
    case tensor(KnownTensor)
    case number(Double, isFloat: Bool)
    case list([Operand])
    case other

    var ints: [Int]? {
      guard case .list(let items) = self else { return nil }
      let values = items.compactMap(\.int)
      return values.count == items.count ? values : nil
    }
    var int: Int? { if case .number(let value, false) = self { Int(exactly: value) } else { nil } }
    var tensor: KnownTensor? { if case .tensor(let tensor) = self { tensor } else { nil } }
  }

  typealias Rule = @Sendable ([Operand]) -> [KnownTensor]?

  /// Operators that return a list.
  static let listed: Set<String> = ["split", "chunk", "unbind"]

  static let table: [String: Rule] = {
    var table: [String: Rule] = [:]
    for name in ["clone", "detach"] { table[name] = unary { $0 } }
    for (name, function) in functions { table[name] = unary(function) }
    for (name, function) in operations { table[name] = binary(function) }
    for name in ["mm", "matmul"] { table[name] = product }
    for name in ["view", "reshape"] {
      table[name] = { $0.count == 2 ? reshaped($0[0].tensor, $0[1].ints) : nil }
    }
    for (name, value) in [("zeros", 0.0), ("ones", 1.0)] {
      table[name] = { filled($0.first?.ints, value) }
      table[name + "_like"] = { filled($0.first?.tensor?.sizes, value) }
    }
    table["t"] = { transposed($0, 0, 1) }
    table["transpose"] = { $0.count == 3 ? transposed($0, $0[1].int, $0[2].int) : nil }
    table["permute"] = { $0.count == 2 ? permuted($0[0].tensor, $0[1].ints) : nil }
    table["split"] = parts
    for name in ["add", "sub", "mul", "div", "relu", "neg", "exp"] { table[name + "_"] = table[name] }
    return table
  }()

  private static let functions: [(String, @Sendable (Double) -> Double)] = [
    ("neg", { -$0 }), ("exp", { exp($0) }), ("relu", { max($0, 0) }), ("abs", { abs($0) }),
    ("sin", { sin($0) }), ("cos", { cos($0) }), ("tanh", { tanh($0) }), ("log", { log($0) }),
    ("sqrt", { $0.squareRoot() }), ("rsqrt", { 1 / $0.squareRoot() }),
    ("sigmoid", { 1 / (1 + exp(-$0)) }), ("reciprocal", { 1 / $0 }),
  ]

  private static let operations: [(String, @Sendable (Double, Double) -> Double)] = [
    ("add", { $0 + $1 }), ("sub", { $0 - $1 }), ("mul", { $0 * $1 }), ("div", { $0 / $1 }),
    ("pow", { pow($0, $1) }), ("maximum", { max($0, $1) }), ("minimum", { min($0, $1) }),
  ]

  private static let parts: Rule = { operands in
    guard operands.count >= 2, let tensor = operands[0].tensor, let size = operands[1].int, size > 0 else {
      return nil
    }
    let dim = operands.count > 2 ? operands[2].int : 0
    return dim.flatMap { split(tensor, size, $0 < 0 ? $0 + tensor.sizes.count : $0) }
  }

  private static func unary(_ body: @escaping @Sendable (Double) -> Double) -> Rule {
    { operands in
      guard var tensor = operands.first?.tensor else { return nil }
      tensor.values = tensor.values.map(body)
      tensor.isParameter = false
      return [tensor]
    }
  }

  private static func binary(_ body: @escaping @Sendable (Double, Double) -> Double) -> Rule {
    { operands in
      guard operands.count == 2 else { return nil }
      switch (operands[0], operands[1]) {
      case (.tensor(var one), .number(let other, let isFloat)):
        guard one.dtype.isFloatingPoint || !isFloat else { return nil }
        one.values = one.values.map { body($0, other) }
        return [one]
      case (.tensor(let one), .tensor(let other)) where one.dtype == other.dtype:
        let rank = max(one.sizes.count, other.sizes.count)
        let padded = [one, other].map { [Int](repeating: 1, count: rank - $0.sizes.count) + $0.sizes }
        let shape = zip(padded[0], padded[1]).map(max)
        guard let mine = one.broadcast(to: shape), let theirs = other.broadcast(to: shape) else { return nil }
        return [KnownTensor(dtype: one.dtype, sizes: shape, values: zip(mine, theirs).map(body))]
      default: return nil
      }
    }
  }

  private static func transposed(_ operands: [Operand], _ one: Int?, _ other: Int?) -> [KnownTensor]? {
    guard let tensor = operands.first?.tensor, let one, let other else { return nil }
    var order = Array(tensor.sizes.indices)
    let wrapped = [one, other].map { $0 < 0 ? $0 + order.count : $0 }
    guard wrapped.allSatisfy(order.indices.contains) else { return order.count < 2 ? [tensor] : nil }
    order.swapAt(wrapped[0], wrapped[1])
    return permuted(tensor, order)
  }

  private static func permuted(_ tensor: KnownTensor?, _ order: [Int]?) -> [KnownTensor]? {
    guard let tensor, let order = order?.map({ $0 < 0 ? $0 + tensor.sizes.count : $0 }),
      order.sorted() == Array(tensor.sizes.indices)
    else { return nil }
    let (sizes, strides) = (order.map { tensor.sizes[$0] }, order.map { tensor.strides[$0] })
    let values = KnownTensor.places(sizes, strides).map { tensor.values[$0] }
    return [KnownTensor(dtype: tensor.dtype, sizes: sizes, values: values)]
  }

  private static func reshaped(_ tensor: KnownTensor?, _ sizes: [Int]?) -> [KnownTensor]? {
    guard var tensor, let sizes else { return nil }
    let known = sizes.filter { $0 >= 0 }.reduce(1, *)
    tensor.sizes = sizes.map { $0 < 0 && known > 0 ? tensor.values.count / known : $0 }
    return tensor.sizes.reduce(1, *) == tensor.values.count ? [tensor] : nil
  }

  private static func filled(_ sizes: [Int]?, _ value: Double) -> [KnownTensor]? {
    sizes.map {
      [KnownTensor(dtype: .float32, sizes: $0, values: .init(repeating: value, count: $0.reduce(1, *)))]
    }
  }

  private static func split(_ tensor: KnownTensor, _ size: Int, _ dim: Int) -> [KnownTensor]? {
    guard tensor.sizes.indices.contains(dim) else { return nil }
    return stride(from: 0, to: tensor.sizes[dim], by: size).map { start in
      var sizes = tensor.sizes
      sizes[dim] = min(size, tensor.sizes[dim] - start)
      let places = KnownTensor.places(sizes, tensor.strides, start * tensor.strides[dim])
      return KnownTensor(dtype: tensor.dtype, sizes: sizes, values: places.map { tensor.values[$0] })
    }
  }

  private static func product(_ operands: [Operand]) -> [KnownTensor]? {
    guard operands.count == 2, let one = operands[0].tensor, let other = operands[1].tensor,
      one.sizes.count == 2, other.sizes.count == 2, one.sizes[1] == other.sizes[0]
    else { return nil }
    let (rows, inner, columns) = (one.sizes[0], one.sizes[1], other.sizes[1])
    var values: [Double] = []
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for place in 0..<inner {
          sum += one.values[row * inner + place] * other.values[place * columns + column]
        }
        values.append(sum)
      }
    }
    return [KnownTensor(dtype: one.dtype, sizes: [rows, columns], values: values)]
  }
}
