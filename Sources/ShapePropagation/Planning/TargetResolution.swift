import FX
import FakeTensors
import OperatorSchemas

/// The operator or rule of each distinct target of a graph, looked up once.
struct TargetResolution {
  private(set) var operators: ContiguousArray<ResolvedOperator> = []
  private(set) var rules: ContiguousArray<HigherOrderRule> = []
  private var codes: [PropagationPlan.Code?]
  /// The same for targets that are methods.
  private var methodCodes: [TargetID: PropagationPlan.Code] = [:]
  private var graph: Graph
  private let table: OperatorTable

  init(graph: Graph, table: OperatorTable) {
    self.graph = graph
    self.table = table
    codes = Array(repeating: nil, count: graph.targets.count)
  }

  /// The same for an edited graph; `nil` if that numbers its targets differently.
  func extended(to edited: Graph) -> TargetResolution? {
    guard edited.targets.starts(with: graph.targets) else { return nil }
    var result = self
    result.graph = edited
    result.codes += Array(repeating: nil, count: edited.targets.count - codes.count)
    return result
  }

  mutating func code(for target: TargetID) -> PropagationPlan.Code {
    if let known = codes[Int(target.index)] { return known }
    let code = resolve(NodeAction(graph.targets[Int(target.index)], table))
    codes[Int(target.index)] = code
    return code
  }

  mutating func code(forMethod target: TargetID) -> PropagationPlan.Code {
    if let known = methodCodes[target] { return known }
    let code = resolve(NodeAction(method: graph.targets[Int(target.index)].text, table))
    methodCodes[target] = code
    return code
  }

  func hasRule(_ target: Node.Target) -> Bool { OperatorName(target).flatMap(table.resolve) != nil }

  private mutating func resolve(_ action: NodeAction) -> PropagationPlan.Code {
    switch action {
    case .getitem: return .getitem
    case .unsupported: return .unsupported
    case .higherOrder(let rule):
      rules.append(rule)
      return .higherOrder(rule: UInt32(rules.count - 1))
    case .call(let resolved):
      operators.append(resolved)
      return .call(operator: UInt32(operators.count - 1))
    }
  }
}
