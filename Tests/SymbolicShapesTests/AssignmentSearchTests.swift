import SymbolicExpressions
import SymbolicShapes
import TestSupport
import Testing

/// An assignment that a search finds satisfies everything; when it reports none, brute force finds none.
@Suite struct AssignmentSearchTests {
  private func unbacked(_ shapes: ShapeEnv, _ name: String, _ range: IntRange) -> SymInt {
    shapes.symInt(
      shapes.declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil))
  }

  @Test func bothBranchesOfAnOpenCondition() {
    let shapes = ShapeEnv()
    let u0 = unbacked(shapes, "u0", IntRange(lower: 0, upper: .max))
    let condition = shapes.eq(u0, 1)
    for wanted in [condition, shapes.not(condition)] {
      let found = shapes.assignment(where: [wanted]).assignment
      #expect(found.flatMap { shapes.value(of: wanted.expression, under: $0) } == .bool(true))
    }
  }

  @Test func equationsDetermineSymbols() throws {
    let shapes = ShapeEnv()
    let wide = IntRange(lower: 0, upper: .max)
    let (u0, u1) = (unbacked(shapes, "u0", wide), unbacked(shapes, "u1", wide))
    #expect(shapes.check(shapes.eq(shapes.add(u0, u1), 1_000_003)))
    let condition = shapes.gt(u1, 900_000)
    let found = try #require(shapes.assignment(where: [condition]).assignment)
    #expect(shapes.value(of: shapes.expression(shapes.add(u0, u1)), under: found) == .int(1_000_003))
  }

  @Test func reportsThatThereIsNone() {
    let shapes = ShapeEnv()
    let u0 = unbacked(shapes, "u0", IntRange(lower: 0, upper: 50))
    #expect(shapes.check(shapes.ge(shapes.mul(u0, u0), 9)))
    guard case .impossible = shapes.assignment(where: [shapes.lt(u0, 3)]) else {
      Issue.record("0, 1 and 2 have squares below 9")
      return
    }
  }

  @Test func agreesWithBruteForce() {
    var random = SplitMix64(seed: 0xA551)
    for round in 0..<400 {
      let shapes = ShapeEnv()
      let symbols = ["u0", "u1"].map { name in
        unbacked(shapes, name, IntRange(lower: Int.random(in: -2...2, using: &random), upper: 6))
      }
      func number() -> SymInt {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: SymInt(Int.random(in: -3...8, using: &random))
        case 1: symbols[0]
        case 2: symbols[1]
        case 3: shapes.mul(symbols[0], symbols[1])
        case 4: shapes.add(shapes.mul(2, symbols[1]), symbols[0])
        default: shapes.mod(symbols[0], 3)
        }
      }
      func condition() -> SymBool {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: shapes.eq(number(), number())
        case 1: shapes.ne(number(), number())
        case 2: shapes.lt(number(), number())
        default: shapes.ge(number(), number())
        }
      }
      let wanted = [condition(), condition()]
      var exists = false
      for a in -2...6 {
        for b in -2...6 {
          guard case .int(let x)? = shapes.range(of: SymExpr.Symbol(index: 0)), x.contains(a),
            case .int(let y)? = shapes.range(of: SymExpr.Symbol(index: 1)), y.contains(b)
          else { continue }
          let holds = wanted.allSatisfy { condition in
            shapes.arena.evaluate(condition.expression) { .int($0.index == 0 ? a : b) } == .bool(true)
          }
          exists = exists || holds
        }
      }
      switch shapes.assignment(where: wanted) {
      case .found(let found):
        #expect(exists, "round \(round)")
        for condition in wanted {
          #expect(shapes.value(of: condition.expression, under: found) == .bool(true), "round \(round)")
        }
      case .impossible: #expect(!exists, "round \(round)")
      case .notFound: break
      }
    }
  }
}
