import OrderedCollections
public import SymbolicExpressions

extension GraphModule {
  /// The module and all modules below it as Python code (PyTorch's `print_readable`).
  ///
  ///     class GraphModule(torch.nn.Module):
  ///         def forward(self, x: "f32[s0, 16]"):
  ///              # File: model.py:14 in forward, code: return relu(x)
  ///             relu: "f32[s0, 16]" = torch.ops.aten.relu.default(x);  x = None
  ///             return (relu,)
  ///
  /// - Parameters:
  ///   - symbols: prints symbolic arguments.
  ///   - annotation: what is known about a node's value, such as `f32[s0, 16]`; called with the path of the node's
  ///     module, empty for the root, and the node.
  ///   - style: colors, and a line for each input.
  /// - Returns: the code, which ends with a newline.
  public func readable(
    symbols: ((SymExpr) -> String)? = nil, annotation: ((String, Node) -> String?)? = nil,
    style: ReadableStyle = ReadableStyle()
  ) -> String {
    readable(named: className, path: "", symbols, annotation, style)
  }

  /// The root graph as a Python function without comments (PyTorch's `code`).
  ///
  ///     def forward(self, x):
  ///         relu = torch.relu(x);  x = None
  ///         return relu
  public var code: String { code(.plain) }

  /// The root graph as a Python function without comments, written by a generator of one's own.
  public func code(_ generator: CodeGenerator) -> String {
    CodeWriter(graph, symbols: nil, annotation: { _ in nil }, isVerbose: false).write(generator) + "\n"
  }

  private func readable(
    named name: String, path: String, _ symbols: ((SymExpr) -> String)?,
    _ annotation: ((String, Node) -> String?)?, _ style: ReadableStyle
  ) -> String {
    let writer = CodeWriter(
      graph, symbols: symbols, annotation: { node in annotation?(path, node) }, style: style)
    let code = writer.write(style.isExpanded ? .expanded : .plain)
    var text = "class \(name)(torch.nn.Module):\n" + code.indented(by: 4) + "\n"
    for (name, module) in submodules where !module.isContainer {
      let inner = module.readable(
        named: name, path: path.isEmpty ? name : "\(path).\(name)", symbols, annotation, style)
      text += "\n" + inner.indented(by: 4)
    }
    return text
  }
}

extension GraphModule: CustomStringConvertible {
  /// The module as Python code; symbolic arguments are printed by number.
  public var description: String { readable() }
}

extension String {
  /// The text with each line indented; empty lines stay empty.
  fileprivate func indented(by count: Int) -> String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : String(repeating: " ", count: count) + $0 }
      .joined(separator: "\n")
  }
}
