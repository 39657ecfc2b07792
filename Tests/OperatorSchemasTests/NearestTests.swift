import Testing

@testable import OperatorSchemas

@Suite struct NearestTests {
  @Test(arguments: [
    ("aten.rleu.default", "aten.relu.default"),
    ("aten.add.Tensr", "aten.add.Tensor"),
    ("aten.con2d.default", "aten.conv2d.default"),
    ("atn.add.Tensor", "aten.add.Tensor"),
    ("aten.view.defualt", "aten.view.default"),
  ])
  func suggestsWhatWasMeant(_ written: String, _ meant: String) throws {
    let name = try #require(OperatorName(written))
    #expect(SchemaTable.nearest(to: name).first?.description == meant)
  }

  @Test func suggestsNothingFarAway() throws {
    let name = try #require(OperatorName("mylib.transmogrify.default"))
    #expect(SchemaTable.nearest(to: name).isEmpty)
    #expect(SchemaTable.nearest(to: name, limit: -1).isEmpty)
  }

  @Test(arguments: [
    ("", "abc", 3), ("ab", "", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
  ])
  func countsEdits(_ lhs: String, _ rhs: String, _ distance: Int) {
    #expect(editDistance(Array(lhs.utf8), Array(rhs.utf8)) == distance)
  }
}
