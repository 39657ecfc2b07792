import SymbolicExpressions
import TestSupport
import Testing

struct RangeCase: GoldenCase {
  static let file = "ranges"
  var build: String
  var truth: Bool?
  var lower: Int?
  var upper: Int?
}

@Suite struct RangeTests {
  /// The ranges of the symbols in `record.py`.
  private static let bounds: [(name: String, range: IntRange)] = [
    ("s0", IntRange(lower: 2, upper: 128)), ("s2", IntRange(lower: 2, upper: .max)),
    ("s10", IntRange(lower: 1, upper: 7)), ("u0", IntRange(lower: 0, upper: 100)),
    ("u1", IntRange(lower: -5, upper: 9)), ("u12", .unbounded),
  ]

  private static func ranges(_ arena: borrowing ExprArena) -> SymbolRanges {
    var ranges = SymbolRanges()
    for (_, range) in bounds { ranges.ranges.append(.int(range)) }
    return ranges
  }

  /// `a | b ≤ 2ⁿ − 1` for the least such number that is not below both ends.
  @Test(arguments: [
    (0, 0), (1, 1), (2, 3), ((1 << 62) - 1, (1 << 62) - 1), (1 << 62, Int.max), (.max - 1, .max),
    (.max, .max),
  ])
  func bitwiseRangesEndBelowAPowerOfTwo(_ upper: Int, _ expected: Int) {
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    var ranges = SymbolRanges()
    for _ in 0..<2 { ranges.ranges.append(.int(IntRange(lower: 0, upper: upper))) }
    for function in [SymFunction.bitwiseOr, .bitwiseXor] {
      #expect(arena.range(of: arena.apply(function, a, b), in: ranges).ints.upper == expected)
    }
  }

  @Test func areNoWiderThanPyTorchs() throws {
    var mismatches = Mismatches()
    for golden in try RangeCase.load() {
      var arena = ExprArena()
      for (name, _) in Self.bounds {
        _ = arena.symbol(name, name.hasPrefix("s") ? [.integer, .positive] : .integer)
      }
      let range = arena.range(of: try arena.parse(golden.build), in: Self.ranges(arena))
      switch range {
      case .bool:
        if let truth = golden.truth, range.decision != truth {
          mismatches.lines.append("\(golden.build): \(range)")
        }
      default:
        let fits = range.ints.lower >= golden.lower ?? .min && range.ints.upper <= golden.upper ?? .max
        if !fits { mismatches.lines.append("\(golden.build): \(range), not \(golden)") }
      }
    }
    #expect(mismatches == Mismatches())
  }

  @Test func containEveryValue() throws {
    var random = SplitMix64(seed: 7)
    for golden in try RangeCase.load() {
      var arena = ExprArena()
      for (name, _) in Self.bounds {
        _ = arena.symbol(name, name.hasPrefix("s") ? [.integer, .positive] : .integer)
      }
      let expression = try arena.parse(golden.build)
      let range = arena.range(of: expression, in: Self.ranges(arena))
      for _ in 0..<50 {
        let values = Self.bounds.map { bound in
          Int.random(in: Swift.max(bound.range.lower, -9)...Swift.min(bound.range.upper, 130), using: &random)
        }
        switch arena.evaluate(expression, { .int(values[Int($0.index)]) }) {
        case .int(let value): #expect(range.ints.contains(value), "\(golden.build) at \(values)")
        case .bool(let value): #expect(range.decision ?? value == value, "\(golden.build) at \(values)")
        default: break
        }
      }
    }
  }

  @Test func followTheSymbolsWhenTheyNarrowAndWiden() {
    var arena = ExprArena()
    let u = arena.symbol("u0")
    let form = arena.add(arena.mul(.two, u), .one)
    var ranges = SymbolRanges()
    ranges.ranges.append(.int(IntRange(lower: 0, upper: 10)))
    #expect(arena.range(of: form, in: ranges) == .int(IntRange(lower: 1, upper: 21)))
    ranges.ranges[0] = .int(IntRange(lower: 3, upper: 4))
    #expect(arena.range(of: form, in: ranges) == .int(IntRange(lower: 7, upper: 9)))
    ranges.ranges[0] = .int(IntRange(lower: 0, upper: 10))
    #expect(arena.range(of: form, in: ranges) == .int(IntRange(lower: 1, upper: 21)))
  }

  @Test func arithmeticOnSmallRangesContainsEveryValue() {
    let ends = [Int.min, -3, -1, 0, 1, 2, 5, Int.max]
    let values = Array(-6...8)
    var ranges: [IntRange] = []
    for lower in ends {
      for upper in ends where lower <= upper { ranges.append(IntRange(lower: lower, upper: upper)) }
    }
    let functions: [SymFunction] = [
      .floorDiv, .pythonMod, .max, .min, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .powByNatural,
    ]
    var arena = ExprArena()
    let (a, b) = (arena.symbol("a"), arena.symbol("b"))
    for function in functions {
      let call = arena.apply(function, a, b)
      for x in ranges {
        for y in ranges {
          var symbols = SymbolRanges()
          symbols.ranges = [.int(x), .int(y)]
          let range = arena.range(of: call, in: symbols).ints
          for p in values where x.contains(p) {
            for q in values where y.contains(q) {
              guard case .int(let value)? = arena.evaluate(call, { .int($0.index == 0 ? p : q) }) else {
                continue
              }
              #expect(range.contains(value), "\(function)(\(p), \(q)) = \(value), \(x), \(y), \(range)")
            }
          }
        }
      }
    }
  }
}
