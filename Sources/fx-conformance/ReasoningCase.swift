import SymbolicExpressions
import SymbolicShapes

/// A scenario for the shape environment alone: symbols, checks in order, queries, and the state at the end.
struct ReasoningCase {
  let object: [String: Any]
  private let shapes = ShapeEnv()

  init(_ object: [String: Any]) { self.object = object }

  func answer() -> [String: Any] {
    for symbol in object["symbols"] as? [[String: Any]] ?? [] { declare(symbol) }
    let steps = (object["steps"] as? [[String: Any]] ?? []).map { holds($0["check"] as? String ?? "") }
    let answers = (object["queries"] as? [[String: Any]] ?? []).map(answer)
    return ["id": object["id"] ?? "", "steps": steps, "answers": answers, "final": state]
  }

  private func declare(_ symbol: [String: Any]) {
    let name = symbol["symbol"] as? String ?? ""
    if symbol["kind"] as? String == "unbacked" {
      _ = shapes.createUnbackedInt()
      return
    }
    let bounds = symbol["range"] as? [Any] ?? []
    let range = IntRange(
      lower: bounds.first.flatMap(integer) ?? .min, upper: bounds.last.flatMap(integer) ?? .max)
    shapes.createBackedSymbol(name, hint: symbol["hint"].flatMap(integer).map { .int($0) }, range: range)
  }

  private func holds(_ check: String) -> Bool {
    do {
      let reader = try PythonReader(check, in: shapes)
      try shapes.require(SymBool(reader.expression), hasExample: reader.hasExample)
      return true
    } catch { return false }
  }

  private func answer(_ query: [String: Any]) -> Any {
    let text = query["expr"] as? String ?? ""
    let expression: SymExpr
    do { expression = try PythonReader(text, in: shapes).expression } catch is ZeroDivisionError {
      return ["error": "ZeroDivisionError"]
    } catch { return ["unsupported": "the expression \(text)"] }
    let condition = SymBool(expression)
    switch query["kind"] as? String {
    case "statically_known_true": return shapes.staticallyKnownTrue(condition)
    case "guard_or_false": return shapes.guardOrFalse(condition)
    case "evaluate":
      do { return try shapes.evaluate(condition) } catch {
        return ["error": error.kind == .dataDependent ? "GuardOnDataDependentSymNode" : "AssertionError"]
      }
    case "bound": return bounds(shapes.bound(of: shapes.resolve(expression)))
    case "simplify": return shapes.text(raw: shapes.simplify(expression))
    default: return ["unsupported": "a query of kind \(query["kind"] ?? "?")"]
    }
  }

  private func bounds(_ range: ValueRange) -> [Any] {
    switch range {
    case .int(let range): return self.range(range)
    case .float(let range): return [range.lower, range.upper].map { $0.isFinite ? $0 as Any : null }
    case .bool(let canBeFalse, let canBeTrue): return [!canBeFalse, canBeTrue]
    }
  }

  private func range(_ range: IntRange) -> [Any] {
    [range.lower == .min ? null : range.lower, range.upper == .max ? null : range.upper]
  }

  private var state: [String: Any] {
    var asserts: [String: [String]] = [:]
    for (symbol, runtimeAssert) in shapes.runtimeAsserts {
      let key = symbol.map { shapes.arena.name(of: $0) } ?? "None"
      asserts[key, default: []].append(shapes.text(raw: runtimeAssert.expression))
    }
    var ranges: [String: [Any]] = [:]
    for symbol in shapes.symbols {
      if case .int(let range)? = shapes.range(of: symbol) {
        ranges[shapes.arena.name(of: symbol)] = self.range(range)
      }
    }
    return [
      "replacements": Dictionary(
        shapes.replacements.map { (shapes.arena.name(of: $0.symbol), shapes.text(raw: $0.target)) },
        uniquingKeysWith: { $1 }),
      "ranges": ranges,
      "runtime_asserts": asserts,
      "guards": shapes.guards.map { shapes.text(raw: $0.expression) },
    ]
  }
}
