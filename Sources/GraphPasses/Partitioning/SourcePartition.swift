public import FX

/// The nodes of a graph that come from one call of the author's program: of a module such as `torch.nn.Linear`, or of a
/// function such as `torch.nn.functional.linear`.
///
/// - Source: `SourcePartition` in `torch/fx/passes/utils/source_matcher_utils.py`, v2.13.
public struct SourcePartition: Equatable, Sendable {
  /// The module's class or the function, as it was asked for.
  public var source: String
  /// The name of the call: `linear_1`, or the path of the module.
  public var call: String
  /// The nodes, in the order of the graph.
  public var nodes: [Node]
  /// The nodes outside whose values are used, without attributes, in the order of their first use.
  public var inputs: [Node] = []
  /// The nodes whose values are used outside.
  public var outputs: [Node] = []
  /// The attributes among the nodes.
  public var parameters: [Node] = []
}

extension Graph {
  /// The nodes that come from calls of these modules and functions, one part for each call.
  ///
  ///     x ── permute ── addmm ── relu        torch.nn.Linear: [permute, addmm]   torch.nn.ReLU: [relu]
  ///
  /// A source is written as in Python, `torch.nn.Linear` or `torch.cat`, or as the archive spells it,
  /// `torch.nn.modules.linear.Linear`. Programs that were not traced by Dynamo know functions by their last name only,
  /// such as `linear`. PyTorch reads the same records: `source_fn_stack`, otherwise `torch_fn`, otherwise the innermost
  /// module of `nn_module_stack`.
  ///
  /// Values inside lists and keyword arguments count as inputs, which PyTorch overlooks.
  ///
  /// - Parameters:
  ///   - sources: the modules and functions.
  ///   - isIncluded: a part is left out if this is false for one of its nodes.
  /// - Returns: the parts, by source in the order in which these first occur.
  /// - Source: `get_source_partitions` in `torch/fx/passes/utils/source_matcher_utils.py`, v2.13.
  public func sourcePartitions(
    of sources: [String], where isIncluded: (Node) -> Bool = { _ in true }
  ) -> [SourcePartition] {
    let wanted = Dictionary(
      sources.map { (Self.publicName($0), $0) }, uniquingKeysWith: { first, _ in first })
    var order: [String] = []
    var parts: [String: [SourcePartition]] = [:]
    for node in nodes {
      guard let origin = origin(of: node, among: wanted) else { continue }
      if parts[origin.source] == nil { order.append(origin.source) }
      let known = parts[origin.source, default: []].firstIndex { $0.call == origin.call }
      if let known {
        parts[origin.source]?[known].nodes.append(node)
      } else {
        parts[origin.source, default: []].append(
          SourcePartition(source: origin.source, call: origin.call, nodes: [node]))
      }
    }
    return order.flatMap { parts[$0] ?? [] }.filter { $0.nodes.allSatisfy(isIncluded) }.map { completed($0) }
  }

  /// Whether a node of the second part uses a value of the first (PyTorch's `check_subgraphs_connected`).
  public func areConnected(_ first: SourcePartition, to second: SourcePartition) -> Bool {
    let inside = NodeSet(second.nodes)
    return first.nodes.contains { users(of: $0).contains { inside.contains($0) } }
  }

  /// The wanted source of a node, and the name of the call that it comes from.
  private func origin(of node: Node, among wanted: [String: String]) -> (source: String, call: String)? {
    let metadata = metadata(of: node)
    if let stack = metadata["source_fn_stack"] {
      guard let last = stack.split(separator: ";").last, let comma = last.firstIndex(of: ",") else {
        return nil
      }
      let source = wanted[Self.publicName(String(last[last.index(after: comma)...]))]
      return source.map { ($0, String(last[..<comma])) }
    }
    if let record = metadata["torch_fn"]?.split(separator: ";"), record.count == 2 {
      let function = record[1].split(separator: ".").dropFirst().first.map(String.init)
      if let source = function.flatMap({ wanted[$0] }) { return (source, String(record[0])) }
    }
    guard op(of: node) == .callFunction,
      let module = metadata["nn_module_stack"]?.split(separator: ";").last?
        .split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false), module.count == 3
    else { return nil }
    return wanted[Self.publicName(String(module[2]))].map { ($0, String(module[1])) }
  }

  /// The name under which PyTorch exports a module's class: `torch.nn.Linear` for `torch.nn.modules.linear.Linear`.
  private static func publicName(_ source: String) -> String {
    let aliases = ["torch._C._nn.": "torch.nn.functional.", "torch.nn.modules.": "torch.nn."]
    for (own, exported) in aliases where source.hasPrefix(own) {
      return exported + (source.split(separator: ".").last ?? "")
    }
    return source
  }

  private func completed(_ part: SourcePartition) -> SourcePartition {
    var part = part
    let inside = NodeSet(part.nodes)
    var known = NodeSet(for: self)
    for node in part.nodes {
      for input in inputs(of: node) where !inside.contains(input) && op(of: input) != .getAttr {
        if known.insert(input) { part.inputs.append(input) }
      }
      if op(of: node) == .getAttr {
        part.parameters.append(node)
      } else if users(of: node).contains(where: { !inside.contains($0) }) {
        part.outputs.append(node)
      }
    }
    return part
  }
}
