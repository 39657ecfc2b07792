import SymbolicExpressions
import SymbolicShapes
import TestSupport
import Testing

/// Facts and their arithmetic consequences.
struct ProvedCase: CustomTestStringConvertible, Sendable {
  var facts: [String] = []
  var query: String
  var holds = true
  var testDescription: String { "\(facts.joined(separator: ", ")) ⊢ \(holds ? "" : "never ")\(query)" }

  static func given(_ facts: String..., follows query: String) -> ProvedCase {
    ProvedCase(facts: facts, query: query)
  }

  static func given(_ facts: String..., never query: String) -> ProvedCase {
    ProvedCase(facts: facts, query: query, holds: false)
  }

  static let all: [ProvedCase] = [
    .given(follows: "3*(b//2) <= 4*b"),
    .given(follows: "(x//4)*4 <= x"),
    .given(follows: "Eq(Max(u0, u0 + 1), u0 + 1)"),
    .given(follows: "Eq(Mod(s + 4, 4), Mod(s, 4))"),
    .given(follows: "Eq((2*s + 3)//s, 2 + 3//s)"),
    .given(follows: "(x//s)*s <= x"),
    .given(follows: "Mod(x, s) < s"),
    .given(follows: "Mod(x, s) <= x"),
    .given(follows: "Max(s, t) >= s"),
    .given(follows: "Eq(Max(s, t) + Min(s, t), s + t)"),
    .given(follows: "u0*u0 >= u0"),
    .given(follows: "s//2 + s//3 <= s"),
    .given(follows: "Eq((s + 1)//2, s - s//2)"),
    .given(follows: "(s + t)//2 <= Max(s, t)"),
    .given(never: "Eq(2*s, 2*t + 1)"),
    .given(never: "Eq(6*u0 + 4*u1, 9)"),
    .given("u0 + u1 == s", "u0 >= 0", follows: "u1 <= s"),
    .given("u0 <= u1", "u1 <= u2", "u2 <= u3", follows: "u0 <= u3"),
    .given("u0 < u1", "u1 < u2", never: "u0 >= u2 - 1"),
    .given("Eq(Mod(u0, 4), 0)", follows: "Eq(Mod(u0, 2), 0)"),
    .given("Eq(Mod(u0, 4), 0)", follows: "Eq(4*(u0//4), u0)"),
    .given("Eq(Mod(u0, 4), 0)", "Eq(Mod(u1, 8), 0)", follows: "Eq(Mod(u0 + u1, 4), 0)"),
    .given("Eq(Mod(u0, 4), 0)", follows: "Eq(Mod(u0*u1, 4), 0)"),
    .given("Eq(Mod(u0, 4), 0)", "Eq(Mod(u1, 8), 0)", follows: "Eq(Mod(3*u0 + u1*u2, 4), 0)"),
    .given("u0 <= u1", "u1 <= u2", "u3 >= 0", follows: "u0*u3 <= u2*u3"),
    .given("u0 >= 0", "u1 >= 1", follows: "u0*u1 >= u0"),
    .given("u0 >= 3", never: "u0*u0 <= 8"),
    .given("(u0 <= 2) | (u0 >= 7)", "u0 >= 3", follows: "u0 > 6"),
  ]
}

@Suite struct ProvingTests {
  /// `b` in [2, 128], other sizes at least 2, four unbacked integers.
  private func environment() -> ShapeEnv {
    let shapes = ShapeEnv()
    for name in ["s", "t", "x"] { shapes.createBackedSymbol(name, hint: .int(12)) }
    shapes.createBackedSymbol("b", hint: .int(12), range: IntRange(lower: 2, upper: 128))
    for _ in 0..<4 { _ = shapes.createUnbackedInt() }
    return shapes
  }

  @Test(arguments: ProvedCase.all)
  func proves(_ proved: ProvedCase) throws {
    let shapes = environment()
    for fact in proved.facts { #expect(shapes.check(SymBool(try shapes.parse(fact)))) }
    let proof = shapes.prove(SymBool(try shapes.parse(proved.query)))
    #expect(proof?.holds == proved.holds)
  }

  @Test(arguments: [
    "u0 <= 3", "Eq(Mod(x, 4), 0)", "x//s >= 2", "u0*u1 >= u0", "Max(s, t) > s", "Eq(u0, u1)", "s*t >= x",
  ])
  func leavesOpenQuestionsOpen(_ query: String) throws {
    let shapes = environment()
    #expect(shapes.prove(SymBool(try shapes.parse(query))) == nil)
  }

  @Test func aProofNamesOnlyItsPremises() throws {
    let shapes = environment()
    for fact in ["Eq(Mod(u0, 4), 0)", "u1 <= u2", "u0 >= 0", "u2 <= u3", "u0 <= u1"] {
      #expect(shapes.check(SymBool(try shapes.parse(fact))))
    }
    let proof = try #require(shapes.prove(SymBool(try shapes.parse("u1 <= u3"))))
    #expect(Set(proof.premises) == [.runtimeAssert(1), .runtimeAssert(3)])
  }

  @Test func aStrongerAnswerDoesNotChangeWhatIsDecided() throws {
    let shapes = environment()
    let condition = SymBool(try shapes.parse("3*(b//2) <= 4*b"))
    #expect(shapes.prove(condition)?.holds == true)
    #expect(shapes.staticallyKnown(condition) == nil)
    #expect(shapes.guards.isEmpty)
  }

  @Test func boundsUseRelations() throws {
    let shapes = environment()
    for fact in ["u0 + u1 <= b", "u0 >= 0", "u1 >= 0"] {
      #expect(shapes.check(SymBool(try shapes.parse(fact))))
    }
    #expect(shapes.provedBound(of: try shapes.parse("u0 + u1")) == IntRange(lower: 0, upper: 128))
    #expect(shapes.provedBound(of: try shapes.parse("b - u0")) == IntRange(lower: 0, upper: 128))
    #expect(shapes.provedBound(of: try shapes.parse("4*b - 3*(b//2)")).lower >= 4)
  }

  @Test func numbersBeyond64BitsStayUnknown() throws {
    let shapes = environment()
    let huge = "4611686018427387904"
    #expect(shapes.prove(SymBool(try shapes.parse("\(huge)*u0 + u1 <= \(huge)*u2"))) == nil)
    #expect(shapes.prove(SymBool(try shapes.parse("\(huge)*u0*u1 <= \(huge)*s*t - 1"))) == nil)
    _ = shapes.provedBound(of: try shapes.parse("\(huge)*s*t*x"))
  }

  @Test func aSmallBudgetEndsWithUnknown() throws {
    let shapes = environment()
    let condition = SymBool(try shapes.parse("Eq(Max(s, t) + Min(s, t), s + t)"))
    #expect(shapes.prove(condition, budget: ProofBudget(work: 20, cases: 1, facts: 0)) == nil)
  }

  @Test func newFactsAreUsedAtOnce() throws {
    let shapes = environment()
    let condition = SymBool(try shapes.parse("u0 <= u2"))
    #expect(shapes.prove(condition) == nil)
    #expect(shapes.check(SymBool(try shapes.parse("u0 <= u1"))))
    #expect(shapes.check(SymBool(try shapes.parse("u1 <= u2"))))
    #expect(shapes.prove(condition)?.holds == true)
  }

  @Test func impliedAssertsAreFound() throws {
    let shapes = environment()
    for fact in [
      "u0 >= 0", "u1 >= 0", "u1 <= 200", "u0 <= b", "u0 + u1 <= b", "Eq(Mod(u2, 6), 0)", "Eq(Mod(u2, 2), 0)",
    ] {
      #expect(shapes.check(SymBool(try shapes.parse(fact))))
    }
    let implied = shapes.impliedAsserts()
    let texts = implied.map { shapes.text(raw: shapes.runtimeAsserts[$0.index].assert.expression) }
    #expect(texts == ["u1 <= 200", "u0 <= b", "Eq(Mod(u2, 2), 0)"])
    // From u0 ≥ 0 and u0 + u1 ≤ b ≤ 128.
    let first = try #require(implied.first?.proof)
    #expect(Set(first.premises).isSuperset(of: [.runtimeAssert(0), .runtimeAssert(4)]))
  }

  @Test func ofTwoEqualAssertsOneStays() throws {
    let shapes = environment()
    for fact in ["u0 <= u1", "u1 >= u0", "u0 < u1 + 1"] { _ = shapes.check(SymBool(try shapes.parse(fact))) }
    #expect(shapes.impliedAsserts().count == shapes.runtimeAsserts.count - 1)
  }

  /// PyTorch concludes `u1 = 1` from `u0 = u0·u1`; a proof must not, as `u0` may be 0.
  @Test func proofsDoNotRestOnUnsoundConclusions() throws {
    let shapes = environment()
    #expect(shapes.check(SymBool(try shapes.parse("Eq(u0, u0*u1)"))))
    #expect(shapes.prove(SymBool(try shapes.parse("Eq(u1, 1)"))) == nil)
    #expect(shapes.prove(SymBool(try shapes.parse("u1 >= 1"))) == nil)
  }

  /// `0 // −6` is 0, but `(3//4)//(−6)` is folded to `3//(−24)`, which is −1.
  @Test func proofsDoNotFoldDivisionsByNegativeNumbers() throws {
    let shapes = ShapeEnv()
    _ = shapes.createUnbackedInt(range: IntRange(lower: 1, upper: 17))
    let remainder = try shapes.parse("PythonMod(u0//4, -2*u0)")
    #expect(shapes.provedBound(of: remainder).contains(0))
    #expect(shapes.prove(SymBool(try shapes.parse("PythonMod(u0//4, -2*u0) < 0"))) == nil)
    let quotient = try shapes.parse("(-2*u0 + u0//4)//(-2*u0)")
    #expect(shapes.provedBound(of: quotient).contains(1))
  }

  @Test func premisesReadAsConditions() throws {
    let shapes = environment()
    #expect(shapes.check(SymBool(try shapes.parse("u0 <= b"))))
    let proof = try #require(shapes.prove(SymBool(try shapes.parse("3*(b//2) + u0 <= 5*b"))))
    let texts = Set(proof.premises.map(shapes.text(of:)))
    #expect(texts == ["u0 <= b", "2*((b//2)) <= b < 2*((b//2)) + 2", "2 <= b <= 128"])
  }

  @Test func aQueryCostsTheSameWithTenOrAThousandAsserts() throws {
    func work(_ count: Int) throws -> Int {
      let shapes = ShapeEnv()
      shapes.createBackedSymbol("s0", hint: .int(100))
      for index in 0..<count {
        _ = shapes.createUnbackedInt()
        _ = shapes.check(SymBool(try shapes.parse("u\(index) >= 0")))
        _ = shapes.check(SymBool(try shapes.parse("u\(index) <= s0 + \(index)")))
      }
      // The smallest sufficient budget is the cost of the query.
      for work in stride(from: 50, to: 20_000, by: 50) {
        let budget = ProofBudget(work: work, cases: 8, facts: 48)
        if shapes.prove(SymBool(try shapes.parse("u3 + u4 <= 2*s0 + 7")), without: [], budget: budget) != nil
        {
          return work
        }
      }
      return .max
    }
    #expect(try work(1_000) <= 2 * (try work(10)))
  }
}
