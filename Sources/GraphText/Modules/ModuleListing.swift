import FX

/// Reads the tree of modules that `print(module)` shows, which says what a graph below it calls.
///
///     Net(
///       (enc): Sequential(
///         (0): Linear(in_features=4, out_features=6, bias=True)
///       )
///     )
struct ModuleListing {
  /// Layers by their dotted path.
  private(set) var layers: [(path: String, value: PythonExpression)] = []
  private var parents: [(indentation: Int, name: String)] = []

  var isEmpty: Bool { layers.isEmpty }

  /// Reads a line; `false` for a line of another kind.
  mutating func read(_ text: SourceText, _ line: Int, _ range: Range<Int>) -> Bool {
    guard text.bytes[range.lowerBound] == UInt8(ascii: "("), let close = text.find("): ", in: range) else {
      return false
    }
    let name = text.text(range.lowerBound + 1..<close)
    guard !name.isEmpty, name.utf8.allSatisfy({ $0.continuesName }) else { return false }
    let indentation = text.indentation(of: line)
    while let last = parents.last, last.indentation >= indentation { parents.removeLast() }
    let path = (parents.map(\.name) + [name]).joined(separator: ".")
    if text.bytes[range.upperBound - 1] == UInt8(ascii: "(") {
      parents.append((indentation, name))
      return true
    }
    var scanner = PythonScanner(text, [line])
    scanner.skip(to: close + 3)
    if var parser = try? PythonParser(scanner), let value = try? parser.expression() {
      layers.append((path, value))
    }
    return true
  }
}

extension ReadGraph {
  /// Gives the graph the layers that it calls, as far as they are known.
  mutating func adopt(_ layers: [(path: String, value: PythonExpression)]) {
    let called = Set(module.graph.findNodes(.callModule).map { module.graph.target(of: $0).text })
    for (path, value) in layers where called.contains(path) && module.submodule(at: path) == nil {
      guard let layer = TorchLayer(value) else { continue }
      module.setSubmodule(layer.module, at: path)
      values[path] = layer.values
    }
  }
}
