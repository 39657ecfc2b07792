import SymbolicExpressions
import Testing

@Suite struct ArenaTests {
  @Test func equalPolynomialsAreOneHandle() {
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    let sum = arena.add(a, b)
    let square = arena.mul(sum, sum)
    let expanded = arena.sum([arena.mul(a, a), arena.mul(.two, arena.mul(b, a)), arena.mul(b, b)])
    #expect(square == expanded)
    #expect(arena.pow(sum, .two) == expanded)
    #expect(arena.sub(square, expanded) == .zero)
    #expect(arena.add(arena.sub(a, b), b) == a)
    #expect(arena.mul(.zero, square) == .zero)
  }

  @Test func smallIntegersNeedNoRecord() {
    var arena = ExprArena()
    let before = arena.count
    #expect(arena.add(arena.integer(40), arena.integer(2)).small == 42)
    #expect(arena.mul(arena.integer(-6), arena.integer(7)).small == -42)
    #expect(arena.floorDiv(arena.integer(-7), .two).small == -4)
    #expect(arena.count == before)
    let large = arena.integer(1 << 40)
    #expect(large.small == nil)
    #expect(arena.integerValue(of: large) == 1 << 40)
    #expect(arena.sub(large, large) == .zero)
  }

  @Test func overflowIsTooLargeAndStaysUndecided() {
    var arena = ExprArena()
    let u = arena.symbol("u0")
    let most = arena.integer(.max)
    #expect(arena.add(most, .one) == .tooLarge)
    #expect(arena.mul(arena.mul(most, u), .two) == .tooLarge)
    #expect(arena.add(.tooLarge, u) == .tooLarge)
    #expect(arena.mul(.tooLarge, .zero) == .tooLarge)
    #expect(arena.floorDiv(.tooLarge, .two) == .tooLarge)
    #expect(arena.neg(arena.integer(.min)) == .tooLarge)
    #expect(arena.floorDiv(arena.integer(.min), .minusOne) == .tooLarge)
    let relation = arena.lt(.tooLarge, .tooLarge)
    #expect(arena.booleanValue(of: relation) == nil)
    #expect(arena.range(of: relation, in: SymbolRanges()) == .unknownBool)
    #expect(arena.canonicalBool(relation) == relation)
    #expect(arena.pow(arena.integer(10), arena.integer(40)) == .tooLarge)
  }

  @Test func divisionByZeroIsKeptAndHasNoValue() {
    var arena = ExprArena()
    let u = arena.symbol("u0")
    for function: SymFunction in [.floorDiv, .cleanDiv, .mod, .pythonMod, .intTrueDiv, .floatTrueDiv] {
      for dividend in [u, .one, .zero] {
        let call = arena.apply(function, dividend, .zero)
        #expect(arena.view(of: call) == .call(function, [dividend, .zero]))
        #expect(arena.evaluate(call) { _ in .int(3) } == nil)
      }
    }
    #expect(arena.evaluate(arena.floorDiv(.one, u)) { _ in .int(0) } == nil)
  }

  @Test func nestingIsBounded() {
    var arena = ExprArena()
    var e = arena.symbol("u0")
    for _ in 0..<5_000 { e = arena.apply(.toFloat, arena.apply(.truncToInt, e)) }
    #expect(e == .tooLarge)
  }

  @Test func wideProductsStayProducts() {
    var arena = ExprArena()
    let a = arena.sum((0..<200).map { arena.symbol("a\($0)") })
    let b = arena.sum((0..<200).map { arena.symbol("b\($0)") })
    let product = arena.mul(a, b)
    #expect(arena.view(of: product) == .mul([a, b]) || arena.view(of: product) == .mul([b, a]))
    #expect(arena.mul(b, a) == product)
    #expect(arena.add(product, arena.neg(product)) == .zero)
  }

  @Test func freeSymbolsAreSortedAndComplete() {
    var arena = ExprArena()
    let handles = (0..<6).map { arena.symbol("u\($0)", [.integer, .unbacked]) }
    let e = arena.max(
      arena.mul(handles[4], handles[1]), arena.floorDiv(handles[2], arena.add(handles[1], handles[5])))
    #expect(arena.freeSymbols(of: e).map(\.index) == [1, 2, 4, 5])
    #expect([0, 4].map { arena.contains(e, SymExpr.Symbol(index: $0)) } == [false, true])
    #expect([arena.hasUnbacked(e), arena.hasSymbols(e), arena.hasSymbols(.one)] == [true, true, false])
  }

  @Test func substitutionAppliesTheLaws() throws {
    var arena = ExprArena.withGoldenSymbols()
    let e = try arena.parse("FloorDiv(u0 + 1, 4) + Max(u1, 3) + Eq(u12, 5)*0")
    let u0 = arena.asSymbol(try arena.symbol(known: "u0"))
    let seven = arena.substitute(e) { $0 == u0 ? SymExpr(small: 7) : nil }
    #expect(arena.text(of: seven) == "Max(3, u1) + 2")
    let atom = try arena.parse("Max(u1, 3)")
    #expect(arena.text(of: arena.replace(e, atom: atom, with: .one)) == "(((u0 + 1)//4)) + 1")
  }

  @Test func manyExpressionsKeepTheirHandles() {
    var arena = ExprArena()
    let symbols = (0..<50).map { arena.symbol("x\($0)") }
    var handles: [SymExpr] = []
    for a in symbols { for b in symbols { handles.append(arena.add(arena.mul(a, b), a)) } }
    var again: [SymExpr] = []
    for a in symbols { for b in symbols { again.append(arena.add(a, arena.mul(b, a))) } }
    #expect(handles == again)
    #expect(Set(handles).count == 2_500)
  }
}
