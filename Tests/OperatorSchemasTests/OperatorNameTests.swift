import OperatorSchemas
import Testing

@Suite struct OperatorNameTests {
  @Test(arguments: [
    ("aten.add.Tensor", "aten.add.Tensor", "aten::add.Tensor"),
    ("torch.ops.aten.add.Tensor", "aten.add.Tensor", "aten::add.Tensor"),
    ("aten::add.Tensor", "aten.add.Tensor", "aten::add.Tensor"),
    ("aten::relu", "aten.relu.default", "aten::relu"),
    ("aten::relu.default", "aten.relu.default", "aten::relu"),
    ("torch.ops.aten._to_copy.default", "aten._to_copy.default", "aten::_to_copy"),
    ("aten.__and__.Tensor", "aten.__and__.Tensor", "aten::__and__.Tensor"),
  ])
  func readsEverySpelling(_ text: String, _ description: String, _ schemaName: String) throws {
    let name = try #require(OperatorName(text))
    #expect(name.description == description)
    #expect(name.schemaName == schemaName)
    #expect(OperatorName(name.description) == name)
    #expect(OperatorName(name.schemaName) == name)
  }

  @Test(arguments: [
    "", "aten", "aten.add", "torch.ops.aten.add", "aten..Tensor", "aten.add.", ".add.Tensor", "a.b.c.d",
    "aten:add", "aten::", "::add", "aten::add.Tensor.x", "aten::b::c", "aten.add.T ensor", "_operator.add",
    "aten.add.Größe", "torch.ops.", "torch.ops.higher_order.cond",
  ])
  func refusesNamesWithoutAnOverload(_ text: String) {
    #expect(OperatorName(text) == nil)
  }

  @Test func sortsByParts() throws {
    let names = try ["prims.add.default", "aten.mm.out", "aten.mm.default", "aten.add.Tensor"].map {
      try #require(OperatorName($0))
    }
    #expect(
      names.sorted().map(\.description) == [
        "aten.add.Tensor", "aten.mm.default", "aten.mm.out", "prims.add.default",
      ])
    #expect(names[1].packet == "aten.mm")
  }
}
