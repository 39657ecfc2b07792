import FX

/// Evaluates a few operators on floating-point numbers.
class Calculator: Interpreter<Double> {
  /// The values of attributes, by number.
  var attributes: [Int: Double] = [:]

  override func callFunction(
    _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
  ) throws -> PyTree<Double> {
    let numbers = args.map(Self.number)
    switch target {
    case "torch.ops.aten.add.Tensor":
      return .value(numbers[0] + numbers[1] * (kwargs["alpha"].map(Self.number) ?? 1))
    case "torch.ops.aten.mul.Tensor": return .value(numbers[0] * numbers[1])
    case "torch.ops.aten.neg.default": return .value(-numbers[0])
    case "torch.ops.aten.abs.default": return .value(abs(numbers[0]))
    case "torch.ops.aten.sum.default": return .value(args[0].values.reduce(0, +))
    case "torch.ops.aten.div.Tensor":
      if numbers[1] == 0 { throw DivisionByZero() }
      return .value(numbers[0] / numbers[1])
    default: return try super.callFunction(target, args, kwargs)
    }
  }

  override func callMethod(
    _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
  ) throws -> PyTree<Double> {
    switch target {
    case "neg": .value(-Self.number(args[0]))
    case "abs": .value(abs(Self.number(args[0])))
    default: try super.callMethod(target, args, kwargs)
    }
  }

  override func attribute(_ id: AttributeID, _ path: String) throws -> PyTree<Double> {
    guard let value = attributes[id.rawValue] else { return try super.attribute(id, path) }
    return .value(value)
  }

  static func number(_ tree: PyTree<Double>) -> Double {
    switch tree {
    case .value(let value): value
    case .constant(.int(let value)): Double(value)
    case .constant(.float(let value)): value
    default: .nan
    }
  }
}

struct DivisionByZero: Error, CustomStringConvertible {
  var description: String { "division by zero" }
}

extension Node.Target {
  static let add: Self = "torch.ops.aten.add.Tensor"
  static let mul: Self = "torch.ops.aten.mul.Tensor"
  static let div: Self = "torch.ops.aten.div.Tensor"
  static let neg: Self = "torch.ops.aten.neg.default"
  static let abs: Self = "torch.ops.aten.abs.default"
  static let sum: Self = "torch.ops.aten.sum.default"
  static let relu: Self = "torch.ops.aten.relu.default"
}

/// `x, y ↦ -(x + y) · 2`, with nodes x, y, add, neg, mul.
struct Chain {
  var graph = Graph()
  let x: Node
  let y: Node
  let add: Node
  let neg: Node
  let mul: Node

  init() {
    x = graph.placeholder("x")
    y = graph.placeholder("y")
    add = graph.callFunction(.add, [.node(x), .node(y)])
    neg = graph.callFunction(.neg, [.node(add)])
    mul = graph.callFunction(.mul, [.node(neg), 2])
    graph.output(.tuple([.node(mul)]))
  }
}
