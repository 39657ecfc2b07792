import SymbolicExpressions
import Testing

#if DEBUG && (os(Linux) || os(macOS))
  /// Debug builds refuse a handle that another arena made; integers and constants belong to every arena.
  @Suite struct ForeignExpressionTests {
    @Test func expressionsOfAnotherArenaStopTheProgram() async {
      await #expect(processExitsWith: .failure) {
        var a = ExprArena()
        var b = ExprArena()
        _ = (b.symbol("s1"), b.text(of: a.symbol("s0")))
      }
      await #expect(processExitsWith: .failure) {
        var a = ExprArena()
        var b = ExprArena()
        _ = b.add(b.symbol("s1"), a.symbol("s0"))
      }
      await #expect(processExitsWith: .failure) {
        var a = ExprArena()
        var b = ExprArena()
        let x = a.symbol("s0")
        _ = (a.mul(x, x), b.symbol("s1"))
        // The second result comes from the memo, and belongs to the arena as well.
        _ = b.view(of: a.mul(x, x))
      }
    }

    @Test func integersAndConstantsBelongToEveryArena() {
      var a = ExprArena()
      var b = ExprArena()
      let x = a.symbol("s0")
      let y = b.symbol("s0")
      #expect(b.text(of: b.add(y, a.sub(a.integer(3), a.integer(1)))) == "s0 + 2")
      // The second answer comes from the memo.
      for _ in 0..<2 { #expect(b.and(a.eq(x, x), .true) == .true) }
    }
  }
#endif
