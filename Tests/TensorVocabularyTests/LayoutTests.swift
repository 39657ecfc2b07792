import TensorVocabulary
import Testing

@Suite struct LayoutTests {
  @Test func readsBackNamesAndCodes() {
    for layout in Layout.allCases {
      #expect(Layout(name: layout.name) == layout)
      #expect(Layout(name: "torch.\(layout.name)") == layout)
      if let code = layout.archiveCode { #expect(Layout(archiveCode: code) == layout) }
    }
    #expect(Layout.strided.archiveCode == 7)
    #expect(Layout(archiveCode: 0) == nil)
    #expect(Layout(archiveCode: 8) == nil)
    #expect(Layout(name: "dense") == nil)
  }
}
