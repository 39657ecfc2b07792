import Foundation
import Testing
import ZipArchives

@testable import SwiftFXCommand

/// Files whose names are no text, and files that change while they are read.
@Suite struct ChangingFileTests {
  #if os(Linux)
    /// Reading behind the end of a file that became shorter gives zeros rather than a signal.
    @Test func aTruncatedFileIsNoSignal() throws {
      let path = FileManager.default.temporaryDirectory.appending(path: "swiftfx-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(repeating: 7, count: 3 * 4_096).write(to: URL(filePath: path))
      let file = try MappedFile(path: path)
      TruncatedFiles.survive()
      try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 4_096)
      #expect(file.bytes.withUnsafeBytes { $0[4_095] } == 7)
      #expect(!TruncatedFiles.wereRead)
      #expect(file.bytes.withUnsafeBytes { $0[8_192] } == 0)
      #expect(TruncatedFiles.wereRead)
    }

    /// Names on Linux are bytes.
    @Test(arguments: ["propagate", "show", "check"]) func aNameOfAnyBytesIsOpened(_ command: String) throws {
      let script =
        #"d=$(mktemp -d); n=$(printf 'a\377b.pt2'); cp "$2" "$d/$n"; "$0" "$1" "$d/$n"; s=$?; rm -r "$d"; exit $s"#
      let result = try Command.run(
        ["/bin/sh", "-c", script, Command.executable.path, command, exampleArchive])
      #expect(result.status == 0, "\(result.errors)")
    }
  #endif
}
