import OperatorSchemas
import Testing

/// Any text that is not a schema is refused with an error.
@Suite struct HostileSchemaTests {
  @Test(arguments: [
    ("", 0),
    ("b(Tensor x) -> ()", 1),
    ("a::b", 4),
    ("a::b(", 5),
    ("a::b(Tensor x)", 14),
    ("a::b(Tensor x) ->", 17),
    ("a::b(Tensor x) -> Tensor)", 24),
    ("a::b(Tensor) -> ()", 11),
    ("a::b(Tensor x,) -> ()", 14),
    ("a::b(Tensor x Tensor y) -> ()", 14),
    ("a::b(*, *, int x) -> ()", 9),
    ("a::b(int x, int x) -> ()", 17),
    ("a::b(int x=) -> ()", 11),
    ("a::b(int x=oops) -> ()", 15),
    ("a::b(int x=0x10) -> ()", 15),
    ("a::b(int x=99999999999999999999x) -> ()", 32),
    ("a::b(str x=\"oops) -> ()", 23),
    ("a::b(str x=\"\\q\") -> ()", 13),
    ("a::b(int[99999999999999999999] x) -> ()", 29),
    ("a::b(int[-1] x) -> ()", 9),
    ("a::b(int[] x=[1, True]) -> ()", 22),
    ("a::b(ScalarType x=200) -> ()", 21),
    ("a::b(Dict(int) x) -> ()", 14),
    ("a::b(Tensor(a x) -> ()", 14),
    ("a::b(Tensor(a)[](b) x) -> ()", 19),
    ("a::b(Tensor(!) x) -> ()", 12),
    ("a::b(Tensor x) -> () junk", 21),
    ("ä::b(Tensor x) -> ()", 0),
  ])
  func saysWhereTheMistakeIs(_ text: String, _ offset: Int) {
    let error = #expect(throws: SchemaError.self) { try FunctionSchema(text) }
    #expect(error?.offset == offset, "\(error?.description ?? "")")
    #expect(error?.text == text)
  }

  @Test(arguments: ["(", "Dict(", "Tensor[", "Tensor?", "int[1]", "Future("])
  func refusesEndlessNesting(_ piece: String) {
    let text = "a::b(" + String(repeating: piece, count: 100_000)
    #expect(throws: SchemaError.self) { try FunctionSchema(text) }
    let suffixes = "a::b(Tensor" + String(repeating: "[]?", count: 100_000) + " x) -> ()"
    #expect(throws: SchemaError.self) { try FunctionSchema(suffixes) }
  }

  @Test func parsesOrRefusesEveryPrefixAndChangedByte() throws {
    let text = "a::b.c(Tensor(a!)[] x, int[2]? y=[0, 1], *, str s=\"q\\n\", Dict(str, t) d) -> (Tensor o, t)"
    let bytes = Array(text.utf8)
    for count in bytes.indices {
      let prefix = String(decoding: bytes[..<count], as: UTF8.self)
      #expect(throws: SchemaError.self) { try FunctionSchema(prefix) }
    }
    for index in bytes.indices {
      for byte in "\0 ()[]?!*=.,:->|\"\\9aé".utf8 {
        var changed = bytes
        changed[index] = byte
        guard let schema = try? FunctionSchema(String(decoding: changed, as: UTF8.self)) else { continue }
        #expect(try FunctionSchema(schema.description) == schema)
      }
    }
  }
}
