import SymbolicExpressions
import SymbolicShapes
import TestSupport
import Testing

/// Random facts, random questions, and every assignment of a small box as the judge: no answer may be contradicted
/// by an assignment that the facts allow.
@Suite struct SoundnessTests {
  @Test(arguments: 0..<40)
  func noAnswerIsContradicted(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed) &+ 0x5EED)
    for _ in 0..<25 {
      var world = World(&random)
      world.learnFacts(&random)
      let allowed = world.allowedAssignments()
      for _ in 0..<12 { world.ask(&random, allowed) }
    }
  }
}

/// A shape environment with three unbacked symbols, and the facts it was told.
private struct World {
  let shapes = ShapeEnv()
  let symbols: [SymExpr]
  private var facts: [(text: String, expression: SymExpr)] = []
  private static let box = -3...9

  init(_ random: inout SplitMix64) {
    symbols = (0..<3).map { [shapes] _ in shapes.expression(shapes.createUnbackedInt()) }
  }

  mutating func learnFacts(_ random: inout SplitMix64) {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let fact = relation(&random)
      // A fact that contradicts the others is refused, and not counted.
      if shapes.arena.booleanValue(of: fact) == nil, shapes.check(SymBool(fact)) {
        facts.append((shapes.text(raw: fact), fact))
      }
    }
  }

  func allowedAssignments() -> [[Int]] {
    var allowed: [[Int]] = []
    for a in Self.box {
      for b in Self.box {
        for c in Self.box where facts.allSatisfy({ truth($0.expression, [a, b, c]) == true }) {
          allowed.append([a, b, c])
        }
      }
    }
    return allowed
  }

  mutating func ask(_ random: inout SplitMix64, _ allowed: [[Int]]) {
    let question = relation(&random)
    if let answer = shapes.staticallyKnown(SymBool(question)) {
      let counterexample = allowed.first { truth(question, $0) == !answer }
      #expect(
        counterexample == nil,
        "\(shapes.text(raw: question)) is said to be \(answer), given \(facts.map(\.text)); not at \(counterexample ?? [])"
      )
    }
    let number = expression(&random, depth: 2)
    guard case .int(let bound) = shapes.bound(of: number) else { return }
    let outside = allowed.first { assignment in value(number, assignment).map { !bound.contains($0) } ?? false
    }
    #expect(
      outside == nil,
      "\(shapes.text(raw: number)) is bounded by \(bound), given \(facts.map(\.text)); not at \(outside ?? [])"
    )
    let simplified = shapes.simplify(number)
    let different = allowed.first { value(simplified, $0) != value(number, $0) && value(number, $0) != nil }
    #expect(
      different == nil,
      "\(shapes.text(raw: number)) simplifies to \(shapes.text(raw: simplified)), given \(facts.map(\.text)); not at \(different ?? [])"
    )
  }

  private func relation(_ random: inout SplitMix64) -> SymExpr {
    let kinds: [RelationKind] = [.eq, .ne, .lt, .le, .gt, .ge]
    let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    return shapes.arena.relation(kind, expression(&random, depth: 2), expression(&random, depth: 1))
  }

  private func expression(_ random: inout SplitMix64, depth: Int) -> SymExpr {
    if depth == 0 || Int.random(in: 0..<4, using: &random) == 0 {
      return Bool.random(using: &random)
        ? symbols[Int.random(in: 0..<symbols.count, using: &random)]
        : shapes.arena.integer(Int.random(in: -3...8, using: &random))
    }
    let a = expression(&random, depth: depth - 1)
    let b = expression(&random, depth: depth - 1)
    let divisor = shapes.arena.integer(Int.random(in: 1...4, using: &random))
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return shapes.arena.add(a, b)
    case 1: return shapes.arena.sub(a, b)
    case 2: return shapes.arena.mul(a, divisor)
    case 3: return shapes.arena.floorDiv(a, divisor)
    case 4: return shapes.arena.max(a, b)
    case 5: return shapes.arena.min(a, b)
    default: return shapes.arena.pythonMod(a, divisor)
    }
  }

  private func truth(_ relation: SymExpr, _ assignment: [Int]) -> Bool? {
    if case .bool(let truth)? = shapes.arena.evaluate(relation, { .int(assignment[Int($0.index) % 3]) }) {
      return truth
    }
    return nil
  }

  private func value(_ number: SymExpr, _ assignment: [Int]) -> Int? {
    if case .int(let value)? = shapes.arena.evaluate(number, { .int(assignment[Int($0.index) % 3]) }) {
      return value
    }
    return nil
  }
}
