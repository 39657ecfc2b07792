import SymbolicExpressions
import SymbolicShapes
import Testing

/// Checks that contradict the known facts, refused as in PyTorch 2.13.
@Suite struct ContradictionTests {
  private let shapes = ShapeEnv()

  private func kind(ofChecking text: String) throws -> SymbolicShapeError.Kind? {
    do {
      try shapes.require(SymBool(try shapes.parse(text)))
      return nil
    } catch let error as SymbolicShapeError { return error.kind }
  }

  @Test func aHintOutOfRangeIsAContradiction() throws {
    shapes.createBackedSymbol("s7", hint: .int(24))
    _ = shapes.createUnbackedInt()
    for check in ["u0 >= 0", "u0 < 7"] { #expect(try kind(ofChecking: check) == nil) }
    #expect(try kind(ofChecking: "s7 <= u0") == .contradiction)
    // PyTorch keeps the conclusions it had drawn before it stopped.
    #expect(shapes.bound(of: try shapes.parse("u0")) == .int(IntRange(lower: 2, upper: 6)))
    #expect(shapes.bound(of: try shapes.parse("s7")) == .int(IntRange(lower: 2, upper: 6)))
  }

  @Test func aCheckKnownToFailIsRefused() throws {
    _ = shapes.createUnbackedInt()
    #expect(try kind(ofChecking: "u0 >= 5") == nil)
    #expect(try kind(ofChecking: "u0 < 5") == .checkFailed)
    #expect(try kind(ofChecking: "u0 > u0") == .checkFailed)
  }

  @Test func aGuardAgainstTheHintIsRefused() throws {
    shapes.createBackedSymbol("s7", hint: .int(8))
    #expect(try kind(ofChecking: "s7 == 9") == .checkFailed)
    #expect(shapes.guards.map { shapes.text(raw: $0.expression) } == ["Ne(s7, 9)"])
  }

  // Both sources of a conflict

  /// The conflict of the last of `checks`; each check is a step with its position in the list.
  private func conflict(_ checks: String...) throws -> Conflict? {
    for (step, check) in checks.enumerated() {
      shapes.origin = ShapeEnv.Origin(step: UInt32(step))
      do { try shapes.require(SymBool(try shapes.parse(check))) } catch let error as SymbolicShapeError {
        #expect(step == checks.count - 1, "\(error)")
        return error.conflict
      }
    }
    return nil
  }

  private func texts(_ conflict: Conflict?) -> [String]? { conflict?.known.map { "\($0)" } }

  private func declareUnbacked(_ ranges: IntRange...) {
    for range in ranges { _ = shapes.createUnbackedInt(range: range) }
  }

  @Test func anEarlierCheckIsNamedWithItsStep() throws {
    declareUnbacked(.unbounded)
    let conflict = try conflict("u0 >= 5", "u0 < 90", "u0 < 5")
    #expect(texts(conflict) == ["5 <= u0   runtimeAssert, step 0"])
    #expect(conflict?.text == "u0 < 5")
    #expect(conflict?.origin == ShapeEnv.Origin(step: 2))
    #expect(conflict?.isProved == true)
  }

  @Test func aBoundOfADeclaredRangeIsNamed() throws {
    shapes.origin = ShapeEnv.Origin(step: 7)
    declareUnbacked(IntRange(lower: 0, upper: 100))
    #expect(texts(try conflict("u0 >= 3", "u0 > 100")) == ["u0 <= 100   declared, step 7"])
  }

  @Test func aConstrainedRangeIsNamed() throws {
    declareUnbacked(IntRange(lower: 0, upper: 100))
    shapes.origin = ShapeEnv.Origin(step: 4)
    shapes.constrainRangeForSize(shapes.symInt(try shapes.parse("u0")), IntRange(lower: 3, upper: 50))
    #expect(texts(try conflict("u0 > 50")) == ["u0 <= 50   constrained, step 4"])
  }

  @Test func bothBoundsAreNamedWhenBothAreNeeded() throws {
    declareUnbacked(IntRange(lower: 2, upper: 5))
    #expect(texts(try conflict("u0*u0 > 25")) == ["u0 >= 2   declared", "u0 <= 5   declared"])
  }

  @Test func aChainOfFactsIsNamedAndNothingElse() throws {
    declareUnbacked(.unbounded, .unbounded, .unbounded, IntRange(lower: 0, upper: 8))
    #expect(
      texts(try conflict("u0 >= 5", "u3 >= 2", "u1 >= u0", "u1 <= 70", "u2 >= 2*u1", "u2 < 10"))
        == ["5 <= u0", "u0 <= u1", "2*u1 <= u2"].enumerated().map {
          "\($1)   runtimeAssert, step \(2 * $0)"
        })
  }

  @Test func aRangeBehindAFactIsNamed() throws {
    declareUnbacked(.unbounded, IntRange(lower: 0, upper: 10))
    #expect(
      texts(try conflict("u0 <= u1", "u0 > 10")) == [
        "u1 <= 10   declared", "u0 <= u1   runtimeAssert, step 0",
      ])
  }

  @Test func aGuardIsNamed() throws {
    for name in ["s0", "s1"] { shapes.createBackedSymbol(name, hint: .int(8)) }
    shapes.origin = ShapeEnv.Origin(step: 3)
    #expect(try shapes.evaluate(SymBool(try shapes.parse("Eq(s0, s1)"))))
    #expect(texts(try conflict("s1 >= 4", "Ne(s0, s1)")) == ["Eq(s0, s1)   guardTaken, step 3"])
  }

  @Test func theHintIsNamedWhenItAloneDecides() throws {
    shapes.createBackedSymbol("s7", hint: .int(8))
    #expect(texts(try conflict("s7 >= 3", "Eq(s7, 9)")) == ["Eq(s7, 8)   example"])
  }

  @Test func theHintIsNamedWithTheFactThatItViolates() throws {
    shapes.createBackedSymbol("s7", hint: .int(24))
    declareUnbacked(.unbounded)
    #expect(
      texts(try conflict("u0 >= 0", "u0 < 7", "s7 <= u0"))
        == ["Eq(s7, 24)   example", "u0 < 7   runtimeAssert, step 1"])
  }

  @Test func aDeclaredConditionIsNamed() throws {
    shapes.createBackedSymbol("s0", hint: .int(8), range: IntRange(lower: 0, upper: .max))
    shapes.constrain(try shapes.parse("3*s0 + 1"), IntRange(lower: 1, upper: 40))
    #expect(texts(try conflict("s0 > 13")) == ["3*s0 + 1 <= 40   declared"])
  }

  @Test func aFreshSymbolIsReportedUnderItsKnownName() throws {
    declareUnbacked(.unbounded, .unbounded)
    #expect(try conflict("u0 >= 5") == nil)
    shapes.origin = ShapeEnv.Origin(step: 9)
    let symbols = try ["u0", "u1"].map { try #require(shapes.arena.asSymbol(try shapes.parse($0))) }
    shapes.renameUnbacked(symbols[1], to: symbols[0])
    let conflict = try conflict("u1 < 5")
    #expect(conflict?.text == "u0 < 5")
    #expect(texts(conflict) == ["5 <= u0   runtimeAssert, step 0"])
  }

  @Test func aReplacementIsNamed() throws {
    declareUnbacked(.unbounded)
    shapes.createBackedSymbol("s0", hint: .int(8))
    let symbol = try #require(shapes.arena.asSymbol(try shapes.parse("u0")))
    shapes.origin = ShapeEnv.Origin(step: 6)
    shapes.equate(symbol, try shapes.parse("s0 + 1"))
    #expect(
      texts(try conflict("u0 < 3")) == ["s0 >= 2   declared", "Eq(u0, s0 + 1)   binding, step 6"])
  }

  @Test func aSymbolLargerThanItselfDoesNotLoop() throws {
    declareUnbacked(.unbounded)
    shapes.createBackedSymbol("s0", hint: .int(8))
    let symbols = try ["u0", "s0"].map { try #require(shapes.arena.asSymbol(try shapes.parse($0))) }
    shapes.equate(symbols[0], try shapes.parse("s0 + 1"))
    shapes.renameUnbacked(symbols[0], to: symbols[1])
    #expect(shapes.text(of: try shapes.parse("u0 + s0")) == "2*s0 + 1")
  }

  /// PyTorch concludes `u1 = 1` from `u0 = u0·u1`, so it refuses what `u0 = 0` would allow.
  @Test func pyTorchsPremisesAreNamedWithoutAProof() throws {
    declareUnbacked(.unbounded, .unbounded)
    let conflict = try conflict("Eq(u0, u0*u1)", "Eq(u1, 3)")
    #expect(conflict?.isProved == false)
    #expect(texts(conflict) == ["Eq(u0, u0*u1)   runtimeAssert, step 0"])
  }

  @Test func aSelfContradictionHasNoSecondSource() throws {
    declareUnbacked(.unbounded)
    let conflict = try conflict("u0 > u0")
    #expect(conflict?.known == [])
    #expect(conflict?.isProved == true)
  }

  /// Each bound that is tried costs a proof about a product of 21 sums.
  @Test func aConflictOfManySymbolsIsNotShortenedWithoutEnd() throws {
    let names = (1...21).map { "s\($0)" }
    for name in names { shapes.createBackedSymbol(name, hint: .int(3)) }
    let product = names.map { "(\($0) + \($0.dropFirst()))" }.joined(separator: "*")
    let before = shapes.runBudget.proofs
    let conflict = try conflict("Eq(1//(\(product)), 1)")
    #expect(before - shapes.runBudget.proofs < 800_000)
    #expect(conflict?.isProved == true)
    #expect(conflict?.known.isEmpty == false)
  }

  @Test func theErrorSaysBoth() throws {
    declareUnbacked(.unbounded)
    for check in ["u0 >= 5"] { try shapes.require(SymBool(try shapes.parse(check))) }
    do {
      try shapes.require(SymBool(try shapes.parse("u0 < 5")))
      Issue.record("the check is accepted")
    } catch {
      #expect("\(error)" == "The check u0 < 5 does not hold\n  known  5 <= u0   runtimeAssert")
    }
  }

  @Test func unknownSymbolsAreNamed() {
    #expect(throws: ExpressionParseError.self) { try shapes.parse("s1 >= 2") }
  }
}
