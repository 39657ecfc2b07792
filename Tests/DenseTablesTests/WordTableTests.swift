import Testing

@testable import DenseTables

@Suite struct WordTableTests {
  private func list(_ words: [UInt64]) -> WordList {
    var list = WordList()
    for word in words { list.append(word) }
    return list
  }

  /// Random lists, many of them equal to others or prefixes of them, get the numbers that a dictionary gives.
  @Test(arguments: [UInt64](1...4)) func answersAsADictionary(_ seed: UInt64) {
    var random = WordHash(seed: seed)
    var table = WordTable()
    var expected: [[UInt64]: Int] = [:]
    for step in 0..<3_000 {
      random.add(UInt64(step))
      let value = UInt64(random.half)
      let words = (0..<value % 4).map { value >> (8 + $0) & 7 }
      let number = expected[words]
      let answer = table.number(of: list(words), guess: step % 50)
      #expect(answer?.number == number ?? expected.count)
      #expect(answer?.isNew == (number == nil))
      expected[words] = number ?? expected.count
    }
  }

  /// Words left behind the end of a reused list do not count.
  @Test func readsNoOldWords() {
    var table = WordTable()
    var words = list([1, 2, 3])
    #expect(table.number(of: words, guess: 0)?.number == 0)
    words.removeAll()
    words.append(1)
    #expect(words.count == 1)
    #expect(table.number(of: words, guess: 0)?.number == 1)
    #expect(table.number(of: list([1]), guess: 0)?.number == 1)
  }

  /// A wrong guess, or one beyond the end, only costs a search.
  @Test func takesAnyGuess() {
    var table = WordTable()
    for word in 0..<UInt64(100) { #expect(table.number(of: list([word]), guess: .max)?.number == Int(word)) }
    for word in 0..<UInt64(100) {
      #expect(table.number(of: list([word]), guess: Int(99 - word))?.number == Int(word))
    }
  }

  @Test func refusesWhatHasNoRoom() {
    var byEntries = WordTable(mostEntries: 2)
    #expect(byEntries.number(of: list([1]), guess: 0)?.isNew == true)
    #expect(byEntries.number(of: list([2]), guess: 0)?.isNew == true)
    #expect(byEntries.number(of: list([3]), guess: 0) == nil)
    #expect(byEntries.number(of: list([1]), guess: 0)?.number == 0)

    var byWords = WordTable(mostWords: 3)
    #expect(byWords.number(of: list([1, 2]), guess: 0)?.isNew == true)
    #expect(byWords.number(of: list([1, 2, 3]), guess: 0) == nil)
    #expect(byWords.number(of: list([3]), guess: 0)?.number == 1)
  }
}
