import SymbolicExpressions
import SymbolicShapes
import Testing

/// A spent budget leaves questions unknown and makes no answer wrong.
@Suite struct RunBudgetTests {
  private func question(_ shapes: ShapeEnv) -> SymBool {
    let s = shapes.createBackedSymbol("s0", hint: nil)
    return SymBool(shapes.arena.le(shapes.arena.mul(shapes.arena.floorDiv(s, .two), .two), s))
  }

  @Test func proofsDrawOnTheRun() {
    let shapes = ShapeEnv()
    let holds = question(shapes)
    shapes.beginRun(RunBudget(proofs: 0, searches: 0, operands: 0))
    #expect(shapes.hasSpentRunBudget)
    #expect(shapes.prove(holds) == nil)
    shapes.beginRun(.standard)
    #expect(!shapes.hasSpentRunBudget)
    #expect(shapes.prove(holds)?.holds == true)
  }

  @Test func searchesDrawOnTheRun() {
    let shapes = ShapeEnv()
    let s = shapes.createBackedSymbol("s0", hint: nil)
    let wanted = SymBool(shapes.arena.eq(s, shapes.arena.integer(12)))
    shapes.beginRun(RunBudget(proofs: 1, searches: 0, operands: 1))
    if case .notFound = shapes.assignment(where: [wanted]) {} else { Issue.record("a search without budget") }
    shapes.beginRun(.standard)
    #expect(shapes.assignment(where: [wanted]).assignment?.values.map(\.value) == [.int(12)])
  }

  /// However small the budget, an answer is the one of a large budget, or none.
  @Test(arguments: [0, 1, 10, 1_000, 10_000, 100_000, 1_000_000]) func smallBudgetsAreSound(_ work: Int) {
    let shapes = ShapeEnv()
    shapes.beginRun(RunBudget(proofs: work, searches: work, operands: work))
    #expect(shapes.prove(question(shapes))?.holds != false)
  }

  /// Whether `(u0 + 1)·(u1 + 1)` equals its expanded form is seen by expanding it.
  @Test func expansionsDrawOnTheRun() {
    func question(_ shapes: ShapeEnv) -> SymBool {
      let numbers = [shapes.createUnbackedInt(), shapes.createUnbackedInt()].map(shapes.expression)
      let sums = numbers.map { shapes.arena.add($0, .one) }
      let product = shapes.arena.mulUnexpanded(sums[0], sums[1])
      let expanded = shapes.arena.sum([shapes.arena.product(numbers), numbers[0], numbers[1], .one])
      return shapes.eq(shapes.symInt(product), shapes.symInt(expanded))
    }
    let (poor, rich) = (ShapeEnv(), ShapeEnv())
    poor.beginRun(RunBudget(proofs: 0, searches: 0, operands: 0))
    #expect(poor.staticallyKnown(question(poor)) == nil)
    #expect(poor.hasSpentAnyBudget)
    #expect(rich.staticallyKnown(question(rich)) == true)
    #expect(!rich.hasSpentAnyBudget)
    // A later run does not forget that an earlier one left something unknown.
    poor.beginRun(.standard)
    #expect(!poor.hasSpentRunBudget)
    #expect(poor.hasSpentAnyBudget)
  }

  /// A declared range without a value gives no example.
  @Test func anEmptyRangeHasNoExample() {
    let shapes = ShapeEnv()
    let u = shapes.declare(
      "u0", [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 9, upper: -1)), hint: nil)
    let wanted = SymBool(shapes.arena.ge(u, .zero))
    #expect(shapes.assignment(where: [wanted]).assignment == nil)
  }

  /// Numbers near the limits of 64 bits leave equations unknown.
  @Test(arguments: [Int.min, .min + 1, .min + 2, .max, .max - 1]) func numbersNearTheLimits(_ number: Int) {
    let shapes = ShapeEnv()
    let (u, v) = (shapes.createUnbackedInt(), shapes.createUnbackedInt())
    let sum = shapes.arena.add(
      shapes.arena.mul(shapes.arena.integer(3), shapes.expression(u)),
      shapes.arena.mul(shapes.arena.integer(5), shapes.expression(v)))
    let equation = SymBool(shapes.arena.eq(sum, shapes.arena.integer(number)))
    _ = shapes.prove(equation)
    _ = shapes.assignment(where: [equation])
  }
}
