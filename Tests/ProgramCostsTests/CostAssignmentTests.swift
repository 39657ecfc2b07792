import FX
import SymbolicShapes
import Testing

@testable import ProgramCosts

/// Sizes that are given, and what is said about wrong ones.
@Suite struct CostAssignmentTests {
  private func error(
    _ given: [(String, Int)], _ name: String = "unb_decomp_nonzero_mlp_213"
  ) throws -> CostError? {
    let shapes = try Sample.costs(name).shapes
    do throws(CostError) {
      _ = try CostAssignment(given.map { (name: $0.0, value: $0.1) }, in: shapes)
      return nil
    } catch { return error }
  }

  @Test func refusesUnknownSymbolsAndValuesOutsideTheRange() throws {
    guard case .unknownSymbol("s999", let known)? = try error([("s999", 2)]) else {
      Issue.record("an unknown symbol was taken")
      return
    }
    #expect(known.contains("s54"))
    guard case .outOfRange("s54", -1, _)? = try error([("s54", -1)]) else {
      Issue.record("a negative size was taken")
      return
    }
    #expect(try error([("s54", 3), ("s54", 4)]) == .givenTwice("s54"))
    #expect(try error([("s54", 3), ("s54", 3)]) == nil)
  }

  @Test(arguments: ["", "s0", "s0=", "=3", "s0=3=4", "s0=x", "s0=99999999999999999999"])
  func refusesWhatIsNoAssignment(_ text: String) {
    #expect(throws: CostError.malformed(text)) { try CostAssignment.parse(text) }
  }

  @Test func tellsOverflowApartFromMissingSizes() throws {
    let costs = try Sample.costs("unb_decomp_nonzero_mlp_213")
    let open = try CostAssignment([("s54", 3)], in: costs.shapes)
    #expect(costs.value(of: costs.flops, at: open) == .open)
    let huge = try CostAssignment([("s54", 1 << 61), ("u0", 1 << 61)], in: costs.shapes)
    #expect(costs.value(of: costs.flops, at: huge) == .tooLarge)
    #expect(costs.peakNode(at: huge) == nil)
  }
}

/// What leaves a cost without bound.
@Suite struct MissingBoundTests {
  @Test func namesTheSymbolAndWhatToWrite() throws {
    let costs = try Sample.costs("unb_decomp_nonzero_mlp_213")
    let missing = costs.missingBounds(of: costs.flops)
    #expect(missing.map(\.name) == ["u0"])
    #expect(missing.first?.fix.hasPrefix("torch._check(") == true)
    #expect(costs.bounds(of: costs.flops).upper == nil)
  }

  @Test func groupsSumUpToTheWhole() throws {
    let costs = try Sample.costs("unb_decomp_nonzero_mlp_213")
    for kind in [CostGroup.Kind.node, .operator] {
      let sum = costs.groups(by: kind).map(\.flops).reduce(0, costs.shapes.add)
      #expect(sum == costs.flops)
    }
  }
}

/// The picture.
@Suite struct MemoryCurveTests {
  @Test func isWellFormedAndEscaped() throws {
    let costs = try Sample.costs("unb_decomp_nonzero_mlp_213")
    let curve = try #require(MemoryCurve(costs, at: CostAssignment(), title: "<script>alert('&')</script>"))
    #expect(curve.svg.hasPrefix("<svg xmlns="))
    #expect(curve.svg.hasSuffix("</svg>\n"))
    #expect(!curve.svg.contains("<script"))
    #expect(curve.svg.contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"))
  }

  @Test(arguments: [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (999_960, "1.0 MB")])
  func bytesAreReadable(_ value: Int, _ text: String) { #expect(ByteCount(value).short == text) }

  @Test func digitsAreGrouped() {
    #expect(ByteCount.grouped(0) == "0")
    #expect(ByteCount.grouped(1234) == "1,234")
    #expect(ByteCount.grouped(1_234_567) == "1,234,567")
    #expect(ByteCount.grouped(.min) == "-9,223,372,036,854,775,808")
  }
}
