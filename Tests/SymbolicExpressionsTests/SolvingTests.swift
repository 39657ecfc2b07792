import Testing

@testable import SymbolicExpressions

struct SolveCase: GoldenCase {
  static let file = "solve"
  var build: String
  var symbol: String
  var solution: String?
}

@Suite struct SolvingTests {
  @Test func isolatesWhatPyTorchIsolates() throws {
    var mismatches = Mismatches()
    for golden in try SolveCase.load() {
      var arena = ExprArena.withGoldenSymbols()
      let relation = try arena.parse(golden.build)
      let thing = try arena.symbol(known: golden.symbol)
      guard let expected = golden.solution, arena.booleanValue(of: relation) == nil else { continue }
      guard let (kind, right) = arena.trySolve(relation, for: thing) else {
        mismatches.lines.append("\(golden.build) for \(golden.symbol): unsolved, not \(expected)")
        continue
      }
      mismatches.compare(arena.text(of: arena.undecided(kind, thing, right)), expected, golden.build)
    }
    #expect(mismatches == Mismatches())
  }

  @Test func everySolutionMeansWhatTheRelationMeant() throws {
    for golden in try SolveCase.load() {
      var arena = ExprArena.withGoldenSymbols()
      let relation = try arena.parse(golden.build)
      let thing = try arena.symbol(known: golden.symbol)
      guard let (kind, right) = arena.trySolve(relation, for: thing) else { continue }
      let solution = arena.relation(kind, thing, right)
      for seed in 0..<40 {
        func value(_ symbol: SymExpr.Symbol) -> SymExpr.Number {
          let spread = (seed &* 31 &+ Int(symbol.index) &* 17 &+ seed * seed) % 13
          return .int(symbol.index < 3 ? spread + 1 : spread - 6)
        }
        guard let before = arena.evaluate(relation, value), let after = arena.evaluate(solution, value) else {
          continue
        }
        #expect(before == after, "\(golden.build) for \(golden.symbol): \(arena.text(of: solution))")
      }
    }
  }

  @Test func keepsAFractionWhereADivisionIsNotExact() throws {
    var arena = ExprArena.withGoldenSymbols()
    let u = try arena.symbol(known: "u0")
    let rows: [(String, RelationKind, String)] = [
      ("2*u0 <= 6", .le, "3"), ("-2*u0 <= 6", .ge, "-3"), ("2*u0 <= 5", .le, "2.5"),
      ("2*u0 < s0", .lt, "IntTrueDiv(s0, 2)"), ("s0*u0 > s0*u1", .gt, "u1"), ("3 - 2*u0 > 1", .lt, "1"),
    ]
    for (text, kind, right) in rows {
      let solved = arena.trySolve(try arena.parse(text), for: u)
      #expect(solved?.0 == kind, "\(text)")
      #expect(solved.map { arena.text(of: $0.1) } == right, "\(text)")
    }
  }
}
