import DenseTables

/// Remembers the answers to questions about sizes and strides, such as "which strides does a fresh tensor of these
/// sizes have?".
///
/// A program repeats the same few questions about its layouts. A question is a number for its kind and the lists it is
/// about; an answer is a list, too. Both lie in one pool and are found by a hash of the question, so a look-up costs
/// one pass over the question and allocates nothing.
///
/// An answer that depends on facts is valid for the version of the facts it was found from.
package struct LayoutMemo {
  /// A question under construction: its integers are at the end of `stack`.
  package struct Question {
    fileprivate let start: Int
    fileprivate var hash = WordHash()
  }

  private struct Entry {
    var hash: WordHash
    var version: UInt64
    /// The question is `pool[start ..< start + asked]`; the answer follows it.
    var start: Int
    var asked: Int
    var answered: Int
  }

  /// The version of answers that do not depend on facts.
  package static var always: UInt64 { .max }
  /// When the pool would exceed this many integers, everything is forgotten: memory is bounded however many layouts a
  /// program has.
  private static var mostIntegers: Int { 1 << 18 }

  /// How many answers were recorded.
  private(set) var foundCount = 0
  private var stack: ContiguousArray<SymInt> = []
  private var pool: ContiguousArray<SymInt> = []
  private var entries: ContiguousArray<Entry> = []
  private var index = HashIndex(for: 1 << 5)

  /// Starts a question of the given kind.
  package mutating func ask(_ kind: UInt8) -> Question {
    var question = Question(start: stack.count)
    add(SymInt(Int(kind)), to: &question)
    return question
  }

  /// Adds a list to the question started last.
  ///
  /// Its length comes first, so that different lists never produce the same integers.
  package mutating func add(_ list: Sizes, to question: inout Question) {
    add(SymInt(list.count), to: &question)
    for position in list.indices { add(list[position], to: &question) }
  }

  private mutating func add(_ value: SymInt, to question: inout Question) {
    stack.append(value)
    question.hash.add(value.word)
  }

  /// Pops the question started last off the stack.
  package mutating func drop(_ question: Question) {
    stack.removeLast(stack.count - question.start)
  }

  /// The answer under `version`; ends the question.
  package mutating func takeAnswer(to question: Question, version: UInt64) -> Sizes? {
    guard let range = answer(to: question, version: version) else { return nil }
    drop(question)
    return list(range)
  }

  /// The two halves of the answer under `version`; ends the question.
  package mutating func takeAnswers(to question: Question, version: UInt64) -> (Sizes, Sizes)? {
    guard let range = answer(to: question, version: version) else { return nil }
    drop(question)
    let middle = range.lowerBound + range.count / 2
    return (list(range.lowerBound..<middle), list(middle..<range.upperBound))
  }

  private mutating func answer(to question: Question, version: UInt64) -> Range<Int>? {
    guard let number = place(of: question).number else { return nil }
    let entry = entries[number]
    guard entry.version == version || entry.version == Self.always else { return nil }
    let start = entry.start + entry.asked
    return start..<start + entry.answered
  }

  private mutating func list(_ range: Range<Int>) -> Sizes {
    var list = Sizes()
    for position in range { list.append(pool[position]) }
    return list
  }

  /// Records the answer to the question started last, valid under `version`; it may have two halves.
  package mutating func note(
    _ answer: Sizes, _ rest: Sizes = [], to question: Question, version: UInt64
  ) {
    foundCount &+= 1
    let asked = stack.count - question.start
    let answered = answer.count + rest.count
    if pool.count + asked + answered > Self.mostIntegers { forget() }
    let entry = Entry(
      hash: question.hash, version: version, start: pool.count, asked: asked, answered: answered)
    let place = place(of: question)
    for position in question.start..<stack.count { pool.append(stack[position]) }
    for position in answer.indices { pool.append(answer[position]) }
    for position in rest.indices { pool.append(rest[position]) }
    if let number = place.number {
      entries[number] = entry
    } else {
      index.enter(entries.count, at: place)
      entries.append(entry)
      if index.isCrowded(by: entries.count) {
        index = index.doubled(for: entries.indices) { HashKey(entries[$0].hash) }
      }
    }
  }

  private func place(of question: Question) -> HashIndex.Place {
    index.find(HashKey(question.hash)) { isEqual(entries[$0], question) }
  }

  private func isEqual(_ entry: Entry, _ question: Question) -> Bool {
    guard entry.hash == question.hash, entry.asked == stack.count - question.start else { return false }
    for offset in 0..<entry.asked where pool[entry.start + offset] != stack[question.start + offset] {
      return false
    }
    return true
  }

  private mutating func forget() {
    pool.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    index.removeAll()
  }
}
