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

  /// Iterating and slicing give the same results as for an array of the same integers.
  @Test(arguments: [0, 1, 5, 6, 7, 12])
  func iteratesAndSlicesLikeAnArray(_ count: Int) {
    let array = (0..<count).map { SymInt($0 * $0) }
    var sizes = Sizes(array)
    #expect(sizes.enumerated().map(\.offset) == array.enumerated().map(\.offset))
    #expect(sizes.enumerated().map(\.element) == array)
    #expect(sizes.map { $0 } == array)
    for bounds in [0..<count, count / 2..<count, 0..<count / 2] {
      #expect(sizes[bounds] == array[bounds])
      #expect(sizes[bounds].startIndex == bounds.lowerBound)
    }
    #expect(Array(sizes.dropFirst(2)) == Array(array.dropFirst(2)))
    #expect(Array(sizes.reversed()) == array.reversed())
    sizes[count / 2..<count] = ArraySlice(repeating: -1, count: count)[count / 2..<count]
    #expect(Array(sizes) == array[..<(count / 2)] + Array(repeating: -1, count: count - count / 2))
  }

  @Test func comparesElementsWhereverTheyLie() {
    var spilled = Sizes(repeating: 2, count: 7)
    spilled.remove(at: 0)
    #expect(spilled == Sizes(repeating: 2, count: 6))
    #expect(spilled != [2, 2, 2, 2, 2, 3])
  }

  @Test func aNegativeCountIsEmpty() { #expect(Sizes(repeating: 1, count: -3).isEmpty) }
}
