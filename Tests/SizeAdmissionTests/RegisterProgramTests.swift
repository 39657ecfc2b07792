import SymbolicExpressions
import TestSupport
import Testing

@testable import SizeAdmission

/// A compiled condition agrees with the expression.
@Suite struct RegisterProgramTests {
  /// Random conditions on random integers, some of them very large.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func agreesWithEvaluation(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var answers: [RegisterProgram.Outcome: Int] = [:]
    for _ in 0..<1_500 {
      var arena = ExprArena()
      let symbols = ["a", "b", "c"].map { arena.symbol($0) }
      let condition = arena.randomCondition(symbols, depth: 3, &random)
      var compiler = RegisterCompiler(parameterCount: symbols.count)
      for (index, symbol) in symbols.enumerated() { compiler.bind(symbol, toParameter: index) }
      guard compiler.demand(condition, number: 7, arena) else {
        Issue.record("not compiled: \(arena.text(of: condition))")
        continue
      }
      let program = compiler.finished()
      for _ in 0..<12 {
        let values = (0..<3).map { _ in Int.randomSize(&random) }
        let expected = arena.evaluate(condition) { symbol in .int(values[Int(symbol.index)]) }
        let outcome = values.withUnsafeBufferPointer { program.run($0) }
        let found: SymExpr.Number? =
          switch outcome {
          case .met: .bool(true)
          case .violated(7): .bool(false)
          default: nil
          }
        answers[outcome, default: 0] += 1
        #expect(found == expected, "\(arena.text(of: condition)) at \(values)")
      }
    }
    #expect(answers[.met, default: 0] > 1_000)
    #expect(answers[.violated(7), default: 0] > 1_000)
    #expect(answers[.undecided(7, .overflow), default: 0] > 10)
    #expect(answers[.undecided(7, .undefined), default: 0] > 10)
  }

  /// Common subexpressions are computed once.
  @Test func sharesSubexpressions() throws {
    var arena = ExprArena()
    let a = arena.symbol("a")
    let b = arena.symbol("b")
    let quotient = arena.floorDiv(a, b)
    let two = arena.integer(2)
    let five = arena.integer(5)
    let atLeastTwo = arena.ge(quotient, two)
    let notFive = arena.ne(quotient, five)
    var compiler = RegisterCompiler(parameterCount: 2)
    compiler.bind(a, toParameter: 0)
    compiler.bind(b, toParameter: 1)
    let isCompiled = compiler.demand(atLeastTwo, number: 0, arena)
    #expect(isCompiled)
    let isCompiled2 = compiler.demand(notFive, number: 1, arena)
    #expect(isCompiled2)
    let program = compiler.finished()
    #expect(program.instructions.count { $0.code == .floorDivide } == 1)
    #expect(program.instructions.count == 3)
  }

  /// `b == 0 or a // b > 1` has a value at `b = 0`.
  @Test func evaluatesLazily() {
    var arena = ExprArena()
    let a = arena.symbol("a")
    let b = arena.symbol("b")
    let quotient = arena.floorDiv(a, b)
    let isZero = arena.eq(b, .zero)
    let isLarge = arena.gt(quotient, .one)
    let condition = arena.or(isZero, isLarge)
    var compiler = RegisterCompiler(parameterCount: 2)
    compiler.bind(a, toParameter: 0)
    compiler.bind(b, toParameter: 1)
    let isCompiled3 = compiler.demand(condition, number: 0, arena)
    #expect(isCompiled3)
    let program = compiler.finished()
    for (values, expected) in [
      ([7, 0], RegisterProgram.Outcome.met), ([7, 3], .met), ([7, 7], .violated(0)),
    ] {
      #expect(values.withUnsafeBufferPointer { program.run($0) } == expected)
    }
  }

  @Test func unknownSymbolsAreNotCompiled() {
    var arena = ExprArena()
    let a = arena.symbol("a")
    let b = arena.symbol("b")
    var compiler = RegisterCompiler(parameterCount: 1)
    compiler.bind(a, toParameter: 0)
    let sum = arena.add(a, b)
    let sumIsPositive = arena.ge(sum, .one)
    let isPositive = arena.ge(a, .one)
    let isCompiled4 = compiler.demand(sumIsPositive, number: 0, arena)
    #expect(!isCompiled4)
    let isCompiled5 = compiler.demand(isPositive, number: 1, arena)
    #expect(isCompiled5)
    #expect(compiler.finished().instructions.count == 1)
  }
}

extension Int {
  /// Mostly small, sometimes near the limits of 64 bits.
  static func randomSize(_ random: inout SplitMix64) -> Int {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: Int.random(in: .min ... .max, using: &random)
    case 1: [0, 1, -1, .max, .min, 1 << 32, 3_037_000_500].randomElement(using: &random) ?? 0
    case 2...4: Int.random(in: -9...9, using: &random)
    default: Int.random(in: 0...70, using: &random)
    }
  }
}

extension ExprArena {
  mutating func randomCondition(_ symbols: [SymExpr], depth: Int, _ random: inout SplitMix64) -> SymExpr {
    if depth > 1, Int.random(in: 0..<3, using: &random) == 0 {
      let a = randomCondition(symbols, depth: depth - 1, &random)
      let b = randomCondition(symbols, depth: depth - 1, &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return and(a, b)
      case 1: return or(a, b)
      default: return not(a)
      }
    }
    let kind = RelationKind.allCases.randomElement(using: &random) ?? .eq
    let a = randomInteger(symbols, depth: depth, &random)
    let b = randomInteger(symbols, depth: depth - 1, &random)
    return relation(kind, a, b)
  }

  mutating func randomInteger(_ symbols: [SymExpr], depth: Int, _ random: inout SplitMix64) -> SymExpr {
    if depth == 0 {
      return Bool.random(using: &random)
        ? symbols.randomElement(using: &random) ?? .one : integer(Int.random(in: -6...40, using: &random))
    }
    let a = randomInteger(symbols, depth: depth - 1, &random)
    let b = randomInteger(symbols, depth: depth - 1, &random)
    switch Int.random(in: 0..<14, using: &random) {
    case 0...1: return add(a, b)
    case 2: return sub(a, b)
    case 3: return mul(a, b)
    case 4...5: return floorDiv(a, b)
    case 6: return mod(a, b)
    case 7: return pythonMod(a, b)
    case 8: return max(a, b)
    case 9: return min(a, b)
    case 10: return apply(.abs, a)
    case 11: return `where`(randomCondition(symbols, depth: 1, &random), a, b)
    case 12:
      return apply([.bitwiseAnd, .bitwiseOr, .bitwiseXor].randomElement(using: &random) ?? .bitwiseAnd, a, b)
    default:
      let half = apply(.toFloat, a)
      return apply(.truncToInt, mul(float(0.5), half))
    }
  }
}
