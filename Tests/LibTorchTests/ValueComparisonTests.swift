import FX
import TensorVocabulary
import Testing

@testable import LibTorch

@Suite(.needsLibTorch) struct ValueComparisonTests {
  @Test func theFirstElementThatDiffersIsFound() throws {
    let library = try InstalledLibrary.require()
    let a = try library.tensor([1, 2, 3, 4] as [Float], sizes: [2, 2])
    let b = try library.tensor([1, 2.000001, 3.5, 6] as [Float], sizes: [2, 2])
    let comparison = ValueComparison()
    #expect(try comparison.difference(.value(a), .value(a)) == nil)
    let difference = try #require(try comparison.difference(.value(a), .value(b)))
    #expect(difference.place == [1, 0] && difference.count == 2 && difference.largest == 2)
    #expect(difference.a == "3.0" && difference.b == "3.5")
  }

  @Test func integersAndKindsAreExact() throws {
    let library = try InstalledLibrary.require()
    let comparison = ValueComparison()
    let a = try library.tensor([100_000, 2], sizes: [2])
    let b = try library.tensor([100_001, 2], sizes: [2])
    #expect(try comparison.difference(.value(a), .value(b))?.place == [0])
    let float = try library.tensor([1, 2] as [Float], sizes: [2])
    let kinds = try #require(try comparison.difference(.value(a), .value(float)))
    #expect(kinds.a == "i64[2]" && kinds.b == "f32[2]")
    #expect(try comparison.difference(.constant(.int(1)), .constant(.int(2)))?.b == "2")
    #expect(try comparison.difference(.constant(.float(1)), .constant(.float(1.000001))) == nil)
    let nan = try library.tensor([Float.nan, 2], sizes: [2])
    #expect(try comparison.difference(.value(nan), .value(nan)) == nil)
    let lists = try comparison.difference(.list([.value(a)]), .list([.value(a), .value(b)]))
    #expect(lists?.a == "1 values")
  }

  /// A copy does not see what is written to its original.
  @Test func copiesHaveTheirOwnMemory() throws {
    let library = try InstalledLibrary.require()
    let tensor = try library.tensor([1, 2] as [Float], sizes: [2])
    let copy = try PyTree<RealTensor>.tuple([.value(tensor)]).copied()
    _ = try Dispatcher(library).call("aten::zero_", [.value(tensor)])
    #expect(try copy.elements?.first?.value?.elements(as: Float.self) == [1, 2])
  }
}
