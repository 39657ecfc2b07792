import Testing
import ZipArchives

@Suite struct MappedFileTests {
  @Test func refusesADirectory() {
    let error = #expect(throws: ZipError.self) { try ZipArchive(path: "/") }
    #expect(error?.kind == .isDirectory)
    #expect(error?.file == "/")
  }

  @Test func refusesNonRegularFiles() {
    let error = #expect(throws: ZipError.self) { try ZipArchive(path: "/dev/null") }
    #expect(error?.kind == .notARegularFile)
  }

  @Test func namesTheFileThatDoesNotExist() {
    let error = #expect(throws: ZipError.self) { try ZipArchive(path: "/nowhere/model.pt2") }
    #expect(error?.kind == .cannotRead(reason: "No such file or directory"))
    #expect(error?.description.hasPrefix("'/nowhere/model.pt2' cannot be read: No such file") == true)
  }

  @Test func refusesEmptyInput() {
    let error = #expect(throws: ZipError.self) { try ZipArchive(bytes: []) }
    #expect(error?.kind == .emptyFile)
  }

  @Test func aViewKeepsTheBytesAlive() throws {
    var view: MappedBytes?
    do {
      let file = MappedFile(bytes: Array("forty-two".utf8))
      view = file.bytes.slice(0..<5)
      #expect(file.bytes.slice(5..<10) == nil)
    }
    #expect(view?.text == "forty")
  }
}
