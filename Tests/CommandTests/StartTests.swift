import Foundation
import Testing

/// What the command needs before its first line runs.
@Suite struct StartTests {
  #if os(Linux)
    /// Foundation brings the Unicode library along: together they take longer to start than a small program
    /// takes to be read, propagated and printed.
    @Test func doesNotLoadFoundation() throws {
      let command = try Data(contentsOf: Command.executable, options: .mappedIfSafe)
      for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
        #expect(command.range(of: Data(library.utf8)) == nil, "\(library)")
      }
    }
  #endif
}
