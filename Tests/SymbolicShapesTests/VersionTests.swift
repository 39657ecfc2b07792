import SymbolicExpressions
import SymbolicShapes
import Testing

/// Equal versions mean equal facts, whoever added them.
@Suite struct VersionTests {
  private let shapes = ShapeEnv()
  private let first: SymInt
  private let second: SymInt

  init() {
    first = shapes.createUnbackedInt()
    second = shapes.createUnbackedInt()
  }

  private func symbol(_ value: SymInt) throws -> SymExpr.Symbol {
    let symbol = shapes.arena.asSymbol(shapes.expression(value))
    return try #require(symbol)
  }

  /// The version after `body`, starting from a new environment.
  private func version(after body: () throws -> Void) rethrows -> UInt64 {
    let start = shapes.checkpoint()
    defer { shapes.restore(start) }
    try body()
    return shapes.version
  }

  @Test func equalFactsHaveEqualVersions() throws {
    func learn() {
      shapes.origin = ShapeEnv.Origin(step: 3)
      #expect(shapes.check(shapes.le(first, 7)))
      #expect(shapes.check(shapes.eq(first, second)))
      _ = shapes.createUnbackedInt(isSizeLike: true)
    }
    let once = version(after: learn)
    #expect(version(after: learn) == once)
    #expect(once != shapes.version)
  }

  /// Versions have room for 4,096 graphs; facts of further graphs are never mistaken for those of others.
  @Test(arguments: [UInt32(4_096), 65_539, .max])
  func factsOfManyGraphsAreDistinct(graph: UInt32) {
    func learn() {
      shapes.origin = ShapeEnv.Origin(step: 3, graph: graph)
      #expect(shapes.check(shapes.ge(first, 4)))
    }
    let once = version(after: learn)
    #expect(version(after: learn) != once)
    let elsewhere = version {
      shapes.origin = ShapeEnv.Origin(step: 3, graph: graph & 0xFFF)
      #expect(shapes.check(shapes.ge(first, 4)))
    }
    #expect(elsewhere != once)
  }

  /// Each of these differs in one respect; all have different versions.
  @Test func differentFactsHaveDifferentVersions() throws {
    let versions = try [
      version {},
      version { try shapes.narrow(symbol(first), to: IntRange(lower: 0, upper: 7)) },
      version { try shapes.narrow(symbol(first), to: IntRange(lower: 0, upper: 8)) },
      version { try shapes.narrow(symbol(second), to: IntRange(lower: 0, upper: 8)) },
      version { _ = shapes.check(shapes.ge(first, 3)) },
      version { _ = shapes.check(shapes.ge(first, 4)) },
      version {
        shapes.origin = ShapeEnv.Origin(step: 1)
        _ = shapes.check(shapes.ge(first, 4))
      },
      version {
        shapes.origin = ShapeEnv.Origin(step: 1, graph: 1)
        _ = shapes.check(shapes.ge(first, 4))
      },
      version { _ = shapes.check(shapes.ge(first, 5), "at least five") },
      version { _ = shapes.check(shapes.ge(first, 5), "five or more") },
      version { _ = shapes.createUnbackedInt() },
      version { _ = shapes.createUnbackedInt(isSizeLike: true) },
      version { _ = shapes.createUnbackedInt(range: IntRange(lower: 0, upper: 1)) },
      version { _ = shapes.createUnbackedFloat() },
      version { try shapes.renameUnbacked(symbol(second), to: symbol(first)) },
      version { try shapes.equate(symbol(second), shapes.expression(first)) },
      version { shapes.markSizeLike(shapes.expression(first)) },
      version { _ = shapes.createBackedSymbol("s0", hint: .int(4)) },
      version { _ = shapes.createBackedSymbol("s0", hint: .int(5)) },
      version { shapes.setHint(.int(4), of: shapes.createBackedSymbol("s0", hint: nil)) },
    ]
    #expect(Set(versions).count == versions.count)
  }

  /// Facts in a different order have different versions.
  @Test func orderMatters() {
    let conditions = [shapes.ge(first, 3), shapes.ge(second, 4)]
    let forth = version { for condition in conditions { _ = shapes.check(condition) } }
    let back = version { for condition in conditions.reversed() { _ = shapes.check(condition) } }
    #expect(forth != back)
  }
}
