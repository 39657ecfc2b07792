package import FX
import OperatorSchemas

extension Graph {
  /// Whether a call writes to something that other calls may read.
  ///
  /// - Source: `is_mutation_op` in `torch/_inductor/pattern_matcher.py`, v2.13.
  func isMutation(_ node: Node) -> Bool {
    let target = target(of: node)
    if op(of: node) == .callFunction, target.isOperatorOverload,
      let schema = SchemaTable.schema(named: target.text)
    {
      return schema.isMutable
    }
    switch op(of: node) {
    case .callFunction where target.text.hasPrefix("torch.ops.higher_order.auto_functionalized"): return false
    case .callFunction, .callMethod:
      let name = target.text.split(separator: ".").last.map(String.init) ?? target.text
      if Self.soundsLikeMutation(name) { return true }
    default: break
    }
    if let out = kwargs(of: node)["out"], out != .none { return true }
    return false
  }

  /// Whether a function's name says that it mutates something: `relu_`, `_set_grad_enabled`, `manual_seed`.
  ///
  /// Names with a double underscore in these places, such as `__rshift__`, do not count.
  private static func soundsLikeMutation(_ name: String) -> Bool {
    if name.hasSuffix("_"), !name.hasSuffix("__") { return true }
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    let verbs: Set<Substring> = ["set", "enter", "exit", "seed"]
    return words.indices.contains { index in
      guard verbs.contains(words[index]) else { return false }
      let isDoubledBefore = index >= 2 && words[index - 1].isEmpty
      let isDoubledAfter = index + 2 < words.count && words[index + 1].isEmpty
      return !isDoubledBefore && !isDoubledAfter
    }
  }
}

extension GraphModule {
  /// Whether a node must stay even if nothing uses its value.
  ///
  /// Besides what PyTorch's `is_impure` tells, that is so for methods and Python functions that write to their arguments,
  /// such as `x.index_copy_(…)` in a graph of Dynamo. PyTorch's `eliminate_dead_code` erases them.
  package func hasEffect(_ node: Node, randomIsImpure: Bool = true) -> Bool {
    isImpure(node, randomIsImpure: randomIsImpure)
      || !graph.target(of: node).isHigherOrder && graph.isMutation(node)
  }
}
