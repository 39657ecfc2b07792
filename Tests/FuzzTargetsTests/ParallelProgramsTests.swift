import SwiftFX
import Testing

@testable import FuzzTargets

/// Programs that are loaded, propagated and checked at the same time share tables and nothing else.
///
/// `swiftfx-fuzz --kinds parallel` with the thread sanitizer sees what they share.
@Suite struct ParallelProgramsTests {
  /// The values, guards and demands of a program as text.
  private static func answer(_ bytes: [UInt8]) -> String {
    do {
      let program = try FakeProgram(ExportedProgram(ProgramArchive(bytes: bytes)))
      let context = program.context(table: .aten)
      let result = context.propagate(program.inputs)
      let shapes = context.mode.shapes
      var lines: [String] = []
      for node in context.module.graph.nodes {
        if let value = result.values[node], let text = shapes.shortText(of: value) { lines.append(text) }
      }
      for fact in shapes.guards { lines.append(shapes.text(of: fact.expression)) }
      let check = SizeChecker(program, table: .aten).admissionCheck()
      for constraint in check.constraints { lines.append(constraint.text) }
      if let error = result.error { lines.append("\(error)") }
      return lines.joined(separator: "\n")
    } catch { return "\(error)" }
  }

  /// The parallel run comes first: it fills the tables.
  @Test func programsAtTheSameTimeAnswerAsOneByOne() async {
    let archives = FuzzSamples.archives.map(\.bytes)
    let together = await withTaskGroup(of: (Int, String).self) { group in
      for (number, bytes) in archives.enumerated() {
        for _ in 0..<2 { group.addTask { (number, Self.answer(bytes)) } }
      }
      return await group.reduce(into: [Int: Set<String>]()) { $0[$1.0, default: []].insert($1.1) }
    }
    for (number, bytes) in archives.enumerated() { #expect(together[number] == [Self.answer(bytes)]) }
  }
}
