import FX
import Testing

@Suite struct NamespaceTests {
  /// The case `names` of `printing.json` holds the names that PyTorch's namespace gives to a series of
  /// candidates.
  @Test func makesNamesUnique() {
    var namespace = Namespace()
    let ids = ["x", "x", "x_1", "x_5", "x", "max", "1.a", ""].map { namespace.createName($0) }
    #expect(
      ids.map { namespace.strings[$0] } == ["x", "x_1", "x_2", "x_5", "x_6", "max_1", "_1_a", "_unnamed"])
  }

  @Test func claimsExactNamesOnce() {
    var namespace = Namespace()
    let id = namespace.intern("input")
    let claims = [namespace.claim(id), namespace.claim(id)]
    #expect(claims == [true, false])
    let other = namespace.createName("input")
    #expect(namespace.strings[other] == "input_1")
  }

  @Test func survivesNumbersThatOverflow() {
    var namespace = Namespace()
    let name = "x_99999999999999999999999999"
    let ids = [namespace.createName(name), namespace.createName(name)]
    #expect(ids.map { namespace.strings[$0] } == [name, name + "_1"])
  }
}
