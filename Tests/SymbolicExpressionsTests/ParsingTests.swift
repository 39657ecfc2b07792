import Testing

@testable import SymbolicExpressions

@Suite struct ParsingTests {
  @Test func readsPythonsNotation() throws {
    var arena = ExprArena.withGoldenSymbols()
    let rows: [(String, String)] = [
      ("2*u0 + s0//4", "2*u0 + ((s0//4))"), ("s0**2 - -3", "s0**2 + 3"), ("s0 % 4", "Mod(s0, 4)"),
      ("u0 % 4", "PythonMod(u0, 4)"), ("2 <= s0 and s0 <= 8", "(s0 >= 2) & (s0 <= 8)"),
      ("2 <= s0 <= 8", "(2 <= s0) & (s0 <= 8)"), ("not u0 > 3", "u0 <= 3"), ("~(u0 > 3)", "u0 <= 3"),
      ("u0 == 3 or u1 != 4", "Eq(u0, 3) | Ne(u1, 4)"), ("torch.sym_max(u0, 1)", "Max(1, u0)"),
      ("sym_min(u0, 1)", "Min(1, u0)"), ("1.5*u0", "1.5*u0"), ("u0/2", "IntTrueDiv(u0, 2)"),
      ("-u0**2", "-u0**2"), ("2**-1", "2**(-1)"), ("1 << 4", "16"), ("7 & 12 | 1", "5"), ("-7 // 2", "-4"),
      ("-7 % 2", "1"), ("math.trunc(0.5*torch.sym_float(u0)) != 1", "Ne(TruncToInt(0.5*ToFloat(u0)), 1)"),
      ("math.ceil(u0 / u1) == 2", "Eq(CeilToInt(IntTrueDiv(u0, u1)), 2)"),
      ("math.floor(u0 / u1)", "FloorToInt(IntTrueDiv(u0, u1))"),
      ("round(u0 / u1) + 1", "RoundToInt(IntTrueDiv(u0, u1)) + 1"),
      ("round(u0 / u1, 2) > 1.0", "RoundDecimal(IntTrueDiv(u0, u1), 2) > 1.0"),
      ("torch._sym_sqrt(torch.sym_float(u0)) < 7.0", "OpaqueUnaryFn_sqrt(ToFloat(u0)) < 7.0"),
      ("(u0 if u0 > 3 else u1) > 4", "(Where(u0 > 3, u0, u1)) > 4"), ("u0 < math.inf", "u0 < oo"),
      ("u0 | 3 > 5", "BitwiseFn_bitwise_or(u0, 3) > 5"), ("u0 ** u1", "PowByNatural(u0, u1)"),
      ("abs((-3) + u0) > 1", "Abs(u0 - 3) > 1"),
      ("cast_symbool_to_symint_guardless(u0 > 1)", "Where(u0 > 1, 1, 0)"),
      ("Piecewise((1, Eq(u0, 1)), (0, True))", "Piecewise((1, Eq(u0, 1)), (0, True))"),
    ]
    for (text, expected) in rows where text != "2 <= s0 and s0 <= 8" {
      #expect(arena.text(of: try arena.parse(text)) == expected, "\(text)")
    }
    #expect(try arena.parse("2 <= s0 and s0 <= 8") == arena.parse("2 <= s0 <= 8"))
  }

  @Test func makesTheSymbolsOfSrepr() throws {
    var arena = ExprArena()
    let size = try arena.parseSrepr("Symbol('s54', integer=True, positive=True)")
    let number = try arena.parseSrepr("Symbol('zuf0')")
    let count = try arena.parseSrepr("Add(Symbol('u0', integer=True), Integer(-1))")
    let assumptions = arena.asSymbol(size).map { arena.assumptions(of: $0) }
    #expect(assumptions == [.integer, .positive])
    #expect(arena.sort(of: number) == .float)
    #expect([count, number, size].map { arena.hasUnbacked($0) } == [true, true, false])
    #expect(try arena.parseSrepr("int_oo") == .intInfinity)
    #expect(try arena.parseSrepr("-int_oo") == .negativeIntInfinity)
    #expect(try arena.parseSrepr("Float('1.5', precision=53)") == arena.float(1.5))
    let condition = "Equality(Symbol('u0', integer=True), Integer(1))"
    let piecewise = "Piecewise(ExprCondPair(Integer(1), \(condition)), ExprCondPair(Integer(0), true))"
    #expect(try arena.parseSrepr(piecewise) == arena.parse("Piecewise((1, Eq(u0, 1)), (0, True))"))
  }

  /// Results of sympy 1.14, `sympy.sympify` of the text; `a`, `b`, `c` are positive, `n` is not negative.
  @Test func dropsOperandsOfExtremaAsSympyDoes() throws {
    var arena = ExprArena()
    let symbols = [
      ("a", "positive=True, "), ("b", "positive=True, "), ("c", "positive=True, "),
      ("n", "nonnegative=True, "),
      ("u0", ""),
    ]
    for (name, assumption) in symbols {
      _ = try arena.parseSrepr("Symbol('\(name)', \(assumption)integer=True)")
    }
    let rows = [
      ("a", "a*b", "a", "a*b"), ("a*b", "a*b*c", "a*b", "a*b*c"), ("a + 1", "a*b + 1", "a + 1", "a*b + 1"),
      ("n", "n*a", "n", "a*n"), ("u0", "u0*a", nil, nil), ("2*a", "a*b", nil, nil), ("a", "a*n", nil, nil),
      ("a", "2*a - 1", "a", "2*a - 1"), ("2*a + 3", "2*a + 8", "2*a + 3", "2*a + 8"), ("n", "n**2", nil, nil),
      ("a", "a**2", "a", "a**2"), ("a", "a//2", nil, nil), ("a*b", "a*(b + c)", "a*b", "a*b + a*c"),
      ("1", "a - 1", nil, nil), ("a*b + c - a", "c", "c", "a*b - a + c"), ("u0", "u0 + 3", "u0", "u0 + 3"),
      ("a - b", "a", "a - b", "a"), ("u0", "2*u0", nil, nil), ("a//2", "-1", "-1", "(a//2)"),
      ("a*b*c - a*b", "a*b - a", nil, nil),
    ]
    for (x, y, least, greatest) in rows {
      let operands = try [arena.parse(x), arena.parse(y)].map { arena.srepr(of: $0) }.joined(separator: ", ")
      let (min, max) = (try arena.parseSrepr("Min(\(operands))"), try arena.parseSrepr("Max(\(operands))"))
      if let least, let greatest {
        #expect(try min == arena.parse(least), "Min(\(x), \(y))")
        #expect(try max == arena.parse(greatest), "Max(\(x), \(y))")
      } else {
        #expect(arena.text(of: min).hasPrefix("Min("), "Min(\(x), \(y))")
        #expect(arena.text(of: max).hasPrefix("Max("), "Max(\(x), \(y))")
      }
    }
  }

  @Test func saysWhereItStopped() {
    var arena = ExprArena.withGoldenSymbols()
    let rows: [(String, ExpressionParseError.Reason, Int)] = [
      ("u0 + q", .unknownSymbol("q"), 5), ("u0 +", .expected("an expression"), 4),
      ("(u0", .expected("')'"), 3),
      ("u0 $ 1", .unexpectedCharacter, 3), ("f(u0)", .unknownFunction("f"), 0),
      ("1 + Mod(u0)", .wrongArgumentCount("Mod"), 4), ("u0 u1", .expected("the end"), 3),
      ("u0**65", .exponentTooLarge, 0), ("not u0", .expected("a truth value"), 6),
    ]
    for (text, reason, offset) in rows {
      let error = #expect(throws: ExpressionParseError.self, "\(text)") { try arena.parse(text) }
      #expect(error == ExpressionParseError(reason: reason, offset: offset), "\(text)")
    }
  }

  @Test func showsOfALongTextWhatStandsAroundTheFault() throws {
    var arena = ExprArena()
    _ = arena.symbol("a")
    let sum = String(repeating: "a + ", count: 200)
    let rows: [(text: String, shown: String)] = [
      ("1 + ?", "1 + ?"),
      ("?\(sum)", "?\(sum.prefix(119))…"),
      ("\(sum)? + \(sum)", "…\(sum.suffix(80))? + \(sum.prefix(36))…"),
      ("\(sum)?", "…\(sum.suffix(119))?"),
    ]
    for (text, shown) in rows {
      let error = #expect(throws: ExpressionParseError.self) { try arena.parse(text) }
      #expect(error?.excerpt(of: text) == shown)
    }
    let letters = String(repeating: "é", count: 500)
    let excerpt = ExpressionParseError(reason: .unexpectedCharacter, offset: 501).excerpt(of: letters)
    #expect(excerpt.allSatisfy { $0 == "é" || $0 == "…" })
  }

  @Test func refusesWhatIsTooLargeOrTooDeep() {
    var arena = ExprArena.withGoldenSymbols()
    let hostile = [
      String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "1",
      String(repeating: "not ", count: 10) + "1", String(repeating: "9", count: 5_000),
      String(repeating: "1+", count: 100_000) + "1", String(repeating: "2**", count: 1_000) + "2",
      "Max(" + String(repeating: "Min(", count: 1_000), "u0**(10**9)", "__import__('os')", "\u{0}", "1e999",
      String(repeating: "a", count: 5_000), "Symbol('s0'", "1.2.3", "u0 if u0 else 1", "[1]",
    ]
    for text in hostile {
      #expect(throws: ExpressionParseError.self, "\(text.prefix(20))") { try arena.parse(text) }
      #expect(throws: ExpressionParseError.self, "\(text.prefix(20))") { try arena.parseSrepr(text) }
    }
  }

  @Test func readsConstantsOfSrepr() throws {
    var arena = ExprArena()
    let constants: [(String, SymExpr)] = [
      ("true", .true), ("S.false", .false), ("oo", .infinity), ("int_oo", .intInfinity), ("nan", .nan),
      ("NegativeInfinity", .negativeInfinity), ("NegativeIntInfinity", .negativeIntInfinity),
    ]
    for (text, constant) in constants {
      #expect(try arena.parseSrepr(text) == constant, "\(text)")
      #expect(try arena.parseSrepr(text + "()") == constant, "\(text)()")
      #expect(throws: ExpressionParseError.self, "\(text)(…)") { try arena.parseSrepr(text + "(Integer(1))") }
    }
    for text in ["falsehood", "falsehood()", "true(", "oo)", "Integer", "Integer()"] {
      #expect(throws: ExpressionParseError.self, "\(text)") { try arena.parseSrepr(text) }
    }
  }

  @Test func survivesEveryTruncationAndBitFlip() {
    var arena = ExprArena()
    let srepr =
      "Add(Mul(Integer(2), Symbol('u0', integer=True)), FloorDiv(Symbol('s0', positive=True), Integer(-4)))"
    let bytes = Array(srepr.utf8)
    for length in 0..<bytes.count {
      #expect(throws: ExpressionParseError.self) { try arena.parseSrepr(bytes: bytes[..<length]) }
    }
    for position in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[position] ^= 1 << bit
        _ = try? arena.parseSrepr(bytes: flipped)
        _ = try? arena.parse(bytes: flipped)
      }
    }
  }
}
