import FX
import ShapePropagation
public import SymbolicShapes

/// The total cost of a module, an operator or a node.
public struct CostGroup {
  /// How nodes are grouped.
  public enum Kind: String, CaseIterable, Sendable {
    /// By the author's module, each including its submodules.
    case module
    /// Each node separately.
    case node
    /// By operator.
    case `operator`
  }

  /// The module's path, the operator or the node.
  public let name: String
  /// The number of nodes.
  public private(set) var count = 0
  /// Their floating-point operations.
  public private(set) var flops: SymInt = 0
  /// The bytes that they allocate.
  public private(set) var allocated: SymInt = 0

  fileprivate init(_ name: String) { self.name = name }

  fileprivate mutating func add(_ node: ProgramCosts.NodeCost, _ shapes: ShapeEnv) {
    count += 1
    if node.flops != 0 { flops = shapes.add(flops, node.flops) }
    if node.allocated != 0 { allocated = shapes.add(allocated, node.allocated) }
  }
}

extension ProgramCosts {
  /// The costs of groups of nodes; groups without costs are left out.
  ///
  /// Nodes and modules come in the order of the program, operators with the most operations first.
  public func groups(by kind: CostGroup.Kind) -> [CostGroup] {
    var groups: [CostGroup] = []
    var positions: [String: Int] = [:]
    func add(_ node: NodeCost, to name: String) {
      let position = positions[name] ?? groups.count
      if position == groups.count {
        positions[name] = position
        groups.append(CostGroup(name))
      }
      groups[position].add(node, shapes)
    }
    for node in nodes {
      switch kind {
      case .node: if node.flops != 0 || node.allocated != 0 { add(node, to: graph.name(of: node.node)) }
      case .operator: add(node, to: graph.operatorName(of: node.node))
      case .module:
        guard let path = graph.authorsModule(of: node.node) else { continue }
        for prefix in Self.modules(above: path) { add(node, to: prefix) }
      }
    }
    let costly = groups.filter { $0.flops != 0 || $0.allocated != 0 }
    guard kind == .operator else { return costly }
    func rank(_ group: CostGroup) -> (Int, Int) {
      (
        value(of: group.flops, at: example).number ?? .max,
        value(of: group.allocated, at: example).number ?? .max
      )
    }
    return costly.enumerated().sorted {
      let (a, b) = (rank($0.element), rank($1.element))
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
  }

  /// `""`, `encoder`, `encoder.layer`, for the module at `encoder.layer`.
  private static func modules(above path: String) -> [String] {
    var modules = [""]
    if path.isEmpty { return modules }
    for (offset, character) in path.enumerated() where character == "." {
      modules.append(String(path.prefix(offset)))
    }
    modules.append(path)
    return modules
  }
}
