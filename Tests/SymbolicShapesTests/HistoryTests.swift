import SymbolicExpressions
import SymbolicShapes
import Testing

/// Every fact about a symbol has a cause and the step that added it.
@Suite struct HistoryTests {
  private let shapes = ShapeEnv()

  private func unbacked(_ name: String, _ range: IntRange = .unbounded) -> SymInt {
    shapes.symInt(
      shapes.declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil))
  }

  private func symbol(_ value: SymInt) throws -> SymExpr.Symbol {
    let symbol = shapes.arena.asSymbol(shapes.expression(value))
    return try #require(symbol)
  }

  private func causes(_ fact: Learning.Fact) -> [Learning.Reason.Kind] {
    shapes.history.filter { $0.fact == fact }.map(\.reason.kind)
  }

  @Test func aDeclaredRange() throws {
    let u = try symbol(unbacked("u0", IntRange(lower: 0, upper: 9)))
    #expect(causes(.range(u, IntRange(lower: 0, upper: 9))) == [.declared])
    #expect(shapes.history.first?.reason.origin == .input)
  }

  @Test func anAssertNarrowsARange() throws {
    let u0 = unbacked("u0")
    shapes.origin = ShapeEnv.Origin(step: 7, graph: 2)
    #expect(shapes.check(shapes.le(u0, 12)))
    let learnt = try #require(shapes.history.last)
    #expect(learnt.fact == .range(try symbol(u0), IntRange(lower: .min, upper: 12)))
    #expect(learnt.reason.kind == .runtimeAssert)
    #expect(learnt.reason.cause == shapes.runtimeAsserts.last?.assert.expression)
    #expect(learnt.reason.origin == ShapeEnv.Origin(step: 7, graph: 2))
  }

  @Test func aGuardFixesADim() throws {
    let s0 = shapes.symInt(shapes.createBackedSymbol("s0", hint: .int(4)))
    shapes.origin = ShapeEnv.Origin(step: 3)
    #expect(try shapes.evaluateEqual(s0, 4))
    let replacement = Learning.Fact.replacement(try symbol(s0), shapes.arena.integer(4))
    let replaced = shapes.history.filter { $0.fact == replacement }
    #expect(replaced.map(\.reason.kind) == [.guardTaken])
    #expect(replaced.first?.reason.cause == shapes.guards.first?.expression)
    #expect(replaced.first?.reason.origin == ShapeEnv.Origin(step: 3))
  }

  /// `s1 = s0` transfers the range of `s0`: the guard replaces, the replacement narrows.
  @Test func aReplacementNarrowsARange() throws {
    let s0 = shapes.symInt(
      shapes.createBackedSymbol("s0", hint: .int(4), range: IntRange(lower: 2, upper: 8)))
    let s1 = shapes.symInt(shapes.createBackedSymbol("s1", hint: .int(4)))
    #expect(try shapes.evaluateEqual(s0, s1))
    let narrowed = try shapes.history.filter {
      $0.fact == .range(try symbol(s1), IntRange(lower: 2, upper: 8))
    }
    #expect(narrowed.count == 1)
    #expect(shapes.history.contains { $0.reason.kind == .guardTaken })
  }

  @Test func aRenamingKeepsBothNames() throws {
    let known = unbacked("u0", IntRange(lower: 0, upper: 64))
    let fresh = shapes.createUnbackedInt(range: IntRange(lower: 0, upper: 100))
    shapes.origin = ShapeEnv.Origin(step: 5)
    #expect(shapes.renameUnbacked(try symbol(fresh), to: try symbol(known)))
    let renaming = Renaming(from: try symbol(fresh), to: try symbol(known))
    #expect(causes(.renaming(renaming)) == [.renaming])
    #expect(causes(.range(try symbol(fresh), IntRange(lower: 0, upper: 64))) == [.renaming])
    #expect(shapes.history.last?.reason.origin == ShapeEnv.Origin(step: 5))
  }

  @Test func aConstantAtABinding() throws {
    let known = unbacked("u0")
    shapes.equate(try symbol(known), shapes.arena.integer(3))
    #expect(causes(.replacement(try symbol(known), shapes.arena.integer(3))) == [.binding])
  }

  @Test func aZeroRemainder() throws {
    let u0 = unbacked("u0")
    #expect(shapes.check(shapes.eq(shapes.mod(u0, 4), 0)))
    #expect(causes(.divisible(shapes.expression(shapes.mod(u0, 4)))) == [.runtimeAssert])
  }

  @Test func aRequirementWithoutACheck() throws {
    let u0 = unbacked("u0")
    shapes.constrainRangeForSize(u0, IntRange(lower: 1, upper: 5))
    #expect(causes(.range(try symbol(u0), IntRange(lower: 1, upper: 5))) == [.constrained])
  }

  @Test func restoringACheckpointForgetsLaterFacts() throws {
    let u0 = unbacked("u0")
    let before = shapes.history.count
    let checkpoint = shapes.checkpoint()
    #expect(shapes.check(shapes.le(u0, 12)))
    #expect(shapes.history.count > before)
    shapes.restore(checkpoint)
    #expect(shapes.history.count == before)
  }
}
