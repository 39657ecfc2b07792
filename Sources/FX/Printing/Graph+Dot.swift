import EscapedTexts
public import SymbolicExpressions

extension Graph {
  /// The graph in the DOT language of Graphviz, with one box per node and one arrow per use.
  ///
  ///     digraph "graph" {
  ///       node [shape=box];
  ///       "x" [label="x\nplaceholder"];
  ///       "add" [label="add\naten.add.Tensor(x, 1)"];
  ///       "x" -> "add";
  ///     }
  ///
  /// Names and arguments are escaped, whatever the file contains.
  ///
  /// - Parameters:
  ///   - name: the name of the drawing.
  ///   - symbols: how a symbolic expression is printed; by number when absent.
  ///   - annotation: an additional line for a node, such as its shape.
  /// - Returns: the text.
  /// - Source: `FxGraphDrawer` in `torch/fx/passes/graph_drawer.py`, which draws more and with colors.
  public func dot(
    name: String = "graph", symbols: ((SymExpr) -> String)? = nil,
    annotation: (Node) -> String? = { _ in nil }
  ) -> String {
    let writer = writer(symbols: symbols)
    var lines = ["digraph \(Escaped.dot(name)) {", "  node [shape=box];"]
    for node in nodes {
      let own = Escaped.dot(self.name(of: node))
      let label = [self.name(of: node), summary(of: node, writer)] + (annotation(node).map { [$0] } ?? [])
      lines.append("  \(own) [label=\(Escaped.dot(label.joined(separator: "\n")))];")
      for input in inputs(of: node) { lines.append("  \(Escaped.dot(self.name(of: input))) -> \(own);") }
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private func summary(of node: Node, _ writer: ArgumentWriter) -> String {
    let target = target(of: node)
    switch op(of: node) {
    case .placeholder: return "placeholder"
    case .output: return "output"
    case .getAttr: return "get_attr \(target.text)"
    case .callFunction, .callMethod, .callModule:
      let args = args(of: node).map { writer.text($0, .repr) }
      let kwargs = kwargs(of: node).map { "\($0.name)=\(writer.text($0.value, .repr))" }
      let name = op(of: node) == .callFunction ? target.pythonText : target.text
      return "\(name)(\((args + kwargs).joined(separator: ", ")))"
    }
  }
}
