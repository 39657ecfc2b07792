package import FX
import FakeTensors
package import SymbolicExpressions
package import SymbolicShapes

extension Propagation {
  /// The symbols in the values of `graph` and in the facts of the run.
  ///
  /// An archive also lists names that a run never meets, such as those inside nested graphs.
  package func mentionedSymbols(in graph: Graph, _ shapes: ShapeEnv) -> Set<SymExpr.Symbol> {
    var symbols: Set<SymExpr.Symbol> = []
    for node in graph.nodes {
      for expression in values[node]?.symbolicExpressions ?? [] {
        symbols.formUnion(shapes.arena.freeSymbols(of: expression))
      }
    }
    for fact in shapes.guards { symbols.formUnion(shapes.arena.freeSymbols(of: fact.expression)) }
    for fact in shapes.runtimeAsserts {
      symbols.formUnion(shapes.arena.freeSymbols(of: fact.assert.expression))
    }
    return symbols
  }
}
