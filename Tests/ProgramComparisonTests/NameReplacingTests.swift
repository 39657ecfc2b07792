import Testing

@testable import ProgramComparison

@Suite struct NameReplacingTests {
  @Test func longerNamesComeFirst() {
    let names = NameReplacing([
      ("x.size()[10]", "p10"), ("x.size()[1]", "p1"), ("x['é'].size()[0]", "p3"), ("n", "p4"),
    ])
    #expect(
      names.replacingNames(in: "x.size()[10] - x.size()[1] <= x['é'].size()[0]*n")
        == "p10 - p1 <= p3*p4")
    #expect(
      names.replacingNames(in: "max.size()[1] + x.size()[2] + n2 + en")
        == "max.size()[1] + x.size()[2] + n2 + en")
    #expect(names.replacingNames(in: "") == "")
  }

  @Test func wordsAreWhole() {
    let text = "s1*s10 - Mod(s1, é1)".replacingWords { ["s1": "u7", "é1": "s3", "Mod": "Rest"][$0] }
    #expect(text == "u7*s10 - Rest(u7, s3)")
  }
}
