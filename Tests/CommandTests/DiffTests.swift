import Foundation
import Testing
import ZipArchives

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
    for key in ["symbols", "ranges_changed", "guards", "asserts", "state", "inputs", "accepts", "costs"] {
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

  /// A counterexample that `diff` gives is one that `check` confirms, and what follows from both programs is said.
  @Test func theCounterexampleIsOne() throws {
    let (narrow, wide) = (fixture("reports/threshold"), example("attention"))
    let folder = try ScratchFolder()
    let free = folder.url.appendingPathComponent("free.pt2").path
    let program = try ZipArchive(path: narrow)
    var writer = ZipWriter()
    for entry in program.entries {
      let bytes = try program.contents(of: entry).withUnsafeBytes { [UInt8]($0) }
      // The exporter's guard is made one that always holds.
      let isProgram = entry.name.hasSuffix("model.json")
      let text = isProgram ? String(decoding: bytes, as: UTF8.self).replacing("< 256", with: ">= 0") : nil
      try writer.add(entry.name, text.map { [UInt8]($0.utf8) } ?? bytes)
    }
    try Data(writer.finish()).write(to: URL(fileURLWithPath: free))
    let result = try Command.swiftfx("diff", narrow, free)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.output.contains("    - x.size()[0]*x.size()[1] < 256\n"), "\(result.output)")
    #expect(result.output.contains("; B takes all that A takes"), "\(result.output)")
    let line = try #require(result.output.split(separator: "\n").first { $0.contains("B alone takes") })
    let sizes = try #require(line.split(separator: " ").first { $0.hasPrefix("x=") })
      .trimmingCharacters(in: .punctuationCharacters)
    #expect(try Command.swiftfx("check", narrow, "--input", sizes).status == 1)
    #expect(try Command.swiftfx("check", free, "--input", sizes).status == 0)
    // Programs of other inputs: what cannot be compared is said.
    let other = try Command.swiftfx("diff", narrow, wide)
    #expect(other.output.contains("    accepted sizes: the programs have other inputs"), "\(other.output)")
  }

  @Test func otherCostsAreShown() throws {
    let costs = try Command.swiftfx("diff", exampleArchive, example("attention"), "--only", "costs")
    #expect(costs.status == 1)
    #expect(costs.output.contains("  memory and operations\n    peak memory: "), "\(costs.output)")
    #expect(try Command.swiftfx("diff", exampleArchive, exampleArchive, "--only", "costs").status == 0)
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
    // Who compares nothing is not told that all is equal.
    for topics in [["--only", ""], ["--only", ","], ["--only", "costs", "--ignore", "costs"]] {
      let result = try Command.swiftfx(["diff", exampleArchive, example("attention")] + topics)
      #expect(result.status == 64 && result.output.isEmpty, "\(topics): \(result.output)")
    }
    #expect(try Command.swiftfx("diff", exampleArchive, exampleArchive, "--json", "--markdown").status == 64)
    let folder = try ScratchFolder()
    let bad = try folder.write(Array("not a zip".utf8), as: "bad.pt2")
    let result = try Command.swiftfx("diff", exampleArchive, bad)
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("bad.pt2"))
  }
}
