public import SymbolicExpressions

extension Graph {
  /// The graph as a table with one row for each node (PyTorch's `print_tabular`).
  ///
  ///     opcode         name    target           args    kwargs
  ///     -------------  ------  ---------------  ------  --------
  ///     placeholder    x       x                ()      {}
  ///     call_function  add     aten.add.Tensor  (x, 1)  {}
  ///
  /// Python functions, which PyTorch prints with their address, are printed without it.
  public func tabular(symbols: ((SymExpr) -> String)? = nil) -> String {
    let writer = writer(symbols: symbols)
    let header = ["opcode", "name", "target", "args", "kwargs"]
    let rows = nodes.map { node in
      let target = target(of: node)
      return [
        op(of: node).name, name(of: node), op(of: node) == .callFunction ? target.pythonText : target.text,
        PythonText.tuple(args(of: node).map { writer.text($0, .repr) }),
        writer.keywords(kwargs(of: node), .repr),
      ]
    }
    let widths = header.indices.map { column in
      rows.reduce(header[column].count + 2) { max($0, $1[column].count) }
    }
    let line = widths.map { String(repeating: "-", count: $0) }
    return ([header, line] + rows).map { cells in
      var text = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }.joined(separator: "\n")
  }
}
