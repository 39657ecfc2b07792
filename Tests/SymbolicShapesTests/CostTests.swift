import SymbolicExpressions
import SymbolicShapes
import Testing

/// The cost of questions when many facts are known, counted rather than timed.
@Suite struct CostTests {
  /// An environment with `count` asserts about as many symbols.
  private func environment(_ count: Int) throws -> ShapeEnv {
    let shapes = ShapeEnv()
    for name in ["s0", "s1"] { shapes.createBackedSymbol(name, hint: .int(100)) }
    for index in 0..<count { try add(index, to: shapes) }
    return shapes
  }

  private func add(_ index: Int, to shapes: ShapeEnv) throws {
    let u = shapes.expression(shapes.createUnbackedInt())
    let s0 = try shapes.parse("s0")
    let bound = shapes.arena.add(s0, shapes.arena.integer(index))
    #expect(shapes.check(SymBool(shapes.arena.ge(u, .zero))))
    #expect(shapes.check(SymBool(shapes.arena.le(u, bound))))
  }

  /// Asks one question of each kind, about expressions not used before.
  private func ask(_ shapes: ShapeEnv, _ salt: Int) throws {
    let text = "u3 + \(salt)*u4"
    let expression = try shapes.parse(text)
    #expect(shapes.staticallyKnown(SymBool(try shapes.parse("\(text) >= 0"))) == true)
    #expect(!shapes.guardOrFalse(SymBool(try shapes.parse("\(text) == 7"))))
    #expect(try shapes.evaluate(SymBool(try shapes.parse("\(text) > -\(salt)"))))
    #expect(shapes.bound(of: shapes.symInt(expression)).lower == 0)
    #expect(shapes.simplify(shapes.arena.max(expression, .zero)) == expression)
  }

  /// The sum of the arena's work counters.
  private func work(_ shapes: ShapeEnv) -> Int {
    let work = shapes.work.arena
    return work.requests + work.operands + work.laws + work.ranges + work.rebuilds
  }

  @Test func questionsCostTheSameWithTenOrAThousandAsserts() throws {
    func work(_ count: Int) throws -> Int {
      let shapes = try environment(count)
      try ask(shapes, 50)
      let before = self.work(shapes)
      for salt in 51..<61 { try ask(shapes, salt) }
      return self.work(shapes) - before
    }
    let (few, many) = (try work(10), try work(1_000))
    #expect(few > 0)
    #expect(many <= few * 2, "\(many) steps, \(few) with few facts")
  }

  /// Facts and proofs alternate: each fact is read a few times, not once per proof.
  @Test func factsBetweenProofsAreReadOnce() throws {
    func narrowings(_ count: Int) throws -> Int {
      let shapes = try environment(5)
      let question = SymBool(try shapes.parse("u3 + u4 <= 2*s0 + 7"))
      for index in 5..<count {
        try add(index, to: shapes)
        #expect(shapes.prove(question)?.holds == true)
      }
      return shapes.proofNarrowings
    }
    let (few, many) = (try narrowings(40), try narrowings(400))
    #expect(many <= few * 12, "\(many) for 400 facts, \(few) for 40")
  }

  /// Facts and questions alternate: a late question costs as much as an early one.
  @Test func questionsBetweenFactsStayCheap() throws {
    let shapes = try environment(5)
    var costs: [Int] = []
    for index in 5..<505 {
      try add(index, to: shapes)
      let before = work(shapes)
      try ask(shapes, 1_000 + index)
      costs.append(work(shapes) - before)
    }
    #expect(costs.suffix(100).reduce(0, +) <= 2 * costs.prefix(100).reduce(0, +))
  }

  @Test func proofsAreRemembered() throws {
    let shapes = try environment(5)
    let question = SymBool(try shapes.parse("u1 <= s0 + 9"))
    #expect(shapes.prove(question)?.holds == true)
    let terms = shapes.arena.count
    shapes.createBackedSymbol("s7", hint: .int(9))
    #expect(shapes.check(SymBool(try shapes.parse("s7 < 12"))))
    let added = shapes.arena.count
    #expect(shapes.prove(question)?.holds == true)
    #expect(shapes.arena.count == added)
    #expect(added > terms)
  }

  @Test func aRestoredCheckpointForgetsProofs() throws {
    let shapes = try environment(2)
    let question = SymBool(try shapes.parse("u0 <= 50"))
    let checkpoint = shapes.checkpoint()
    #expect(shapes.check(SymBool(try shapes.parse("u0 <= 40"))))
    #expect(shapes.prove(question)?.holds == true)
    shapes.restore(checkpoint)
    #expect(shapes.prove(question) == nil)
    #expect(shapes.check(SymBool(try shapes.parse("u0 <= 60"))))
    #expect(shapes.prove(question) == nil)
  }

  @Test func provingFollowsRangesThatNarrowAndWiden() throws {
    let shapes = ShapeEnv()
    _ = shapes.createUnbackedInt(range: IntRange(lower: 0, upper: 100))
    let question = SymBool(try shapes.parse("u0 <= 50"))
    #expect(shapes.prove(question) == nil)
    let symbol = try #require(shapes.arena.asSymbol(try shapes.parse("u0")))
    shapes.narrow(symbol, to: IntRange(lower: 0, upper: 40))
    #expect(shapes.prove(question)?.holds == true)
    let other = SymBool(try shapes.parse("u0 <= 45"))
    shapes.declare(
      "u0", [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 0, upper: 90)), hint: nil)
    #expect(shapes.prove(other) == nil)
  }
}
