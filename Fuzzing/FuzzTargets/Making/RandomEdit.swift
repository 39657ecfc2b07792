package import SwiftFX

private let unary = ["relu", "neg", "abs", "clone", "logical_not", "t", "contiguous"].map {
  Node.Target("torch.ops.aten.\($0).default")
}

/// A random edit of a graph, like those of compiler passes.
///
/// It need not be meaningful: some edits lead to errors.
package struct RandomEdit<Random: RandomNumberGenerator> {
  package var module: GraphModule
  package var random: Random
  /// A description of the edit.
  package private(set) var description = ""

  package init(_ module: GraphModule, _ random: Random) {
    self.module = module
    self.random = random
  }

  package mutating func apply() {
    switch Int.random(in: 0..<11, using: &random) {
    case 0, 1: insertUnary()
    case 2: retarget()
    case 3: countNonzero()
    case 4: eraseUnused()
    case 5: bypass()
    case 6, 7: move()
    case 8: assertSize()
    case 9: writeInPlace()
    default: swapArguments()
    }
  }

  private var graph: Graph {
    get { module.graph }
    set { module.graph = newValue }
  }

  private mutating func pick(_ isWanted: (Graph, Node) -> Bool) -> Node? {
    let graph = graph
    return graph.nodes.filter { isWanted(graph, $0) }.randomElement(using: &random)
  }

  private mutating func pickValue() -> Node? {
    pick { graph, node in
      graph.op(of: node) == .placeholder
        || graph.op(of: node) == .callFunction && graph.target(of: node).text.contains("aten")
          && !graph.target(of: node).text.contains("sym_")
    }
  }

  private mutating func insertUnary() {
    guard let node = pickValue(), let target = unary.randomElement(using: &random) else { return }
    let new = graph.inserting(after: node) { $0.callFunction(target, [.node(node)]) }
    if Bool.random(using: &random) {
      graph.replaceAllUses(of: node, with: new) { $0 != new }
    } else if let user = graph.users(of: node).filter({ $0 != new }).randomElement(using: &random) {
      graph.replaceInput(node, with: new, in: user)
    }
    description = "insert \(target.text) after \(graph.name(of: node))"
  }

  private mutating func retarget() {
    guard let node = pick({ unary.contains($0.target(of: $1)) }),
      let target = unary.randomElement(using: &random)
    else { return insertUnary() }
    graph.setTarget(target, of: node)
    description = "\(graph.name(of: node)) becomes \(target.text)"
  }

  private mutating func countNonzero() {
    guard let node = pickValue() else { return }
    let places = graph.inserting(after: node) {
      $0.callFunction("torch.ops.aten.nonzero.default", [.node(node)])
    }
    _ = graph.inserting(after: places) {
      $0.callFunction("torch.ops.aten.sym_size.int", [.node(places), 0])
    }
    description = "count the nonzero elements of \(graph.name(of: node))"
  }

  private mutating func eraseUnused() {
    guard
      let node = pick({ graph, node in
        graph.userCount(of: node) == 0 && graph.op(of: node) == .callFunction
      })
    else { return bypass() }
    description = "erase \(graph.name(of: node))"
    try? graph.erase(node)
  }

  private mutating func bypass() {
    guard let node = pick({ unary.contains($0.target(of: $1)) }),
      let input = graph.inputs(of: node).first
    else { return insertUnary() }
    description = "bypass \(graph.name(of: node))"
    graph.replaceAllUses(of: node, with: input)
    try? graph.erase(node)
  }

  /// Moves a node elsewhere between its arguments and its users.
  private mutating func move() {
    guard let node = pick({ graph, node in graph.op(of: node) == .callFunction }) else { return }
    let order = Array(graph.nodes)
    let inputs = Set(graph.inputs(of: node))
    let users = Set(graph.users(of: node))
    let first = order.lastIndex { inputs.contains($0) || graph.op(of: $0) == .placeholder } ?? 0
    let last = order.firstIndex { users.contains($0) || graph.op(of: $0) == .output } ?? order.count - 1
    guard first + 1 < last, let place = order[(first + 1)..<last].randomElement(using: &random), place != node
    else { return insertUnary() }
    graph.move(node, after: place)
    description = "move \(graph.name(of: node)) after \(graph.name(of: place))"
  }

  private mutating func assertSize() {
    guard let node = pickValue() else { return }
    let bound = Int.random(in: 0..<40, using: &random)
    let comparison: Node.Target = Bool.random(using: &random) ? "_operator.ge" : "_operator.le"
    let size = graph.inserting(after: node) {
      $0.callFunction("torch.ops.aten.sym_size.int", [.node(node), 0])
    }
    let condition = graph.inserting(after: size) { $0.callFunction(comparison, [.node(size), .int(bound)]) }
    _ = graph.inserting(after: condition) {
      $0.callFunction("torch.ops.aten._assert_scalar.default", [.node(condition), .string("edit")])
    }
    description = "assert \(comparison.text) \(bound) of the size of \(graph.name(of: node))"
  }

  private mutating func writeInPlace() {
    guard let node = pickValue() else { return }
    let isView = Bool.random(using: &random)
    _ = graph.inserting(after: node) {
      isView
        ? $0.callFunction("torch.ops.aten.unsqueeze_.default", [.node(node), 0])
        : $0.callFunction("torch.ops.aten.relu_.default", [.node(node)])
    }
    description = "\(isView ? "unsqueeze_" : "relu_") \(graph.name(of: node))"
  }

  private mutating func swapArguments() {
    guard
      let node = pick({ graph, node in
        graph.op(of: node) == .callFunction && graph.inputs(of: node).count == 2
          && graph.argumentCount(of: node) == 2
      })
    else { return insertUnary() }
    graph.setArgs(graph.args(of: node).reversed(), of: node)
    description = "swap the arguments of \(graph.name(of: node))"
  }
}
