import Foundation
import Testing

/// `swiftfx propagate` of several archives: the output of each alone, in the order of the arguments.
@Suite struct ManyProgramsTests {
  @Test func printsOneJSONObjectALine() throws {
    let folder = try ScratchFolder()
    let bytes = try exampleBytes()
    // The first name needs every kind of escape.
    let names = ["\"quoted\" \\ tab\t ünï.pt2"] + (1..<12).map { "copy\($0).pt2" }
    let paths = try names.map { try folder.write(bytes, as: $0) }
    let result = try Command.swiftfx(["propagate", "--json"] + paths)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    let objects = try lines(result.output)
    #expect(objects.map { $0["archive"] as? String } == paths)

    let alone = try #require(try lines(Command.swiftfx("propagate", "--json", paths[0]).output).first)
    #expect(alone["archive"] == nil)
    for object in objects { #expect(facts(object) == facts(alone)) }
  }

  @Test func separatesReports() throws {
    let result = try Command.swiftfx("propagate", exampleArchive, exampleArchive)
    #expect(result.status == 0)
    let alone = withoutTimes(try Command.swiftfx("propagate", exampleArchive).output)
    #expect(withoutTimes(result.output) == alone + "\n" + alone)
  }

  @Test func anUnreadableArchiveDoesNotStopTheOthers() throws {
    let folder = try ScratchFolder()
    let bytes = try exampleBytes()
    let paths = [
      try folder.write(bytes, as: "first.pt2"), try folder.write(Array(bytes.prefix(9_000)), as: "cut.pt2"),
      folder.url.appendingPathComponent("missing.pt2").path, try folder.write(bytes, as: "last.pt2"),
    ]
    let text = try Command.swiftfx(["propagate"] + paths)
    #expect(text.status == 65)
    #expect(text.output.components(separatedBy: "values agree").count == 3)
    let errors = text.errors.components(separatedBy: "error: ").dropFirst()
    #expect(errors.count == 2)
    #expect(zip(errors, paths[1...2]).allSatisfy { $0.hasPrefix($1) }, "\(text.errors)")

    let json = try Command.swiftfx(["propagate", "--json"] + paths)
    #expect(json.status == 65)
    let objects = try lines(json.output)
    #expect(objects.map { $0["archive"] as? String } == paths)
    #expect(objects.map { $0["values"] != nil } == [true, false, false, true])
    #expect((objects[1]["error"] as? [String: Any])?["kind"] as? String == "ArchiveError")
  }

  private func exampleBytes() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: exampleArchive)))
  }

  private func lines(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// The facts that vary neither from run to run nor with the name of the archive.
  private func facts(_ object: [String: Any]) -> NSDictionary {
    object.filter { $0.key != "timing" && $0.key != "archive" } as NSDictionary
  }

  private func withoutTimes(_ report: String) -> String {
    report.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("loaded ") }
      .joined(separator: "\n")
  }
}
