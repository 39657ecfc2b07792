package import FX
package import SymbolicExpressions

/// Writes expressions as nodes of a graph, each distinct one once.
///
/// - Source: `_sympy_interp` in `torch/fx/passes/runtime_assert.py` with `PythonReferenceAnalysis` of
///   `torch/utils/_sympy/reference.py`, v2.13.
package struct ExpressionLowering {
  /// Makes a lowering that knows no node.
  package init() {}

  /// The node that computes each expression.
  private(set) var nodes: [SymExpr: Node] = [:]
  /// The expressions that have a node, in the order in which they got it.
  private(set) var order: [SymExpr] = []
  /// What each node computes.
  private var expressions: [Node: SymExpr] = [:]

  /// Records that `node` computes `expression`.
  package mutating func note(_ node: Node, for expression: SymExpr) {
    if nodes.updateValue(node, forKey: expression) == nil { order.append(expression) }
    expressions[node] = expression
  }

  /// What `node` is known to compute.
  func expression(of node: Node) -> SymExpr? { expressions[node] }

  func node(for expression: SymExpr) -> Node? { nodes[expression] }

  /// Whether every symbol of `expression` has a node, and every function a form in Python.
  package func canLower(_ expression: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    arena.freeSymbols(of: expression).allSatisfy { nodes[arena.handle(of: $0)] != nil }
      && Self.isExpressible(expression, arena)
  }

  /// Whether every function of `expression` has a form in Python that PyTorch also writes.
  static func isExpressible(_ expression: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    switch arena.view(of: expression) {
    case .integer, .float, .boolean, .symbol: return true
    case .infinite, .tooLarge: return false
    case .pow(let base, _): return isExpressible(base, arena)
    case .call(let function, let operands):
      guard targets[function] != nil || function == .piecewise else { return false }
      for operand in operands where !isExpressible(operand, arena) { return false }
      return true
    case .add, .mul, .relation, .and, .or, .not:
      for operand in arena.heldOperands(of: expression) where !isExpressible(operand, arena) { return false }
      return true
    }
  }

  private static let targets: [SymFunction: Node.Target] = [
    .floorDiv: "_operator.floordiv", .cleanDiv: "_operator.floordiv", .mod: "_operator.mod",
    .pythonMod: "_operator.mod", .max: "torch.sym_max", .min: "torch.sym_min",
    .floatTrueDiv: "_operator.truediv", .floatPow: "_operator.pow", .powByNatural: "_operator.pow",
    .pow: "_operator.pow", .bitwiseAnd: "_operator.and_", .bitwiseOr: "_operator.or_",
    .bitwiseXor: "_operator.xor", .sqrt: "torch._sym_sqrt", .log2: "torch._sym_log2",
  ]

  /// The argument for `expression`: a number, or a node, which is created if there is none.
  ///
  /// - Precondition: ``canLower(_:_:)``.
  package mutating func lower(
    _ expression: SymExpr, into graph: inout Graph, _ arena: borrowing ExprArena,
    _ made: (inout Graph, Node) -> Void
  ) -> Node.Argument {
    if let known = nodes[expression] { return .node(known) }
    switch arena.view(of: expression) {
    case .integer(let value): return .int(value)
    case .float(let value): return .float(value)
    case .boolean(let value): return .bool(value)
    case .symbol, .infinite, .tooLarge: return .none
    default: break
    }
    var operands: [Node.Argument] = []
    if case .pow(let base, let exponent) = arena.view(of: expression) {
      operands = [lower(base, into: &graph, arena, made), .int(exponent)]
    } else {
      for operand in arena.heldOperands(of: expression) {
        operands.append(lower(operand, into: &graph, arena, made))
      }
    }
    func call(_ target: Node.Target, _ args: [Node.Argument]) -> Node.Argument {
      let node = graph.callFunction(target, args)
      made(&graph, node)
      return .node(node)
    }
    func fold(_ target: Node.Target) -> Node.Argument {
      operands.dropFirst().reduce(operands.first ?? .none) { call(target, [$0, $1]) }
    }
    let result: Node.Argument
    switch arena.view(of: expression) {
    case .add: result = fold("_operator.add")
    case .mul: result = fold("_operator.mul")
    case .pow: result = fold("_operator.pow")
    case .and: result = fold("_operator.and_")
    case .or: result = fold("_operator.or_")
    case .not: result = call("torch.sym_not", operands)
    case .relation(.ne, _, _): result = call("torch.sym_not", [call("_operator.eq", operands)])
    case .relation(let kind, _, _):
      // Python asks the second operand if the first is a number.
      if case .node? = operands.first {
        result = call(Self.target(of: kind), operands)
      } else {
        result = call(Self.target(of: kind.mirrored), operands.reversed())
      }
    case .call(.piecewise, _):
      var rest = operands.dropLast().last ?? .none
      for position in stride(from: operands.count - 4, through: 0, by: -2) {
        rest = call("torch.sym_ite", [operands[position + 1], operands[position], rest])
      }
      result = rest
    case .call(let function, _):
      let target = Self.targets[function] ?? "_operator.floordiv"
      result =
        operands.count > 2 || function == .max || function == .min ? fold(target) : call(target, operands)
    default: result = .none
    }
    if case .node(let node) = result { note(node, for: expression) }
    return result
  }

  private static func target(of kind: RelationKind) -> Node.Target {
    switch kind {
    case .eq, .ne: "_operator.eq"
    case .lt: "_operator.lt"
    case .le: "_operator.le"
    case .gt: "_operator.gt"
    case .ge: "_operator.ge"
    }
  }
}
