public import SymbolicExpressions

/// Simplifies expressions by what is known.
///
/// Source: `ShapeEnv.replace`, `ShapeEnv._find`, `ShapeEnv.simplify`.
extension ShapeEnv {
  /// The replacement of `symbol`, followed to the end.
  ///
  /// Stores the shortened path and narrows the range of `symbol` by that of the final expression.
  public func find(_ symbol: SymExpr.Symbol) -> SymExpr {
    guard Int(symbol.index) < facts.replacements.count else { return arena.handle(of: symbol) }
    let target = facts.replacements[Int(symbol.index)]
    guard target != arena.handle(of: symbol), hasReplacedSymbols(target) else { return target }
    // PyTorch learns the target's range here and no earlier.
    let outer = isLookingUp
    isLookingUp = true
    defer { isLookingUp = outer }
    if (try? setReplacement(symbol, substituteReplacements(in: target))) == nil {
      noteContradiction()
    }
    return facts.replacements[Int(symbol.index)]
  }

  /// `expression` with every replaced symbol replaced.
  public func resolve(_ expression: SymExpr) -> SymExpr {
    guard !facts.replaced.isEmpty, expression.small == nil, hasReplacedSymbols(expression) else {
      return expression
    }
    return substituteReplacements(in: expression)
  }

  /// `value` with every replaced symbol replaced.
  public func resolve(_ value: SymInt) -> SymInt {
    guard let expression = value.symbolicExpression, !facts.replaced.isEmpty else { return value }
    let resolved = resolve(expression)
    return resolved == expression ? value : symInt(resolved)
  }

  /// `value` with every replaced symbol replaced.
  public func resolve(_ value: SymBool) -> SymBool { SymBool(resolve(value.expression)) }

  private func hasReplacedSymbols(_ expression: SymExpr) -> Bool {
    for symbol in arena.freeSymbols(of: expression) where isReplaced(symbol) { return true }
    return false
  }

  /// Whether `symbol` has been replaced.
  public func isReplaced(_ symbol: SymExpr.Symbol) -> Bool {
    let index = Int(symbol.index)
    return index < facts.replacements.count && facts.replacements[index] != arena.handle(of: symbol)
  }

  /// Replacements never form a cycle: `setReplacement` refuses a target that contains the symbol itself.
  private func substituteReplacements(in expression: SymExpr) -> SymExpr {
    for symbol in arena.freeSymbols(of: expression) where isReplaced(symbol) { _ = find(symbol) }
    let replacements = facts.replacements
    return arena.expanded(
      arena.substitute(expression) { symbol in
        Int(symbol.index) < replacements.count ? replacements[Int(symbol.index)] : nil
      })
  }

  /// `expression` after replacements and the laws that depend on facts: `Max(0, x)` and `Max(1, x)` for a large enough
  /// `x`, nested exact divisions.
  public func simplify(_ expression: SymExpr) -> SymExpr {
    let resolved = resolve(arena.expanded(expression))
    guard resolved.small == nil, arena.hasSymbols(resolved) else { return resolved }
    let dropped = droppingRedundantMaxima(resolved)
    return facts.divisible.isEmpty ? dropped : simplifyingExactDivisions(dropped)
  }

  /// `value` after replacements and the laws that depend on facts.
  public func simplify(_ value: SymInt) -> SymInt {
    guard let expression = value.symbolicExpression else { return value }
    return symInt(simplify(expression))
  }

  private func droppingRedundantMaxima(_ expression: SymExpr) -> SymExpr {
    var result = expression
    for atom in arena.atoms(of: expression, calling: .max) {
      guard case .call(_, let arguments) = arena.view(of: atom), arguments.count == 2 else { continue }
      let constants = arguments.compactMap { arena.integerValue(of: $0) }
      guard constants.count == 1, constants[0] == 0 || constants[0] == 1,
        let other = arguments.first(where: { arena.integerValue(of: $0) == nil }),
        staticallyKnown(SymBool(arena.ge(other, arena.integer(constants[0])))) == true
      else { continue }
      result = arena.replace(result, atom: atom, with: other)
    }
    return result
  }

  /// `a // (a // d) → d` where both divisions are known to be exact.
  private func simplifyingExactDivisions(_ expression: SymExpr) -> SymExpr {
    var result = expression
    for atom in arena.atoms(of: expression, calling: .floorDiv) {
      guard case .call(_, let outer) = arena.view(of: atom), outer.count == 2,
        case .call(.floorDiv, let inner) = arena.view(of: outer[1]), inner.count == 2,
        inner[0] == outer[0],
        facts.divisible.contains(arena.mod(outer[0], outer[1])),
        facts.divisible.contains(arena.mod(inner[0], inner[1]))
      else { continue }
      result = arena.replace(result, atom: atom, with: inner[1])
    }
    return result
  }
}
