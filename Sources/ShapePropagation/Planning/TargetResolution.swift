import FX
import FakeTensors
import OperatorSchemas

/// What each distinct target of a graph is, looked up once.
struct TargetResolution {
  private(set) var operators: ContiguousArray<ResolvedOperator> = []
  private(set) var rules: ContiguousArray<HigherOrderRule> = []
  private var codes: [PropagationPlan.Code?]
  private var graph: Graph
  private let table: OperatorTable

  init(graph: Graph, table: OperatorTable) {
    self.graph = graph
    self.table = table
    codes = Array(repeating: nil, count: graph.targets.count)
  }

  /// What is known, for another version of the graph; `nil` when that numbers its targets in another way.
  func extended(to edited: Graph) -> TargetResolution? {
    guard edited.targets.starts(with: graph.targets) else { return nil }
    var result = self
    result.graph = edited
    result.codes += Array(repeating: nil, count: edited.targets.count - codes.count)
    return result
  }

  mutating func code(for target: TargetID) -> PropagationPlan.Code {
    if let known = codes[Int(target.index)] { return known }
    let code = resolve(graph.targets[Int(target.index)])
    codes[Int(target.index)] = code
    return code
  }

  func hasRule(_ target: Node.Target) -> Bool { OperatorName(target).flatMap(table.resolve) != nil }

  private mutating func resolve(_ target: Node.Target) -> PropagationPlan.Code {
    if target == .getitem { return .getitem }
    if target.isHigherOrder {
      let name = String(target.text.dropFirst("torch.ops.higher_order.".count))
      guard let rule = HigherOrderRule.named(name) else { return .unsupported }
      rules.append(rule)
      return .higherOrder(rule: UInt32(rules.count - 1))
    }
    guard let name = OperatorName(target), let resolved = table.resolve(name) else { return .unsupported }
    operators.append(resolved)
    return .call(operator: UInt32(operators.count - 1))
  }
}

extension OperatorName {
  /// The overload behind a target: `torch.ops.aten.add.Tensor`, or a Python function such as
  /// `_operator.add` or `torch.sym_max`, which has one overload.
  init?(_ target: Node.Target) {
    if target.text.hasPrefix("torch.ops.") {
      self.init(target.text)
    } else {
      let parts = target.text.split(separator: ".")
      guard parts.count == 2 else { return nil }
      self.init(namespace: String(parts[0]), base: String(parts[1]))
    }
  }
}
