import SymbolicExpressions
public import SymbolicShapes

extension ShapeEnv {
  /// Renames the fresh symbols in `value` as `bindings` say.
  ///
  /// Follows the path of each binding. It leads to a number (the symbol is then known), to the symbol itself, to
  /// another symbol (which is renamed), or to an expression of known values (to which the symbol is then equal).
  ///
  /// - Returns: the renamings made.
  /// - Throws: ``SymbolicShapeError`` of kind `bindingPathNotFound`.
  /// - Source: `rebind_unbacked`. A symbol that is bound again is unified, where PyTorch asserts.
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

  /// `u` for `Eq(u, 1)` and for its form as a number, `Piecewise((1, Eq(u, 1)), (0, True))`.
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
