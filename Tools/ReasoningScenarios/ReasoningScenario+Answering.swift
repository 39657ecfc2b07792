import SymbolicExpressions
package import SymbolicShapes

extension ReasoningScenario {
  /// The answers of a new environment that answers as PyTorch `version` does.
  package func answers(as version: PyTorchVersion) -> ReasoningAnswers {
    let shapes = ShapeEnv()
    shapes.profile = SemanticProfile(version)
    declareSymbols(in: shapes)
    let steps = steps.map { Self.holds($0.check, in: shapes) }
    let answers = queries.map { Self.answer($0, in: shapes) }
    return ReasoningAnswers(steps: steps, answers: answers, final: ReasoningAnswers.State(of: shapes))
  }

  /// Creates the symbols, in order.
  package func declareSymbols(in shapes: ShapeEnv) {
    for symbol in symbols {
      switch symbol.kind {
      case .unbacked: _ = shapes.createUnbackedInt()
      case .backed:
        let range = symbol.range ?? []
        shapes.createBackedSymbol(
          symbol.symbol, hint: symbol.hint.map { .int($0) },
          range: IntRange(lower: range.first.flatMap { $0 } ?? .min, upper: range.last.flatMap { $0 } ?? .max)
        )
      }
    }
  }

  static func holds(_ check: String, in shapes: ShapeEnv) -> Bool {
    do {
      let reader = try PythonReader(check, in: shapes)
      try shapes.require(SymBool(reader.expression), hasExample: reader.hasExample)
      return true
    } catch { return false }
  }

  static func answer(_ query: Query, in shapes: ShapeEnv) -> ReasoningAnswers.Answer {
    let expression: SymExpr
    do { expression = try PythonReader(query.expr, in: shapes).expression } catch {
      switch error {
      case .divisionByZero: return .error("ZeroDivisionError")
      case .unreadable(let why): return .unsupported("the expression \(query.expr): \(why)")
      }
    }
    let condition = SymBool(expression)
    switch query.kind {
    case .staticallyKnownTrue: return .truth(shapes.staticallyKnownTrue(condition))
    case .guardOrFalse: return .truth(shapes.guardOrFalse(condition))
    case .evaluate:
      do { return .truth(try shapes.evaluate(condition)) } catch {
        return .error(error.kind == .dataDependent ? "GuardOnDataDependentSymNode" : "AssertionError")
      }
    case .bound:
      switch shapes.bound(of: shapes.resolve(expression)) {
      case .int(let range): return .bounds(range.finiteEnds)
      case .bool(let canBeFalse, let canBeTrue): return .bounds([canBeFalse ? 0 : 1, canBeTrue ? 1 : 0])
      case .float: return .unsupported("the range of a float")
      }
    case .simplify: return .text(shapes.text(raw: shapes.simplify(expression)))
    }
  }
}

extension ReasoningAnswers.State {
  init(of shapes: ShapeEnv) {
    replacements = [:]
    ranges = [:]
    runtimeAsserts = [:]
    for (symbol, target) in shapes.replacements {
      replacements[shapes.arena.name(of: symbol)] = shapes.text(raw: target)
    }
    for symbol in shapes.symbols {
      if case .int(let range)? = shapes.range(of: symbol) {
        ranges[shapes.arena.name(of: symbol)] = range.finiteEnds
      }
    }
    for (symbol, runtimeAssert) in shapes.runtimeAsserts {
      let newest = symbol.map { shapes.arena.name(of: $0) } ?? "None"
      runtimeAsserts[newest, default: []].append(shapes.text(raw: runtimeAssert.expression))
    }
    guards = shapes.guards.map { shapes.text(raw: $0.expression) }
  }
}

extension IntRange {
  /// Both bounds, `nil` for infinity.
  fileprivate var finiteEnds: [Int?] { [lower == .min ? nil : lower, upper == .max ? nil : upper] }
}
