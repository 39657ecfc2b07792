import SymbolicExpressions
import Testing

struct CanonicalCase: GoldenCase {
  struct Fact: Decodable, Sendable {
    var text: String
    var truth: Bool

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      text = try values.decode(String.self)
      truth = try values.decode(Bool.self)
    }
  }

  static let file = "canonical"
  var build: String
  var text: String
  var facts: [Fact]
}

@Suite struct CanonicalBooleanTests {
  @Test func writesRelationsAsPyTorchDoes() throws {
    var mismatches = Mismatches()
    for golden in try CanonicalCase.load() {
      var arena = ExprArena.withGoldenSymbols()
      let canonical = arena.canonicalBool(try arena.parse(golden.build))
      // Decided when built; PyTorch decides it later, by ranges.
      if arena.booleanValue(of: canonical) != nil { continue }
      mismatches.compare(arena.text(of: canonical), golden.text, golden.build)
    }
    #expect(mismatches == Mismatches())
  }

  @Test func impliesWhatPyTorchImplies() throws {
    var mismatches = Mismatches()
    for golden in try CanonicalCase.load() {
      var arena = ExprArena.withGoldenSymbols()
      let expression = try arena.parse(golden.build)
      if arena.booleanValue(of: expression) != nil { continue }
      let facts = arena.impliedFacts(of: expression).filter { arena.booleanValue(of: $0.0) == nil }
      let texts = Set(facts.map { "\(arena.text(of: $0.0)) \($0.1)" })
      for fact in golden.facts {
        let isDecided = arena.booleanValue(of: try arena.parse(fact.text)) != nil
        if !texts.contains("\(fact.text) \(fact.truth)"), !isDecided {
          mismatches.lines.append("\(golden.build): lacks \(fact.text) \(fact.truth) in \(texts)")
        }
      }
      if texts.count > golden.facts.count { mismatches.lines.append("\(golden.build): has more, \(texts)") }
    }
    #expect(mismatches == Mismatches())
  }
}
