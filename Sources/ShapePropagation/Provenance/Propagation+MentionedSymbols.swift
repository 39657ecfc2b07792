package import FX
import FakeTensors
package import SymbolicExpressions
package import SymbolicShapes

extension Propagation {
  /// The symbols in the values of `graph` and in the facts of the run.
  ///
  /// An archive also lists names that a run never meets, such as those inside nested graphs.
  package func mentionedSymbols(in graph: Graph, _ shapes: ShapeEnv) -> Set<SymExpr.Symbol> {
    let values = graph.nodes.flatMap { self.values[$0]?.symbolicExpressions ?? [] }
    let facts = shapes.guards.map(\.expression) + shapes.runtimeAsserts.map(\.assert.expression)
    return Set((values + facts).flatMap { shapes.arena.freeSymbols(of: $0) })
  }
}
