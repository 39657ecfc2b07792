import FX
import Testing

@Suite struct StringTableTests {
  @Test func numbersEachStringOnce() {
    var table = StringTable()
    let add = table.intern("add")
    let relu = table.intern("relu")
    #expect(add != relu)
    #expect(table.intern("add") == add)
    #expect(table.count == 2)
    #expect(table[add] == "add")
    #expect(table[relu] == "relu")
    #expect(table.find("relu") == relu)
    #expect(table.find("gelu") == nil)
  }

  @Test func takesBytesAndSpans() {
    var table = StringTable()
    let id = table.intern("naïve")
    let bytes = Array("naïve".utf8)
    #expect(bytes.withUnsafeBufferPointer { table.intern($0) } == id)
    #expect(table.intern(bytes.span) == id)
    #expect(table.withBytes(of: id) { Array($0) } == bytes)
  }

  @Test func holdsTheEmptyString() {
    var table = StringTable()
    #expect(table.find("") == nil)
    let empty = table.intern("")
    #expect(table.intern("") == empty)
    #expect(table[empty].isEmpty)
  }

  @Test func growsPastItsFirstSlots() {
    var table = StringTable()
    let ids = (0..<5000).map { table.intern("name_\($0)") }
    #expect(table.count == 5000)
    for (number, id) in ids.enumerated() {
      #expect(table[id] == "name_\(number)")
      #expect(table.find("name_\(number)") == id)
    }
  }

  /// Bytes are compared eight at a time, the last ones separately.
  @Test(arguments: 1...33)
  func distinguishesStringsThatDifferInOneByte(length: Int) {
    var table = StringTable()
    let texts = (0..<length).map { position in
      String(repeating: "a", count: position) + "b" + String(repeating: "a", count: length - position - 1)
    }
    let ids = texts.map { table.intern($0) }
    #expect(Set(ids).count == length)
    #expect(texts.map { table.intern($0) } == ids)
    #expect(ids.map { table[$0] } == texts)
    #expect(table.find(String(repeating: "a", count: length)) == nil)
  }
}
