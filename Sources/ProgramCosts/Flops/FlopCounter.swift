import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Counts the operations of graphs as PyTorch's `FlopCounterMode` does.
struct FlopCounter {
  let shapes: ShapeEnv
  /// Whether an operator that counts was met; see ``branches(_:_:)``.
  private var hasCounted = false
  /// Remarks on inexact counts, with the node.
  private(set) var remarks: [(node: Node, path: String, text: String)] = []

  init(_ shapes: ShapeEnv) { self.shapes = shapes }

  /// The counts of each node of a run that has any.
  mutating func counts(of run: NestedRuns.Run) -> NodeMap<FlopTally> {
    var tallies = NodeMap<FlopTally>(for: run.graph)
    let rules = run.graph.targets.map { TargetRule($0.text) }
    for node in run.graph.nodes where run.values.contains(node) {
      let tally: FlopTally?
      switch run.graph.op(of: node) {
      case .callFunction:
        switch rules[Int(run.graph.targetID(of: node).index)] {
        case .none: continue
        case .flops(let rule): tally = counted(node, rule, run)
        case .higherOrder(let name): tally = higherOrder(name, node, run)
        }
      case .callModule: tally = run.runs[node.index]?.last.map { total(of: $0) }
      default: continue
      }
      if let tally, !tally.isEmpty { tallies[node] = tally }
    }
    return tallies
  }

  /// What the target of a call needs.
  private enum TargetRule {
    case none
    case flops(FlopRule)
    case higherOrder(String)

    init(_ target: String) {
      let higherOrder = "torch.ops.higher_order."
      if target.hasPrefix(higherOrder) {
        self = .higherOrder(String(target.dropFirst(higherOrder.count)))
      } else if let name = OperatorName(target), name.namespace == "aten",
        let rule = FlopRule.named(name.base)
      {
        self = .flops(rule)
      } else {
        self = .none
      }
    }
  }

  private mutating func counted(_ node: Node, _ rule: FlopRule, _ run: NestedRuns.Run) -> FlopTally? {
    guard let call = CountedCall(node, in: run.graph, run.values, shapes), let tally = rule.count(call) else {
      remarks.append((node, run.path, "its arguments are not those of the operator, so it is not counted"))
      return nil
    }
    if !tally.counts.isEmpty { hasCounted = true }
    for (kernel, flops) in tally.uncounted {
      remarks.append(
        (
          node, run.path,
          "PyTorch's counter does not look into \(kernel)'s kernel, whose products take "
            + "\(shapes.text(of: flops))"
        ))
    }
    return tally
  }

  private mutating func total(of run: NestedRuns.Run) -> FlopTally {
    var total = FlopTally()
    let counts = counts(of: run)
    for node in run.graph.nodes { if let tally = counts[node] { total.add(tally, shapes) } }
    return total
  }

  // Higher-order operators

  private mutating func higherOrder(_ name: String, _ node: Node, _ run: NestedRuns.Run) -> FlopTally? {
    let arguments = run.graph.args(of: node).map { FakeValue($0, run.values, shapes) }
    let subgraphs = arguments.compactMap { argument -> NestedRuns.Run? in
      guard case .submodule(let path) = argument else { return nil }
      return run.run(of: node, at: path)
    }
    switch name {
    case "cond": return subgraphs.count == 2 ? branches(subgraphs[0], subgraphs[1], node, run) : nil
    case "flex_attention", "flex_attention_backward":
      return flexAttentionFlops(name, arguments, shapes).map { FlopTally("flex_attention", $0) }
    case "map", "map_impl", "scan":
      guard let body = subgraphs.first, let rows = rows(name == "scan" ? 2 : 1, arguments) else { return nil }
      return total(of: body).repeated(rows, shapes)
    case "while_loop", "while_loop_stack_output":
      guard let body = subgraphs.last else { return nil }
      let once = total(of: body)
      if !once.isEmpty {
        remarks.append((node, run.path, "how often the loop runs is not known, so its body counts once"))
      }
      return once
    default:
      // Wrappers run each of their subgraphs once; an operator that is applied by another is not one of them.
      var sum = FlopTally()
      for subgraph in subgraphs { sum.add(total(of: subgraph), shapes) }
      return sum
    }
  }

  /// The counts of a `cond`: for each operator, the larger count of the two branches.
  ///
  /// PyTorch 2.13 counts this way until an operator has counted something. From then on both branches share a table, so
  /// both are counted.
  ///
  /// - Source: `_FlopCounterMode._handle_higher_order_ops`, `torch/utils/flop_counter.py`.
  private mutating func branches(
    _ first: NestedRuns.Run, _ second: NestedRuns.Run, _ node: Node, _ run: NestedRuns.Run
  ) -> FlopTally {
    let isShared = hasCounted
    var tally = total(of: first)
    let counted = hasCounted
    hasCounted = isShared
    let other = total(of: second)
    hasCounted = hasCounted || counted
    if isShared {
      if !tally.counts.isEmpty, !other.counts.isEmpty {
        remarks.append(
          (node, run.path, "both branches are counted, as PyTorch's counter does after the first product"))
      }
      tally.add(other, shapes)
    } else {
      tally.keepLarger(other, shapes)
    }
    return tally
  }

  /// The number of rows that the body of a `map` or a `scan` runs over.
  private func rows(_ position: Int, _ arguments: [FakeValue]) -> SymInt? {
    guard position < arguments.count, let first = arguments[position].elements?.first?.tensor else {
      return nil
    }
    return first.sizes.first
  }
}
