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
    let dropped =
      profile.has(.dropsDominatedArguments)
      ? droppingDominatedArguments(resolved) : droppingRedundantMaxima(resolved)
    if facts.divisible.isEmpty { return dropped }
    let divided = simplifyingExactDivisions(dropped)
    return profile.has(.cancelsCleanDivisions) ? cancellingExactDivisions(divided) : divided
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

  /// `Max` and `Min` without the arguments that another one dominates.
  private func droppingDominatedArguments(_ expression: SymExpr) -> SymExpr {
    var result = expression
    for function in [SymFunction.max, .min] {
      for atom in arena.atoms(of: expression, calling: function) {
        guard case .call(_, let arguments) = arena.view(of: atom),
          arguments.count <= Self.mostArgumentsToCompare
        else { continue }
        let kept = undominated(arguments, isMin: function == .min)
        guard kept.count < arguments.count else { continue }
        result = arena.replace(
          result, atom: atom,
          with: kept.dropFirst().reduce(kept[0]) {
            function == .min ? arena.min($0, $1) : arena.max($0, $1)
          })
      }
    }
    return result
  }

  /// Beyond this many arguments a maximum is left as it is.
  private static let mostArgumentsToCompare = 32

  private func undominated(_ arguments: [SymExpr], isMin: Bool) -> [SymExpr] {
    let asksFacts = !isMin && arguments.count == 2
    var keeps = [Bool](repeating: true, count: arguments.count)
    for i in arguments.indices {
      for j in arguments.indices[(i + 1)...] where keeps[i] && keeps[j] {
        if isAtMost(arguments[i], arguments[j], asksFacts) {
          keeps[isMin ? j : i] = false
        } else if isAtMost(arguments[j], arguments[i], asksFacts) {
          keeps[isMin ? i : j] = false
        }
      }
    }
    return arguments.indices.filter { keeps[$0] }.map { arguments[$0] }
  }

  /// Whether `a <= b`: by the range of the difference or, of the literals 0 and 1, by all that is known.
  private func isAtMost(_ a: SymExpr, _ b: SymExpr, _ asksFacts: Bool) -> Bool {
    let difference = arena.sub(b, a)
    if arena.sign(of: difference).contains(.nonNegative) { return true }
    switch bound(of: difference) {
    case .int(let range) where range.lower >= 0: return true
    case .float(let range) where range.lower >= 0: return true
    default: break
    }
    guard asksFacts, a == .zero || a == .one else { return false }
    return staticallyKnown(SymBool(arena.le(a, b))) == true
  }

  /// `c·(x // c) → x` where the division is known to be exact.
  private func cancellingExactDivisions(_ expression: SymExpr) -> SymExpr {
    var result = expression
    for atom in arena.atoms(of: expression, calling: .floorDiv) {
      guard case .call(_, let operands) = arena.view(of: atom), operands.count == 2,
        facts.divisible.contains(arena.mod(operands[0], operands[1]))
      else { continue }
      for (product, factors) in arena.products(in: result, with: atom) {
        guard let position = factors.firstIndex(of: operands[1]) else { continue }
        var others = factors
        others[position] = operands[0]
        result = arena.replace(result, atom: product, with: arena.product(others))
      }
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
