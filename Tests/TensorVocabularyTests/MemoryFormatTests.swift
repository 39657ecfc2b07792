import TensorVocabulary
import Testing

@Suite struct MemoryFormatTests {
  @Test func readsBackNamesAndCodes() {
    for format in MemoryFormat.allCases {
      #expect(MemoryFormat(name: format.name) == format)
      #expect(MemoryFormat(name: "torch.\(format.name)") == format)
      #expect(MemoryFormat(archiveCode: format.archiveCode) == format)
    }
    #expect(MemoryFormat.contiguous.archiveCode == 1)
    #expect(MemoryFormat(archiveCode: 0) == nil)
    #expect(MemoryFormat(archiveCode: 5) == nil)
    #expect(MemoryFormat(name: "nhwc") == nil)
  }
}
