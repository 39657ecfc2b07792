import ExportedPrograms
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// The unbacked symbols of a graph that no node seen so far has bound.
///
/// Most sizes use symbols that an early node has bound. An expression whose symbols are all bound is not searched
/// again, so the cost of a walk over a graph depends on its sizes and not on the number of symbols.
struct UnboundSymbols {
  private let expressions: ContiguousArray<SymExpr>
  private let shapes: ShapeEnv
  /// Indexed by symbol.
  private var isBound: ContiguousArray<Bool>
  /// Whether all symbols of an expression are bound, by the number of the expression.
  private var isSettled: ContiguousArray<Bool>

  init(_ expressions: ContiguousArray<SymExpr>, _ shapes: ShapeEnv) {
    self.expressions = expressions
    self.shapes = shapes
    isBound = ContiguousArray(repeating: false, count: shapes.arena.symbolCount)
    isSettled = ContiguousArray(expressions.map { !shapes.arena.hasUnbacked($0) })
  }

  /// Whether no expression of the archive contains such a symbol.
  var isEmpty: Bool { isSettled.allSatisfy { $0 } }

  /// Whether one of the symbols occurs among `integers`.
  mutating func occur(in integers: ArraySlice<RecordedInt>) -> Bool {
    for integer in integers {
      guard let id = integer.expression, !isSettled[Int(id.index)] else { continue }
      let expression = expressions[Int(id.index)]
      let count = shapes.arena.freeSymbolCount(of: expression)
      if (0..<count).contains(where: { isUnbound(shapes.arena.freeSymbol(of: expression, at: $0)) }) {
        return true
      }
      isSettled[Int(id.index)] = true
    }
    return false
  }

  /// The symbols that occur in `value`.
  func symbols(in value: FakeValue) -> Set<SymExpr.Symbol> {
    var symbols: Set<SymExpr.Symbol> = []
    value.forEachSymbolicExpression { expression in
      guard shapes.arena.hasUnbacked(expression) else { return }
      for symbol in shapes.arena.freeSymbols(of: expression) where isUnbound(symbol) {
        symbols.insert(symbol)
      }
    }
    return symbols
  }

  /// Records that a node binds `symbols`.
  mutating func bind(_ symbols: some Sequence<SymExpr.Symbol>) {
    for symbol in symbols where Int(symbol.index) < isBound.count { isBound[Int(symbol.index)] = true }
  }

  private func isUnbound(_ symbol: SymExpr.Symbol) -> Bool {
    let index = Int(symbol.index)
    return index < isBound.count && !isBound[index]
      && shapes.arena.assumptions(of: symbol).contains(.unbacked)
  }
}
