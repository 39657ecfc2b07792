import FX
import FakeTensors
import OperatorSchemas

/// What the function that a node calls does.
enum NodeAction {
  /// Applies an operator's rule.
  case call(ResolvedOperator)
  /// Selects an element.
  case getitem
  /// Applies the rule of what runs subgraphs or applies other operators: a higher-order operator, or a function above
  /// ATen.
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
      self = TorchFunction.rule(target, table).map { .higherOrder($0) } ?? .unsupported
    }
  }

  /// What a method of a tensor does.
  init(method name: String, _ table: OperatorTable) {
    self = TorchFunction.method(name, table).map { .higherOrder($0) } ?? .unsupported
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
