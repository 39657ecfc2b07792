import Foundation
import Testing

/// What the command loads before its first line runs.
@Suite struct StartTests {
  #if os(Linux)
    /// Foundation loads the Unicode library: together they take longer to start than reading, propagating and
    /// printing a small program.
    @Test func doesNotLoadFoundation() throws {
      let command = try Data(contentsOf: Command.executable, options: .mappedIfSafe)
      for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
        #expect(command.range(of: Data(library.utf8)) == nil, "\(library)")
      }
    }
  #endif
}
