import SwiftFX

/// What commands say about a run.
enum FuzzUse {
  /// The texts of every value, fact and error.
  static func texts(of result: Propagation, _ context: PropagationContext) {
    let shapes = context.mode.shapes
    for node in context.module.graph.nodes {
      if let value = result.values[node] { _ = shapes.shortText(of: value) }
    }
    for fact in shapes.guards { _ = shapes.text(of: fact.expression) }
    for fact in shapes.runtimeAsserts { _ = shapes.text(of: fact.assert.expression) }
    if let error = result.error { _ = "\(error)" }
    _ = context.module.graph.text(symbols: { shapes.text(raw: $0) })
  }

  /// The reasons of every symbol.
  static func stories(of result: Propagation, _ context: PropagationContext) {
    let shapes = context.mode.shapes
    let names = AuthorNames(context, values: result.values, fresh: result.fresh)
    for symbol in result.mentionedSymbols(in: context.module.graph, shapes) {
      _ = SymbolStory(of: symbol, in: context, names: names).facts(in: shapes)
    }
  }
}
