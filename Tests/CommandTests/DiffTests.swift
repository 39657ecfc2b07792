import Foundation
import Testing

/// `swiftfx diff` as a process.
@Suite struct DiffTests {
  @Test func aCopyIsEqual() throws {
    let folder = try ScratchFolder()
    let copy = folder.url.appendingPathComponent("copy.pt2").path
    #expect(try Command.swiftfx("transform", exampleArchive, "-o", copy).status == 0)
    let result = try Command.swiftfx("diff", exampleArchive, copy)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("are equal"))
  }

  @Test func whatAPassChangedIsShown() throws {
    let folder = try ScratchFolder()
    let edited = folder.url.appendingPathComponent("edited.pt2").path
    let passed = try Command.swiftfx(
      "transform", exampleArchive, "--pass", "runtime-asserts", "--pass", "cse", "-o", edited)
    #expect(passed.status == 0, "\(passed.errors)")
    let text = try Command.swiftfx("diff", exampleArchive, edited)
    let json = try Command.swiftfx("diff", exampleArchive, edited, "--json")
    let object = try json.object()
    #expect(object["equal"] as? Bool == (text.status == 0))
    #expect(json.status == text.status)
    let nodes = try #require(object["nodes"] as? [String: Any])
    for key in ["removed", "added", "changed", "moved"] { #expect(nodes[key] is [Any], "\(key)") }
    for key in ["symbols", "ranges_changed", "asserts", "state", "inputs", "accepts"] {
      #expect(object[key] is [String: Any], "\(key)")
    }
  }

  @Test func twoProgramsDiffer() throws {
    let result = try Command.swiftfx("diff", exampleArchive, example("attention"))
    #expect(result.status == 1)
    #expect(result.output.contains("operators"))
    #expect(
      try Command.swiftfx("diff", exampleArchive, example("attention"), "--markdown").output.hasPrefix("### ")
    )
    let only = try Command.swiftfx("diff", exampleArchive, example("attention"), "--only", "asserts")
    #expect(!only.output.contains("operators"))
    let names = try Command.swiftfx("diff", exampleArchive, exampleArchive, "--only", "names")
    #expect(names.status == 0)
  }

  /// Texts that PyTorch prints are compared like archives; they have no weights.
  @Test func textsAreCompared() throws {
    let folder = try ScratchFolder()
    let text = try Command.swiftfx("show", exampleArchive).output
    let code = text.prefix { _ in true }.split(separator: "\ninputs:").first.map(String.init) ?? text
    let a = try folder.write(Array(code.utf8), as: "a.txt")
    let b = try folder.write(
      Array(
        code.replacing("torch.ops.aten.silu.default(linear_1)", with: "torch.ops.aten.relu.default(linear_1)")
          .utf8),
      as: "b.txt")
    #expect(try Command.swiftfx("diff", a, a).status == 0)
    let result = try Command.swiftfx("diff", a, b)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.output.contains("    - silu\n    + silu\n"), "\(result.output)")
  }

  @Test func wrongUsageAndBadInput() throws {
    #expect(try Command.swiftfx("diff", exampleArchive).status == 64)
    #expect(try Command.swiftfx("diff", exampleArchive, exampleArchive, "--only", "colours").status == 64)
    #expect(try Command.swiftfx("diff", exampleArchive, exampleArchive, "--json", "--markdown").status == 64)
    let folder = try ScratchFolder()
    let bad = try folder.write(Array("not a zip".utf8), as: "bad.pt2")
    let result = try Command.swiftfx("diff", exampleArchive, bad)
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("bad.pt2"))
  }
}
