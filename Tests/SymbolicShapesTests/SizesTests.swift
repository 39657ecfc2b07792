import SymbolicShapes
import Testing

@Suite struct SizesTests {
  @Test(arguments: [0, 1, 6, 7, 64])
  func holdsAnyNumberOfIntegers(_ count: Int) {
    var sizes = Sizes()
    for value in 0..<count { sizes.append(SymInt(value)) }
    #expect(Array(sizes) == (0..<count).map { SymInt($0) })
    #expect(sizes.count == count)
  }

  @Test(arguments: [5, 6, 7])
  func insertsAndRemovesAcrossTheInlineBorder(_ count: Int) {
    var sizes = Sizes((0..<count).map { SymInt($0) })
    sizes.insert(99, at: 2)
    #expect(Array(sizes) == [0, 1, 99] + (2..<count).map { SymInt($0) })
    #expect(sizes.remove(at: 2) == 99)
    #expect(Array(sizes) == (0..<count).map { SymInt($0) })
  }

  @Test func comparesElementsWhereverTheyLie() {
    var spilled = Sizes(repeating: 2, count: 7)
    spilled.remove(at: 0)
    #expect(spilled == Sizes(repeating: 2, count: 6))
    #expect(spilled != [2, 2, 2, 2, 2, 3])
  }

  @Test func aNegativeCountIsEmpty() { #expect(Sizes(repeating: 1, count: -3).isEmpty) }
}
