import FX
import FakeTensors
public import ShapePropagation
public import SymbolicExpressions
import SymbolicShapes

/// A symbol without an upper bound, which leaves a cost unbounded.
public struct MissingBound {
  /// The symbol.
  public let symbol: SymExpr.Symbol
  /// Its name.
  public let name: String
  /// The node or input that it comes from; `nil` if the program does not say.
  public let place: Provenance?
  /// What to write, such as `torch._check(nz.shape[0] <= …)`.
  public let fix: String

  /// The fix, and the line to put it after.
  public var advice: String {
    guard let frame = place?.frame else { return fix }
    return "\(fix)   after \(frame.fileName):\(frame.line)  \(frame.code)"
  }
}

extension MissingBound {
  /// The symbols of `size` without an upper bound, in the order of the symbols.
  ///
  /// The names that the author gave are asked for only if a symbol is no size of an input: to find them, all stack traces
  /// are read.
  static func of(
    _ size: SymInt, _ context: PropagationContext, values: NodeMap<FakeValue>, names: () -> AuthorNames
  ) -> [MissingBound] {
    let shapes = context.mode.shapes
    guard let expression = size.symbolicExpression else { return [] }
    let inputs = inputSizes(context, values)
    let free = Array(shapes.arena.freeSymbols(of: shapes.resolve(expression))).sorted { $0.index < $1.index }
    return free.compactMap { symbol in
      guard case .int(let range)? = shapes.range(of: symbol), !range.isBoundedAbove else { return nil }
      let name = shapes.arena.name(of: symbol)
      if let (text, place) = inputs[symbol] {
        return MissingBound(
          symbol: symbol, name: name, place: place, fix: "torch.export.Dim('\(name)', max=…) for \(text)")
      }
      let spelling = names().spelling(of: symbol)
      let text = spelling?.text ?? name
      let fix =
        spelling?.place.operatorName == "input"
        ? "torch.export.Dim('\(name)', max=…) for \(text)" : "torch._check(\(text) <= …)"
      return MissingBound(symbol: symbol, name: name, place: spelling?.place, fix: fix)
    }
  }

  /// The first input that shows a symbol as a size: `x.shape[0]`.
  private static func inputSizes(
    _ context: PropagationContext, _ values: NodeMap<FakeValue>
  ) -> [SymExpr.Symbol: (text: String, place: Provenance?)] {
    let (graph, shapes) = (context.module.graph, context.mode.shapes)
    var sizes: [SymExpr.Symbol: (text: String, place: Provenance?)] = [:]
    for node in graph.findNodes(.placeholder) {
      guard let tensor = values[node]?.tensor else { continue }
      for (dim, size) in tensor.sizes.enumerated() where !shapes.isUnbacked(size) {
        guard let symbol = size.symbolicExpression.flatMap({ shapes.arena.asSymbol(shapes.resolve($0)) }),
          sizes[symbol] == nil
        else { continue }
        sizes[symbol] = ("\(graph.name(of: node)).shape[\(dim)]", Provenance(node, of: graph))
      }
    }
    return sizes
  }
}
