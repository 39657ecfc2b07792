public import SymbolicExpressions

/// Fresh symbols: which are pending, and which known symbols they turn out to be.
extension ShapeEnv {
  /// Takes the pending symbols: those created since the last call and not yet found in a value.
  public func takePendingFresh() -> [SymExpr.Symbol] {
    defer { facts.pendingFresh.removeAll(keepingCapacity: true) }
    return facts.pendingFresh
  }

  /// Whether any symbols are pending.
  public var hasPendingFresh: Bool { !facts.pendingFresh.isEmpty }

  /// The pending symbols.
  public var pendingFresh: [SymExpr.Symbol] { facts.pendingFresh }

  /// Removes symbols that may legitimately stay unused from the pending ones.
  public func ignoreFresh(_ symbols: [SymExpr.Symbol]) {
    facts.pendingFresh.removeAll { symbols.contains($0) }
  }

  /// `bindings` with symbols under their current names.
  ///
  /// Source: `resolve_unbacked_bindings`.
  public func resolveUnbackedBindings(_ bindings: [UnbackedBinding]) -> [UnbackedBinding] {
    guard !facts.renamings.isEmpty else { return bindings }
    return bindings.map {
      UnbackedBinding(symbol: facts.renamings[$0.symbol] ?? $0.symbol, path: $0.path)
    }
  }

  /// Records that the fresh symbol `new` is the known symbol `old`.
  ///
  /// If both already have the same replacement, nothing changes, where PyTorch asserts. Otherwise the classes are
  /// united under the older name and the ranges are intersected.
  ///
  /// Source: `ShapeEnv._rename_unbacked_to`, by union–find.
  @discardableResult
  public func renameUnbacked(_ new: SymExpr.Symbol, to old: SymExpr.Symbol) -> Bool {
    guard new != old else { return false }
    let target = resolve(arena.handle(of: old))
    let source = resolve(arena.handle(of: new))
    if source == target { return false }
    learning(.renaming, from: arena.handle(of: new)) { unite(new, old, source, target) }
    facts.renamings[new] = old
    facts.given.definitions.append((new, arena.handle(of: old)))
    changed(.renaming(new, old))
    return true
  }

  private func unite(_ new: SymExpr.Symbol, _ old: SymExpr.Symbol, _ source: SymExpr, _ target: SymExpr) {
    note(.renaming(Renaming(from: new, to: old)))
    let (newIndex, oldIndex) = (Int(new.index), Int(old.index))
    if case .int(let range) = facts.ranges.ranges[newIndex] {
      notingContradiction { () throws(Contradiction) in try refine(old, to: range) }
    }
    learning(.renaming, from: arena.handle(of: old)) {
      if case .int(let range) = facts.ranges.ranges[oldIndex] {
        notingContradiction { () throws(Contradiction) in try refine(new, to: range) }
      }
    }
    if facts.sizeLike[newIndex] { facts.sizeLike[oldIndex] = true }
    if let symbol = arena.asSymbol(source), symbol == new {
      stand(target, for: new)
    } else if arena.hasUnbacked(source), let root = arena.asSymbol(source) {
      // Both names have been in use: unite the classes under the older name.
      if stand(target, for: root) { note(.replacement(root, target)) }
    } else if !isReplaced(old) {
      // The fresh symbol is known to be an expression of inputs, so the old one is, too.
      if stand(source, for: old) { note(.replacement(old, source)) }
    }
  }

  /// Replaces `symbol`, which has no replacement yet, by `target`, which contains no replaced symbols.
  ///
  /// - Returns: false for an equation such as `u0 == u0 + 1`, which would never terminate.
  @discardableResult
  private func stand(_ target: SymExpr, for symbol: SymExpr.Symbol) -> Bool {
    guard !arena.freeSymbols(of: target).contains(symbol) else {
      facts.areContradictory = true
      return false
    }
    facts.replaced.append(symbol)
    facts.replacements[Int(symbol.index)] = target
    return true
  }

  /// Records that `symbol` equals `expression`, which contains known symbols only.
  public func equate(_ symbol: SymExpr.Symbol, _ expression: SymExpr) {
    facts.given.definitions.append((symbol, expression))
    changed(.definition(symbol, expression))
    learning(.binding, from: expression) {
      notingContradiction { () throws(Contradiction) in try setReplacement(symbol, resolve(expression)) }
    }
  }
}
