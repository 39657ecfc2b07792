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
    for _ in 0..<24 {
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
}
