import SymbolicExpressions
public import SymbolicShapes

extension ShapeEnv {
  /// Gives the fresh symbols in `value` the names that `bindings` say they have.
  ///
  /// Each binding's path is followed in the value. What is found there is a number (then the symbol is simply
  /// known), the symbol itself, another symbol (then that one gets the known name), or an expression of known
  /// values (then the symbol is equal to it).
  ///
  /// - Returns: the renamings made.
  /// - Throws: ``SymbolicShapeError`` of kind `bindingPathNotFound`.
  /// - Source: `rebind_unbacked`. Where PyTorch asserts on a symbol that is met again, it is united.
  @discardableResult
  public func rebindUnbacked(
    _ bindings: [UnbackedBinding], in value: FakeValue
  ) throws(SymbolicShapeError) -> [Renaming] {
    guard !bindings.isEmpty else { return [] }
    var renamings: [Renaming] = []
    for binding in resolveUnbackedBindings(bindings) {
      let found = truthOrItself(try expression(at: binding.path, in: value))
      if let fresh = arena.asSymbol(found) {
        if arena.assumptions(of: fresh).contains(.unbacked) {
          if renameUnbacked(fresh, to: binding.symbol) {
            renamings.append(Renaming(from: fresh, to: binding.symbol))
          }
        } else {
          equate(binding.symbol, found)
        }
      } else if !arena.hasSymbols(found) || !arena.hasUnbacked(found) {
        equate(binding.symbol, found)
      }
    }
    return renamings
  }

  /// `Eq(u, 1)` and its image as a number, `Piecewise((1, Eq(u, 1)), (0, True))`, stand for `u`.
  private func truthOrItself(_ expression: SymExpr) -> SymExpr {
    if let symbol = truthSymbol(of: expression) { return symbol }
    if case .call(.where, let arguments) = arena.view(of: expression), arguments.count == 3,
      arguments[1] == .one, arguments[2] == .zero, let symbol = truthSymbol(of: arguments[0])
    {
      return symbol
    }
    return expression
  }
}
