import Foundation
import Testing

/// `swiftfx check` as a process.
@Suite struct CheckTests {
  @Test func acceptsSizesAndPrintsTheResults() throws {
    let result = try Command.swiftfx("check", exampleArchive, "--input", "x=8x128x16")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("moe_routing   accepted   x=8x128x16"))
    #expect(result.output.contains("view   f32[8, 128, 16]"))
  }

  @Test func refusesWithOriginAndNearestSizes() throws {
    let result = try Command.swiftfx(
      "check", attentionArchive, "--input", "q=2x2x5x4", "--input", "k=3x2x9x4")
    #expect(result.status == 1)
    #expect(result.output.contains("violates    k.size()[0] == q.size()[0]   3 == 2"))
    #expect(result.output.contains("input k, dim 0"))
    #expect(result.output.contains("nearest     q=2x2x5x4 k=2x2x9x4\n              q=3x2x5x4 k=3x2x9x4"))
  }

  @Test func printsOneJSONObject() throws {
    let result = try Command.swiftfx(
      "check", attentionArchive, "--input", "q=2x2x5x4", "--input", "k=3x2x9x4", "--json")
    #expect(result.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(object["verdict"] as? String == "refused")
    let violations = try #require(object["violations"] as? [[String: Any]])
    #expect(violations.first?["values"] as? String == "3 == 2")
    for key in ["inputs", "undecided", "beyond", "left_to_run", "nearest", "outputs"] {
      #expect(object[key] is [Any], "\(key)")
    }
  }

  @Test func sweeps() throws {
    let result = try Command.swiftfx(
      "check", attentionArchive, "--input", "k=2x2x1..20x4", "--input", "m=2x1x5x1..20")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("20 of 400 assignments accepted"))
    #expect(result.output.contains("million a second"))
    #expect(result.output.contains("k.size()[2]  1 … 20   with  m.size()[3]  = k.size()[2]"))
    let json = try Command.swiftfx("check", attentionArchive, "--input", "k=2x2x1..20x4", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["assignments"] as? Int == 20)
    #expect((object["assignments_per_second"] as? Double ?? 0) > 0)
  }

  @Test(arguments: ["python", "c", "swift"]) func writesTheCheck(_ language: String) throws {
    let result = try Command.swiftfx("check", exampleArchive, "--emit", language)
    #expect(result.status == 0)
    #expect(result.output.contains("Sizes that moe_routing takes."))
    #expect(result.output.contains("refusal("))
  }

  @Test(arguments: [
    "y=8", "x=8", "x=8x128", "x=ax8x16", "x=8x128x99999999999999999999", "x=-8x128x16", "x",
    "x=1..100000x1..100000x16", "x=9..1x1x16", "",
  ])
  func wrongSizesExitWith64(_ input: String) throws {
    for extra in [[], ["--json"]] {
      let result = try Command.swiftfx(["check", exampleArchive, "--input", input] + extra)
      #expect(result.status == 64)
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("error: "), "\(result.errors)")
    }
  }

  @Test func unknownInputsListTheKnownOnes() throws {
    let result = try Command.swiftfx("check", attentionArchive, "--input", "query=8x2x5x4")
    #expect(result.errors.contains("there is no input 'query': the program has q, k, v, m"))
    #expect(try Command.swiftfx("check", attentionArchive, "--emit", "cobol").status == 64)
  }

  /// The largest sizes are refused or accepted, without a crash.
  @Test(arguments: ["9223372036854775807", "4611686018427387904", "3037000500", "0"])
  func hugeSizes(_ size: String) throws {
    let result = try Command.swiftfx("check", exampleArchive, "--input", "x=\(size)x\(size)x16")
    #expect(result.status == 0 || result.status == 1, "\(result.errors)")
  }

  @Test func anUnreadableArchive() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Array("not a zip".utf8), as: "text.pt2")
    let result = try Command.swiftfx("check", path, "--input", "x=1")
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
  }
}

/// An archive with four inputs whose sizes depend on each other.
private var attentionArchive: String { example("attention") }
