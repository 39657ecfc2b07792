public import SymbolicExpressions

/// Expressions from text, in the symbols of this environment.
extension ShapeEnv {
  /// The expression that `text` writes in Python's infix form, such as `2*u0 + s77//4`.
  ///
  /// - Throws: ``ExpressionParseError`` for what the closed grammar does not know, and for unknown symbols.
  public func parse(_ text: String) throws(ExpressionParseError) -> SymExpr {
    try arena.parse(text) { _ in nil }
  }

  /// The expression that `srepr` writes as SymPy's `srepr` does.
  public func parse(srepr: String) throws(ExpressionParseError) -> SymExpr {
    let expression = try arena.parseSrepr(srepr)
    reserveColumnsForAllSymbols()
    return expression
  }

  /// `expression` as it was built, before replacements.
  public func text(raw expression: SymExpr) -> String { arena.text(of: expression) }
}
