import SwiftFX

/// Where a symbol comes from, as text.
struct SymbolBirth {
  let node: String
  let what: String
  /// Whether only the archive's list of names contains the symbol.
  private(set) var isOnlyNamed = false

  init(_ symbol: SymExpr.Symbol, in loaded: LoadedProgram) {
    let graph = loaded.exported.graphModule.graph
    let shapes = loaded.program.shapes
    let bindings = loaded.program.bindings()
    for node in graph.nodes {
      if let binding = bindings[node]?.first(where: { $0.symbol == symbol }) {
        self.node = graph.name(of: node)
        let place = graph.stackTrace(of: node).flatMap { StackFrame(innermostOf: $0) }
        what =
          "\(graph.name(of: node))\(shapes.pathText(binding.path))"
          + (place.map { "   \($0.fileName):\($0.line)  \($0.code)" } ?? "")
        return
      }
    }
    var inputs = loaded.program.inputs.makeIterator()
    for node in graph.findNodes(.placeholder) {
      guard let value = inputs.next() else { break }
      let name = graph.name(of: node)
      if case .tensor(let tensor) = value,
        let dim = tensor.sizes.firstIndex(where: { shapes.arena.asSymbol(shapes.expression($0)) == symbol })
      {
        self.node = "input \(name)"
        what = "\(name).size()[\(dim)]"
        return
      }
      if case .symInt(let size) = value, shapes.arena.asSymbol(shapes.expression(size)) == symbol {
        self.node = "input \(name)"
        what = name
        return
      }
    }
    guard let place = loaded.context.provenance(of: shapes.birth(of: symbol)) else {
      (node, what, isOnlyNamed) = ("–", "named by the archive", true)
      return
    }
    // The names of nested graphs are long, and their ends are more informative than their beginnings.
    node = place.nodeName
    what = place.modulePath.isEmpty ? "made during this run" : "inside \(place.modulePath)"
  }
}
