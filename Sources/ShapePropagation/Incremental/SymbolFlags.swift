import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// A set of symbols, stored as one flag for each number.
struct SymbolFlags {
  private var flags: ContiguousArray<Bool> = []
  /// Whether no symbol is in the set.
  private(set) var isEmpty = true
  /// Whether the set stands for all symbols.
  private(set) var holdsAll = false

  mutating func insert(_ symbol: SymExpr.Symbol) {
    let index = Int(symbol.index)
    while flags.count <= index { flags.append(false) }
    flags[index] = true
    isEmpty = false
  }

  mutating func insertAll() {
    holdsAll = true
    isEmpty = false
  }

  func contains(_ symbol: SymExpr.Symbol) -> Bool {
    holdsAll || Int(symbol.index) < flags.count && flags[Int(symbol.index)]
  }

  /// Whether an answer about `expression` can depend on one of the symbols.
  func affects(_ expression: SymExpr, in shapes: ShapeEnv) -> Bool {
    var isAffected = holdsAll
    shapes.forEachRelatedSymbol(of: expression) { isAffected = isAffected || contains($0) }
    return isAffected
  }

  /// Whether an answer about `value` can depend on one of the symbols.
  func affects(_ value: FakeValue, in shapes: ShapeEnv) -> Bool {
    var isAffected = holdsAll
    value.forEachSymbolicExpression { isAffected = isAffected || affects($0, in: shapes) }
    return isAffected
  }
}
