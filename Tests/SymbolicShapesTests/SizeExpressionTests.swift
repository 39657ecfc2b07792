import SymbolicExpressions
import SymbolicShapes
import Testing

@Suite struct SizeExpressionTests {
  private let shapes = ShapeEnv()
  private let s0: SizeExpression
  private let u0: SizeExpression

  init() {
    s0 = shapes.size(shapes.symInt(shapes.createBackedSymbol("s0", hint: .int(8))))
    u0 = shapes.size(shapes.createUnbackedInt())
  }

  /// The expected texts are those of PyTorch 2.13 for the same operators on `SymInt`s.
  @Test func printsAsPyTorchDoes() {
    #expect("\(2 * s0 + 1)" == "2*s0 + 1")
    #expect("\((2 * s0 + 1).floorDiv(4))" == "((2*s0 + 1)//4)")
    #expect("\(1 - u0)" == "1 - u0")
    #expect("\(u0.max(1))" == "Max(1, u0)")
    #expect("\(s0.min(u0))" == "Min(s0, u0)")
    #expect("\(u0 % 4)" == "PythonMod(u0, 4)")
    #expect("\(s0 % 4)" == "Mod(s0, 4)")
    #expect("\(u0 .== 4)" == "Eq(u0, 4)")
    #expect("\((u0 .>= 4) & (u0 .< s0))" == "(u0 >= 4) & (u0 < s0)")
    #expect("\(!(u0 .!= 4))" == "Eq(u0, 4)")
  }

  /// Every operator has the same value as in Python, for operands of either sign.
  @Test(arguments: [-7, -4, -1, 0, 3, 8], [-3, -1, 1, 2, 5])
  func hasPythonsValue(_ x: Int, _ y: Int) {
    let other = shapes.size(shapes.createUnbackedInt())
    let floor = Int((Double(x) / Double(y)).rounded(.down))
    let cases: [(SizeExpression, Int)] = [
      (u0 + other, x + y), (u0 - other, x - y), (u0 * other, x * y), (-u0, -x), (u0.floorDiv(other), floor),
      (u0 % other, x - y * floor), (u0.max(other), Swift.max(x, y)), (u0.min(other), Swift.min(x, y)),
      (u0 + y, x + y), (x - other, x - y), (u0 * y, x * y), (u0.floorDiv(y), floor), (u0 % y, x - y * floor),
    ]
    for (expression, expected) in cases {
      let value = shapes.arena.evaluate(expression.expression) { symbol in
        .int(shapes.arena.handle(of: symbol) == u0.expression ? x : y)
      }
      #expect(value == .int(expected), "\(expression) for \(x) and \(y)")
    }
  }

  @Test func comparesConstantsAtOnce() {
    let eight = shapes.size(8)
    #expect((eight .== 8).truth == true)
    #expect((eight .< 8).truth == false)
    #expect((u0 .< 8).truth == nil)
    #expect(("\(eight)") == "8")
  }

  @Test func readsText() throws {
    #expect(try shapes.size("2*s0 + 1").value == (2 * s0 + 1).value)
    #expect(throws: ExpressionParseError.self) { try shapes.size("s1 + 1") }
  }

  @Test func describesHandles() {
    #expect("\(SymInt(4))" == "4")
    #expect("\(SymExpr.intInfinity)" == "int_oo")
    #expect("\(s0.value)" == "…")
  }

  #if DEBUG && (os(Linux) || os(macOS))
    /// A handle used in another environment would be a different expression there.
    @Test func refusesSizesOfAnotherEnvironment() async {
      await #expect(processExitsWith: .failure) {
        let (one, other) = (ShapeEnv(), ShapeEnv())
        _ = other.createUnbackedInt()
        _ = other.add(one.createUnbackedInt(), 1)
      }
      await #expect(processExitsWith: .failure) {
        let (one, other) = (ShapeEnv(), ShapeEnv())
        _ = one.size(one.createUnbackedInt()) + other.size(other.createUnbackedInt())
      }
    }
  #endif
}
