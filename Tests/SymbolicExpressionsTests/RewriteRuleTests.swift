import TestSupport
import Testing

@testable import SymbolicExpressions

@Suite struct RewriteRuleTests {
  /// Operands of many forms over three symbols, the first of them positive.
  private static func operands(_ arena: inout ExprArena) -> [SymExpr] {
    let (s, u, v) = (arena.symbol("s", [.integer, .positive]), arena.symbol("u"), arena.symbol("v"))
    var forms = [-4, -1, 0, 1, 2, 3, 4, 6].map { arena.integer($0) } + [s, u, v]
    for (a, b) in [(s, u), (u, v), (s, s)] {
      forms += [
        arena.mul(a, b), arena.add(arena.mul(.two, a), .one), arena.add(arena.mul(arena.integer(4), a), b),
        arena.add(arena.mul(a, b), a), arena.floorDiv(a, arena.integer(3)), arena.mul(arena.integer(-6), a),
        arena.add(arena.mul(.two, a), arena.mul(.two, b)), arena.max(a, .one),
        arena.pythonMod(a, arena.integer(4)),
      ]
    }
    return forms
  }

  /// A law must keep the value of the call it replaces, for all values of the symbols.
  @Test func lawsKeepTheValue() {
    var applied: Set<String> = []
    for (function, rule) in RewriteRule.all where function.arity == 2...2 && function.resultSort == .int {
      var arena = ExprArena()
      let forms = Self.operands(&arena)
      for a in forms {
        for b in forms {
          guard let after = rule.rewrite(&arena, CallForm(function: function, a: a, b: b)) else { continue }
          applied.insert(rule.law)
          for values in [(1, 5, -3), (2, -7, 4), (3, 0, 6), (4, 9, 1), (7, -12, -5)] {
            Self.check(&arena, function, rule, (a, b), after, values)
          }
        }
      }
    }
    for (function, rule) in RewriteRule.all where function.arity == 2...2 && function.resultSort == .int {
      let needsInfinity = rule.law.contains("∞")
      #expect(applied.contains(rule.law) || needsInfinity, "\(function) \(rule.law) never applied")
    }
  }

  private static func check(
    _ arena: inout ExprArena, _ function: SymFunction, _ rule: RewriteRule, _ operands: (SymExpr, SymExpr),
    _ after: SymExpr, _ values: (Int, Int, Int)
  ) {
    func value(_ symbol: SymExpr.Symbol) -> SymExpr.Number {
      .int(symbol.index == 0 ? values.0 : symbol.index == 1 ? values.1 : values.2)
    }
    guard case .int(let x)? = arena.evaluate(operands.0, value),
      case .int(let y)? = arena.evaluate(operands.1, value),
      let expected = direct(function, x, y), let actual = arena.evaluate(after, value)
    else { return }
    // Mod is defined for x ≥ 0 and y > 0 only; (n // c) // d is folded for d > 0.
    if function == .mod, x < 0 || y < 0 { return }
    if rule.law.hasPrefix("(n // c) // d"), y < 0 { return }
    let form = "\(arena.text(of: operands.0)), \(arena.text(of: operands.1)) → \(arena.text(of: after))"
    #expect(actual == .int(expected), "\(rule.law) breaks \(function)(\(form)) at \(values)")
  }

  /// The function by its definition, implemented independently.
  private static func direct(_ function: SymFunction, _ x: Int, _ y: Int) -> Int? {
    switch function {
    case .floorDiv: return y == 0 ? nil : Int((Double(x) / Double(y)).rounded(.down))
    case .cleanDiv: return y == 0 || x % y != 0 ? nil : x / y
    case .ceilDiv: return y <= 0 ? nil : Int((Double(x) / Double(y)).rounded(.up))
    case .mod, .pythonMod: return y == 0 ? nil : x - y * Int((Double(x) / Double(y)).rounded(.down))
    case .lShift: return y < 0 || y > 20 ? nil : x << y
    case .rShift: return y < 0 ? nil : x >> Swift.min(y, 60)
    case .powByNatural: return y < 0 || y > 8 ? nil : (0..<y).reduce(1) { result, _ in result * x }
    default: return nil
    }
  }

  @Test func extremaKeepTheValue() {
    var arena = ExprArena()
    let forms = Self.operands(&arena)
    for function: SymFunction in [.max, .min] {
      for a in forms {
        for b in forms {
          let inner = arena.apply(function == .max ? .min : .max, a, b)
          for operands in [
            [a, b], [inner, a, .two], [inner, arena.apply(function == .max ? .min : .max, b, .two)],
          ] {
            let call = arena.extremum(function, operands)
            for values in [(1, 5, -3), (2, -7, 4), (4, 9, 1)] {
              func value(_ symbol: SymExpr.Symbol) -> SymExpr.Number {
                .int(symbol.index == 0 ? values.0 : symbol.index == 1 ? values.1 : values.2)
              }
              let parts = operands.compactMap { operand -> Int? in
                if case .int(let x)? = arena.evaluate(operand, value) { return x }
                return nil
              }
              let expected = function == .max ? parts.max() : parts.min()
              #expect(arena.evaluate(call, value) == expected.map { .int($0) }, "\(arena.text(of: call))")
            }
          }
        }
      }
    }
  }

  @Test func modularIndexingKeepsTheValue() {
    var arena = ExprArena()
    let s = arena.symbol("s", [.integer, .positive])
    let u = arena.symbol("u", [.integer, .nonnegative])
    let bases = [
      s, arena.mul(arena.integer(4), s), arena.add(u, arena.mul(arena.integer(28), s)),
      arena.floorDiv(u, arena.integer(3)), arena.add(arena.mul(arena.integer(12), u), arena.integer(6)),
    ]
    for base in bases {
      for (d, m) in [(1, 7), (4, 7), (2, 3), (6, 2), (4, 1)] {
        let call = arena.modularIndexing(base, arena.integer(d), arena.integer(m))
        for values in [(1, 0), (5, 3), (17, 100), (31, 29)] {
          func value(_ symbol: SymExpr.Symbol) -> SymExpr.Number {
            .int(symbol.index == 0 ? values.0 : values.1)
          }
          guard case .int(let x)? = arena.evaluate(base, value) else { continue }
          #expect(arena.evaluate(call, value) == .int((x / d) % m), "\(arena.text(of: call))")
        }
      }
    }
  }
}

@Suite struct RelationTests {
  /// A relation decided when built must be true, or false, for all values of its symbols.
  @Test func decisionsHoldEverywhere() throws {
    var decided = 0
    for golden in try RangeCase.load() {
      var arena = ExprArena.withGoldenSymbols()
      guard let comma = golden.build.firstIndex(of: "("),
        let kind = [("Lt", .lt), ("Le", .le), ("Gt", .gt), ("Ge", .ge), ("Eq", .eq), ("Ne", RelationKind.ne)]
          .first(where: { $0.0 == golden.build[..<comma] })?.1
      else { continue }
      let relation = try arena.parse(golden.build)
      guard let truth = arena.booleanValue(of: relation) else { continue }
      // The same sides under another relation, which never folds.
      let sides = try arena.parse("Where(u12 > 0, " + golden.build.dropFirst(3))
      guard case .call(_, let operands) = arena.view(of: sides) else { continue }
      let raw = arena.undecided(kind, operands[1], operands[2])
      decided += 1
      var random = SplitMix64(seed: 11)
      for _ in 0..<200 {
        let values = (0..<6).map { Int.random(in: ($0 < 3 ? 1 : -40)...40, using: &random) }
        guard let value = arena.evaluate(raw, { .int(values[Int($0.index)]) }) else { continue }
        #expect(value == .bool(truth), "\(golden.build) at \(values)")
      }
    }
    #expect(decided > 10)
  }
}
