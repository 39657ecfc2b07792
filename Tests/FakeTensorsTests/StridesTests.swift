import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary
import Testing

@Suite struct StridesTests {
  let mode = FakeTensorMode()

  @Test func contiguousStridesCountAtLeastOneElementPerDim() {
    #expect(mode.shapes.geometry.contiguousStrides([2, 3, 4]) == [12, 4, 1])
    #expect(mode.shapes.geometry.contiguousStrides([2, 0, 4]) == [4, 4, 1])
    #expect(mode.shapes.geometry.contiguousStrides([]) == [])
  }

  @Test func channelsLastPutsTheChannelsInside() {
    #expect(mode.shapes.geometry.channelsLastStrides([2, 3, 4, 5]) == [60, 1, 15, 3])
    #expect(mode.shapes.geometry.channelsLastStrides([2, 3, 4, 5, 6]) == [360, 1, 90, 18, 3])
  }

  /// Every element has its own offset and no offset is unused, checked by enumeration.
  @Test(arguments: [
    ([2, 3], [3, 1]), ([2, 3], [1, 2]), ([2, 3], [1, 1]), ([2, 3], [6, 2]), ([1, 3], [7, 1]),
    ([0, 3], [9, 9]),
    ([2, 2, 2], [1, 4, 2]), ([2, 2, 2], [4, 4, 1]), ([4], [2]), ([], []),
  ])
  func nonOverlappingAndDenseAgreesWithCounting(_ sizes: [Int], _ strides: [Int]) {
    var places: [Int] = [0]
    for (size, stride) in zip(sizes, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    let expected = places.count < 2 || Set(places) == Set(0..<places.count)
    let tensor = mode.tensor(
      Sizes(sizes.map { SymInt($0) }), strides: Sizes(strides.map { SymInt($0) }), dtype: .float32)
    #expect(mode.shapes.geometry.isNonOverlappingAndDense(tensor) == expected)
  }

  @Test func symbolicSizesNestByHandle() {
    let shapes = mode.shapes
    let s = shapes.symInt(shapes.createBackedSymbol("s0", hint: .int(5)))
    let tensor = mode.tensor([2, s, 3], dtype: .float32)
    #expect(tensor.strides == [shapes.mul(s, 3), 3, 1])
    #expect(shapes.geometry.isContiguous(tensor))
    #expect(shapes.guards.isEmpty)
  }

  /// `torch.nonzero(x > 0).to(torch.float32)` has strides `(1, u0)` in PyTorch 2.13; `abs` of it `(1, Max(1, u0))`.
  @Test func aPossiblyEmptyListOfIndicesIsDense() {
    let shapes = mode.shapes
    let u = shapes.createUnbackedInt(range: IntRange(lower: 0, upper: .max))
    let indexes = mode.tensor([u, 3], strides: [1, u], dtype: .int64)
    #expect(shapes.geometry.isNonOverlappingAndDense(indexes))
    #expect(shapes.geometry.preservedStrides(indexes) == [1, u])
    #expect(!shapes.geometry.isNonOverlappingAndDense([u, 3], [1, 2]))
  }
}
