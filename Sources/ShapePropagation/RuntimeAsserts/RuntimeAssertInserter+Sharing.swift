import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// What the graph already contains: asserts that repeat earlier ones, and numbers that another node computes.
extension RuntimeAssertInserter {
  /// Removes a runtime assert that repeats an earlier one or asserts a constant `True`.
  mutating func removeStatedAssert(_ node: Node) throws(GraphError) -> Bool {
    guard let condition = graph.argument(0, of: node) else { return false }
    if condition == .bool(true) {
      try erase(node)
      return true
    }
    guard case .node(let input) = condition, let expression = expression(of: input) else { return false }
    guard stated.contains(expression), lowering.node(for: expression) != nil else {
      stated.insert(expression)
      return false
    }
    try erase(node)
    if graph.userCount(of: input) == 0, graph.op(of: input) != .placeholder { try erase(input) }
    return true
  }

  /// The symbolic number or condition that a node computes; `nil` for anything else.
  func expression(of node: Node) -> SymExpr? {
    if let known = lowering.expression(of: node) { return known }
    switch values[node] {
    case .symInt(let number): return number.symbolicExpression.map { shapes.resolve($0) }
    case .symFloat(let number): return shapes.resolve(number.expression)
    case .symBool(let condition): return shapes.resolve(condition.expression)
    default: return nil
    }
  }

  /// Replaces a node whose value another node computes, or that reads a size of an intermediate tensor that follows
  /// from sizes of inputs.
  ///
  /// - Returns: whether the node was removed.
  mutating func shareValue(of node: Node) throws(GraphError) -> Bool {
    guard graph.op(of: node) != .placeholder, let expression = expression(of: node),
      shapes.arena.hasSymbols(expression)
    else { return false }
    let isDerived = readsIntermediate(node, expression) && lowering.canLower(expression, shapes.arena)
    let binds = shapes.resolveUnbackedBindings(bindings(node)).contains {
      lowering.node(for: shapes.arena.handle(of: current($0.symbol))) == nil
    }
    guard !binds, lowering.node(for: expression) != nil || isDerived else {
      note(node, for: expression)
      return false
    }
    guard case .node(let other) = lower(expression, at: node), other != node else { return false }
    graph.replaceAllUses(of: node, with: other)
    try erase(node)
    return true
  }

  func readsIntermediate(_ node: Node, _ expression: SymExpr) -> Bool {
    guard !Self.isUninterpretable(expression, shapes.arena) else { return false }
    return graph.args(of: node).contains { argument in
      guard case .node(let input) = argument, graph.op(of: input) != .placeholder else { return false }
      return values[input]?.tensor != nil
    }
  }

  /// Conversions that PyTorch does not write as nodes.
  static func isUninterpretable(_ expression: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    for function in [SymFunction.toFloat, .truncToInt, .ceilToInt]
    where !arena.atoms(of: expression, calling: function).isEmpty { return true }
    return false
  }

  mutating func erase(_ node: Node) throws(GraphError) {
    try graph.erase(node)
    changes.removed += 1
  }

  mutating func removeUnusedSizes() throws(GraphError) {
    for expression in lowering.order where shapes.arena.asSymbol(expression) != nil {
      guard let node = lowering.node(for: expression), graph.contains(node),
        graph.op(of: node) != .placeholder, graph.userCount(of: node) == 0
      else { continue }
      try graph.erase(node)
    }
  }
}
