import Foundation
import SymbolicExpressions
import SymbolicShapes
import TestSupport
import Testing

/// Random facts, random questions, and every assignment of a small box as the judge of proofs.
///
/// `SOUNDNESS_SEEDS=2000 swift test -c release --filter ProofSoundnessTests` asks more.
@Suite struct ProofSoundnessTests {
  private static let seeds = ProcessInfo.processInfo.environment["SOUNDNESS_SEEDS"].flatMap { Int($0) } ?? 4

  @Test(arguments: 0..<seeds)
  func noProofIsContradicted(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed) &+ 0x9B00F)
    var proved = 0
    for _ in 0..<20 {
      var world = ProofWorld(&random)
      for _ in 0..<8 { proved += world.ask(&random) }
    }
    #expect(proved > 10, "the questions are too hard to show anything")
  }
}

/// Three unbacked symbols with random facts, and the small assignments that these allow.
private struct ProofWorld {
  let shapes = ShapeEnv()
  let symbols: [SymExpr]
  private var facts: [SymExpr] = []
  private var allowed: [[Int]] = []
  private static let box = -4...8

  init(_ random: inout SplitMix64) {
    symbols = (0..<3).map { [shapes] _ in shapes.expression(shapes.createUnbackedInt()) }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let fact = condition(&random)
      if shapes.arena.booleanValue(of: fact) == nil, shapes.check(SymBool(fact)) { facts.append(fact) }
    }
    for a in Self.box {
      for b in Self.box {
        for c in Self.box where facts.allSatisfy({ truth($0, [a, b, c]) == true }) {
          allowed.append([a, b, c])
        }
      }
    }
  }

  /// - Returns: 1 when there was a proof.
  mutating func ask(_ random: inout SplitMix64) -> Int {
    let question = condition(&random)
    let proof = shapes.prove(SymBool(question))
    if let proof {
      let counterexample = allowed.first { truth(question, $0) == !proof.holds }
      #expect(
        counterexample == nil,
        "\(text(question)) is proved \(proof.holds), given \(facts.map(text)); not at \(counterexample ?? [])"
      )
    }
    let number = expression(&random, depth: 2)
    let bound = shapes.provedBound(of: number)
    let outside = allowed.first { value(number, $0).map { !bound.contains($0) } ?? false }
    #expect(
      outside == nil,
      "\(text(number)) is bounded by \(bound), given \(facts.map(text)); not at \(outside ?? [])")
    return proof == nil ? 0 : 1
  }

  private func condition(_ random: inout SplitMix64) -> SymExpr {
    let first = relation(&random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return shapes.arena.or([first, relation(&random)])
    case 1: return shapes.arena.and([first, relation(&random)])
    default: return first
    }
  }

  private func relation(_ random: inout SplitMix64) -> SymExpr {
    let kinds = RelationKind.allCases
    let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    return shapes.arena.relation(kind, expression(&random, depth: 2), expression(&random, depth: 1))
  }

  private func expression(_ random: inout SplitMix64, depth: Int) -> SymExpr {
    if depth == 0 || Int.random(in: 0..<4, using: &random) == 0 {
      return Int.random(in: 0..<3, using: &random) > 0
        ? symbols[Int.random(in: 0..<symbols.count, using: &random)]
        : shapes.arena.integer(Int.random(in: -3...8, using: &random))
    }
    let a = expression(&random, depth: depth - 1)
    let b = expression(&random, depth: depth - 1)
    let positive = shapes.arena.integer(Int.random(in: 1...4, using: &random))
    let symbol = symbols[Int.random(in: 0..<symbols.count, using: &random)]
    switch Int.random(in: 0..<11, using: &random) {
    case 0: return shapes.arena.add(a, b)
    case 1: return shapes.arena.sub(a, b)
    case 2: return shapes.arena.mul(a, positive)
    case 3: return shapes.arena.mul(a, b)
    case 4: return shapes.arena.floorDiv(a, positive)
    case 5: return shapes.arena.floorDiv(symbol, b)
    case 6: return shapes.arena.max(a, b)
    case 7: return shapes.arena.min(a, b)
    case 8: return shapes.arena.pythonMod(symbol, b)
    case 9: return shapes.arena.where(shapes.arena.lt(a, b), a, b)
    default: return shapes.arena.pythonMod(a, positive)
    }
  }

  private func text(_ expression: SymExpr) -> String { shapes.text(raw: expression) }

  private func truth(_ condition: SymExpr, _ assignment: [Int]) -> Bool? {
    guard case .bool(let truth)? = evaluate(condition, assignment) else { return nil }
    return truth
  }

  private func value(_ number: SymExpr, _ assignment: [Int]) -> Int? {
    guard case .int(let value)? = evaluate(number, assignment) else { return nil }
    return value
  }

  private func evaluate(_ expression: SymExpr, _ assignment: [Int]) -> Number? {
    shapes.arena.evaluate(expression) { .int(assignment[Int($0.index) % 3]) }
  }
}
