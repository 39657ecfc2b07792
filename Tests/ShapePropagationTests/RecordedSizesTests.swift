import ShapePropagation
import SwiftFX
import Testing

/// What is asked of recorded sizes when a program is loaded.
@Suite struct RecordedSizesTests {
  /// `s27//(s27//3)` may be 0 as far as ranges tell; PyTorch 2.13 guards on it before the program runs.
  @Test func whetherASizeIsZeroIsAskedAtLoading() throws {
    let golden = try #require(CorpusGolden.all.first { $0.name == "misc_divisibility_guards_213" })
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let guards = program.shapes.guards.map { program.shapes.text(raw: $0.expression) }
    #expect(guards == ["Ne((s27//((s27//3))), 0)"])
    // A check of other sizes must not take the example's answer for granted.
    program.shapes.restore(program.stated)
    #expect(program.shapes.guards.isEmpty)
  }
}
