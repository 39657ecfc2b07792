import SymbolicExpressions
import SymbolicShapes

extension ShapeEnv {
  /// `value` with `x` in place of every `Max(1, x)`.
  ///
  /// Strides of dense tensors are written with `Max(1, size)` when a size may be 0.
  func withoutLeastOne(_ value: SymInt) -> SymInt {
    guard let expression = value.symbolicExpression else { return value }
    var result = resolve(expression)
    for atom in arena.atoms(of: result, calling: .max) {
      guard case .call(.max, let operands) = arena.view(of: atom), operands.count == 2,
        let one = operands.firstIndex(where: { arena.integerValue(of: $0) == 1 })
      else { continue }
      result = arena.replace(result, atom: atom, with: operands[1 - one])
    }
    return symInt(result)
  }

  /// Whether `value` is 0 where the symbol `size` is.
  func isZero(_ value: SymInt, where size: SymInt) -> Bool {
    guard let symbol = size.symbolicExpression.flatMap({ arena.asSymbol(resolve($0)) }) else { return false }
    let expression = resolve(expression(value))
    return arena.integerValue(of: arena.substitute(expression) { $0 == symbol ? .zero : nil }) == 0
  }

  /// The larger of two sizes: one of them if the ranges decide, else their `Max`.
  func larger(_ a: SymInt, _ b: SymInt) -> SymInt {
    let difference = bound(of: sub(a, b))
    if difference.lower >= 0 { return a }
    return difference.upper <= 0 ? b : max(a, b)
  }
}
