import SymbolicExpressions
import TestSupport
import Testing

/// Expressions that would grow without bound if all products were expanded and all texts written.
@Suite struct GrowthTests {
  private func factors(_ count: Int, in arena: inout ExprArena) -> [SymExpr] {
    (0..<count).map { arena.add(arena.symbol("s\(2 * $0)"), arena.symbol("s\(2 * $0 + 1)")) }
  }

  /// Up to 256 terms a product is a sum of monomials, so equal products are one handle.
  @Test func smallProductsAreExpanded() {
    var arena = ExprArena()
    let factors = factors(8, in: &arena)
    #expect(arena.product(factors) == arena.product(factors.reversed()))
    guard case .add(let terms) = arena.view(of: arena.product(factors)) else {
      Issue.record("the product is no sum")
      return
    }
    #expect(terms.count == 256)
  }

  @Test(arguments: [12, 24, 60]) func largeProductsStayFactored(_ count: Int) {
    var arena = ExprArena()
    let factors = factors(count, in: &arena)
    let product = arena.product(factors)
    #expect(arena.work.operands < 4_000 * count)
    // ∏ (1 + 1) for all symbols 1, and 0 as soon as a factor is 0.
    #expect(arena.evaluate(product) { _ in .int(1) } == .int(1 << count))
    let (first, second) = (arena.symbol("s0"), arena.symbol("s1"))
    let zeros = [first, second].compactMap { arena.asSymbol($0) }
    #expect(arena.evaluate(product) { zeros.contains($0) ? .int(0) : .int(3) } == .int(0))
    #expect(arena.sub(product, product) == .zero)
    #expect(arena.product(factors.reversed()) == product)
  }

  /// One after the other, 400 factors build 80,000 operands.
  @Test func longProductsOfSymbolsAreMultipliedInPairs() {
    var arena = ExprArena()
    let symbols = (0..<400).map { arena.symbol("s\($0)") }
    let sum = arena.add(symbols[7], .one)
    let factors = symbols.prefix(200) + [.two, sum] + symbols.suffix(200) + symbols.prefix(30)
    let product = arena.product(factors)
    #expect(arena.work.operands < 8_000)
    let inTurn = factors.reduce(SymExpr.one) { arena.mul($0, $1) }
    #expect(inTurn == product)
    let last = arena.asSymbol(symbols[399])
    let vanished = arena.substitute(product) { $0 == last ? .zero : nil }
    #expect(vanished == .zero)
  }

  @Test func chainsOfDivisionsStaySmall() {
    var arena = ExprArena()
    var chain = arena.symbol("s0")
    for factor in factors(40, in: &arena) { chain = arena.floorDiv(chain, factor) }
    #expect(arena.work.operands < 200_000)
    #expect(arena.evaluate(chain) { _ in .int(1) } == .int(0))
  }

  /// Each step uses the last one twice.
  @Test func longTextsBreakOff() {
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    var expression = a
    for _ in 0..<14 {
      expression = arena.floorDiv(arena.add(expression, a), arena.add(expression, b))
    }
    let text = arena.text(of: expression)
    #expect(text.utf8.count < 70_000)
    #expect(text.contains("…"))
    #expect(arena.text(of: a) == "a")
    var buffer = Array("x = ".utf8)
    arena.write(b, into: &buffer)
    #expect(buffer == Array("x = b".utf8))
  }

  /// Each step uses the last one twice, so a walk through a hundred steps would never end.
  @Test func expressionsOfTooManyPartsAreRefused() {
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    var (expression, steps) = (a, 0)
    while expression != .tooLarge, steps < 100 {
      expression = arena.floorDiv(arena.add(expression, a), arena.add(expression, b))
      steps += 1
    }
    #expect(expression == .tooLarge)
    #expect((12...20).contains(steps))
  }

  /// Parts that are used often are evaluated once.
  @Test func sharedPartsAreEvaluatedOnce() {
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    var expression = a
    for _ in 0..<14 {
      expression = arena.max(arena.floorDiv(arena.add(expression, a), .two), arena.add(expression, b))
    }
    var asked = 0
    let value = arena.evaluate(expression) { _ in
      asked += 1
      return .int(3)
    }
    // Max((v + 3) // 2, v + 3) is v + 3 for v ≥ 0.
    #expect(value == .int(3 + 14 * 3))
    #expect(asked < 400)
  }

  /// Expressions that are evaluated together share their parts.
  @Test func partsOfSeveralExpressionsAreEvaluatedOnce() {
    var arena = ExprArena()
    let symbols = (0..<300).map { arena.symbol("s\($0)") }
    let chain = symbols.reduce(arena.symbol("a")) { arena.floorDiv(arena.add($0, $1), .two) }
    var (asked, shared) = (0, SharedValues())
    for number in 1...50 {
      let value = arena.evaluate(arena.add(chain, arena.integer(number)), sharing: &shared) { _ in
        asked += 1
        return .int(6)
      }
      #expect(value == .int(6 + number))
    }
    #expect(asked < 2_000)
  }

  /// Beyond the limit, products of sums stay factored, and what is known about them stays true.
  @Test func nothingIsExpandedBeyondTheLimit() {
    var arena = ExprArena()
    let factors = factors(3, in: &arena)
    arena.operandLimit = arena.work.operands
    let mayExpand = arena.mayExpand
    #expect(!mayExpand)
    let product = arena.product(factors)
    guard case .mul(let parts) = arena.view(of: product) else {
      Issue.record("the product is expanded")
      return
    }
    #expect(parts.count == 3)
    #expect(arena.expanded(product) == product)
    #expect(arena.evaluate(product) { _ in .int(2) } == .int(64))
  }

  /// Terms are printed by exponents, whichever order they were added in: sympy 1.14's `str`.
  @Test(arguments: [
    "s0**2*s1 + s0*s1**3 + s0 + s1**4", "s0**2 + s0*s1*s2 + s1*s2**3 + s1*s2**2 + 1",
    "s0**2*s1 + 3*s0*s2**2 - 2*s1**2*s2**2 + s2", "s0**2*s1 + s0**2*s2**2 + s0*s1 + s0*s2 + s1*s2",
  ]) func termsAreOrderedByExponents(_ text: String) throws {
    var arena = ExprArena()
    for name in ["s2", "s0", "s1"] { _ = arena.symbol(name, [.integer, .positive]) }
    #expect(arena.text(of: try arena.parse(text)) == text)
  }

  @Test func wideSumsArePrintedInOrder() {
    var arena = ExprArena()
    let names = (0..<3_000).map { "s\($0)" }
    let symbols = names.reversed().map { arena.symbol($0) }
    #expect(arena.text(of: arena.sum(symbols)) == names.sorted().joined(separator: " + "))
  }
}
