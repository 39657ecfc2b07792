import FX
import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes

/// One run of ``FX/Graph/insertDeferredRuntimeAsserts(values:bindings:shapes:)``.
struct RuntimeAssertInserter {
  var graph: Graph
  let values: NodeMap<FakeValue>
  let bindings: (Node) -> [UnbackedBinding]
  let shapes: ShapeEnv
  var lowering = ExpressionLowering()
  /// What asserts of the graph already state.
  var stated: Set<SymExpr> = []
  var bounded: Set<SymExpr.Symbol> = []
  /// The conditions still to be asserted, by the symbol whose binding they wait for.
  var waiting: [SymExpr.Symbol?: [SymExpr]] = [:]
  let placeholders: NodeSet
  let firstStep: Node?
  var changes = RuntimeAssertChanges()

  init(
    _ graph: Graph, _ values: NodeMap<FakeValue>, _ bindings: @escaping (Node) -> [UnbackedBinding],
    _ shapes: ShapeEnv
  ) {
    self.graph = graph
    self.values = values
    self.bindings = bindings
    self.shapes = shapes
    placeholders = NodeSet(graph.nodes.prefix { graph.op(of: $0) == .placeholder })
    firstStep = graph.nodes.first { graph.op(of: $0) != .placeholder }
    for (symbol, deferred) in shapes.runtimeAsserts {
      let expression = shapes.resolve(deferred.expression)
      guard shapes.arena.booleanValue(of: expression) == nil else { continue }
      waiting[symbol.map(current), default: []].append(expression)
    }
  }

  /// The symbol under its current name.
  func current(_ symbol: SymExpr.Symbol) -> SymExpr.Symbol {
    shapes.arena.asSymbol(shapes.find(symbol)) ?? symbol
  }

  /// The edited graph.
  mutating func run() throws(GraphError) -> Graph {
    let nodes = Array(graph.nodes)
    for (node, next) in zip(nodes, nodes.dropFirst()) {
      let isPlaceholder = placeholders.contains(node)
      graph.insertionPoint = .before(isPlaceholder ? firstStep ?? next : next)
      if isPlaceholder { bindSizes(of: node) }
      // Once, after the inputs: conditions without a symbol that is bound later.
      if node == firstStep { assert(waiting.removeValue(forKey: nil) ?? [], at: node) }
      let assertion = Assertion(target: graph.target(of: node).text)
      if assertion?.isRuntimeAssert == true, try removeStatedAssert(node) { continue }
      if try shareValue(of: node) { continue }
      if let assertion, assertion.subject == .range, assertion.isKeptUnused {
        try erase(node)
        continue
      }
      for symbol in bind(node) where bounded.insert(symbol).inserted {
        assertRange(of: symbol, at: node)
        assert(waiting.removeValue(forKey: symbol) ?? [], at: node)
      }
    }
    try removeUnusedSizes()
    graph.insertionPoint = .end
    return graph
  }

  /// Asserts the bounds of a symbol that are tighter than those of any integer.
  mutating func assertRange(of symbol: SymExpr.Symbol, at node: Node) {
    guard case .int(let range)? = shapes.range(of: symbol) else { return }
    let handle = shapes.arena.handle(of: symbol)
    if range.lower != .min { state(shapes.arena.ge(handle, shapes.arena.integer(range.lower)), at: node) }
    // PyTorch's "no bound" for sizes is two less than 2⁶³.
    if range.upper < .max - 1 { state(shapes.arena.le(handle, shapes.arena.integer(range.upper)), at: node) }
  }

  mutating func assert(_ conditions: [SymExpr], at node: Node) {
    for condition in conditions {
      guard !stated.contains(condition), !isBoundOfBoundedSymbol(condition),
        !Self.isUninterpretable(condition, shapes.arena),
        ExpressionLowering.isExpressible(condition, shapes.arena)
      else { continue }
      let missing = shapes.arena.freeSymbols(of: condition).filter {
        lowering.node(for: shapes.arena.handle(of: $0)) == nil
      }
      // It waits for the first of the symbols by name.
      if let symbol = missing.min(by: { shapes.arena.name(of: $0) < shapes.arena.name(of: $1) }) {
        waiting[symbol, default: []].append(condition)
      } else {
        state(condition, at: node)
      }
    }
  }

  /// Whether `condition` is a bound such as `u0 >= 2` on a symbol whose range is asserted, so that it adds nothing.
  func isBoundOfBoundedSymbol(_ condition: SymExpr) -> Bool {
    guard case .relation(let kind, let lhs, let rhs) = shapes.arena.view(of: condition),
      kind == .le || kind == .ge
    else { return false }
    for (side, other) in [(lhs, rhs), (rhs, lhs)] where !shapes.arena.hasSymbols(other) {
      if let symbol = shapes.arena.asSymbol(side) { return bounded.contains(symbol) }
    }
    return false
  }

  mutating func state(_ condition: SymExpr, at node: Node) {
    guard stated.insert(condition).inserted, case .node(let truth) = lower(condition, at: node) else {
      return
    }
    let text = shapes.text(raw: condition)
    let message = "Runtime assertion failed for expression \(text) on node '\(graph.name(of: truth))'"
    let assertion = make(
      "torch.ops.aten._assert_scalar.default", [.node(truth), .string(message)], at: node)
    changes.inserted.append(assertion)
  }
}
