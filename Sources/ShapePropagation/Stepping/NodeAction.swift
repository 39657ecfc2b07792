import FX
import FakeTensors
import OperatorSchemas

/// What the function that a node calls does.
enum NodeAction {
  /// Applies an operator's rule.
  case call(ResolvedOperator)
  /// Selects an element.
  case getitem
  /// Applies the rule of an operator that runs subgraphs or another operator.
  case higherOrder(HigherOrderRule)
  /// There is no rule.
  case unsupported

  init(_ target: Node.Target, _ table: OperatorTable) {
    if target == .getitem {
      self = .getitem
    } else if target.isHigherOrder {
      let name = target.text.dropFirst("torch.ops.higher_order.".count)
      self = HigherOrderRule.named(String(name)).map { .higherOrder($0) } ?? .unsupported
    } else if let name = OperatorName(target), let resolved = table.resolve(name) {
      self = .call(resolved)
    } else {
      self = .unsupported
    }
  }
}

extension OperatorName {
  /// The overload behind a target: `torch.ops.aten.add.Tensor`, or a Python function such as
  /// `_operator.add` or `torch.sym_max`, which has one overload.
  init?(_ target: Node.Target) {
    if target.text.hasPrefix("torch.ops.") {
      self.init(target.text)
    } else {
      let functorch = "torch._functorch."
      let text = target.text.hasPrefix(functorch) ? target.text.dropFirst(functorch.count) : target.text[...]
      let parts = text.split(separator: ".")
      guard parts.count == 2 else { return nil }
      self.init(namespace: String(parts[0]), base: String(parts[1]))
    }
  }
}
