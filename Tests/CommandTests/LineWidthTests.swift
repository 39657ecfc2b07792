import Testing

@testable import SwiftFXCommand

@Suite struct LineWidthTests {
  private func table() -> TextTable {
    var table = TextTable(limits: [6, 6])
    table.add("a rather long cell", "short")
    table.add("b", "another long cell")
    return table
  }

  @Test func cutsNothingWithoutAWidth() {
    #expect(
      table().lines(within: nil) == [
        "  a rather long cell  short", "  b                   another long cell",
      ])
  }

  @Test(arguments: 16...60) func fitsWhereTheLimitsAllow(_ columns: Int) {
    let lines = table().lines(within: columns)
    #expect(lines.allSatisfy { $0.count <= columns })
    #expect(lines.contains { $0.contains("…") } == (columns < 39))
  }

  @Test func keepsColumnsAtTheirLimits() {
    #expect(table().lines(within: 1).map(\.count) == [15, 16])
  }

  @Test func aLineIsCutAtItsEnd() {
    #expect(LineWidth.fitted("abcdef", within: 4) == "abc…")
    #expect(LineWidth.fitted("abcd", within: 4) == "abcd")
    #expect(LineWidth.fitted("abcdef", within: nil) == "abcdef")
  }
}
