public import SymbolicExpressions

/// Parses expressions over the symbols of this environment.
extension ShapeEnv {
  /// The expression for `text` in Python's infix form, such as `2*u0 + s77//4`.
  ///
  /// - Throws: ``ExpressionParseError`` for syntax outside the closed grammar and for unknown symbols.
  public func parse(_ text: String) throws(ExpressionParseError) -> SymExpr {
    try arena.parse(text) { _ in nil }
  }

  /// The expression for `srepr`, in the form that SymPy's `srepr` prints.
  public func parse(srepr: String) throws(ExpressionParseError) -> SymExpr {
    let expression = try arena.parseSrepr(srepr)
    reserveColumnsForAllSymbols()
    return expression
  }

  /// `expression` as it was built, before replacements.
  public func text(raw expression: SymExpr) -> String { arena.text(of: expression) }
}
