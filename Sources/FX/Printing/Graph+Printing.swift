public import SymbolicExpressions

extension Graph: CustomStringConvertible {
  /// The graph as PyTorch's `str(graph)` prints it.
  ///
  ///     graph():
  ///         %x : [num_users=1] = placeholder[target=x]
  ///         %add : [num_users=1] = call_function[target=operator.add](args = (%x, 1), kwargs = {})
  ///         return add
  public var description: String { text() }

  /// The graph as PyTorch's `str(graph)` prints it; `symbols` prints symbolic arguments.
  public func text(symbols: ((SymExpr) -> String)? = nil) -> String {
    var lines = ["graph():"]
    for node in nodes { lines.append("    " + format(node, symbols: symbols)) }
    return lines.joined(separator: "\n")
  }

  /// One line of ``description`` (PyTorch's `format_node`).
  public func format(_ node: Node, symbols: ((SymExpr) -> String)? = nil) -> String {
    let writer = writer(symbols: symbols)
    let op = op(of: node)
    let target = target(of: node)
    let typeText = type(of: node).map { "\($0) " } ?? ""
    let head = "%\(name(of: node)) : \(typeText)[num_users=\(userCount(of: node))] = \(op.name)"
    switch op {
    case .placeholder:
      let defaultText = argument(0, of: node).map { "(default=\(writer.str($0)))" } ?? ""
      return "\(head)[target=\(target)]\(defaultText)"
    case .getAttr:
      return "\(head)[target=\(target)]"
    case .output:
      return "return \(argument(0, of: node).map { writer.str($0) } ?? "")"
    case .callFunction, .callMethod, .callModule:
      let targetText = op == .callFunction ? target.prettyPrinted : target.text
      let args = PythonText.tuple(args(of: node).map { writer.text($0, .graph) })
      let kwargs = writer.keywords(kwargs(of: node), .graph)
      return "\(head)[target=\(targetText)](args = \(args), kwargs = \(kwargs))"
    }
  }
}
