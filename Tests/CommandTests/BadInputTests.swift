import Foundation
import Testing

/// Unreadable input: one error, exit code 65, nothing on standard output.
@Suite struct BadInputTests {
  private func expectRefusal(_ path: String, mentions words: String...) throws {
    for arguments in [
      ["propagate", path], ["propagate", path, "--json"], ["show", path], ["bench", path],
    ] {
      let result = try run(arguments)
      #expect(result.status == 65, "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("error: "))
      for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }
  }

  private func run(_ arguments: [String]) throws -> Command.Result {
    switch arguments.count {
    case 2: try Command.swiftfx(arguments[0], arguments[1])
    default: try Command.swiftfx(arguments[0], arguments[1], arguments[2])
    }
  }

  @Test func aFileThatIsNotAnArchive() throws {
    let folder = try ScratchFolder()
    try expectRefusal(try folder.write(Array("not a zip".utf8), as: "text.pt2"), mentions: "text.pt2")
    try expectRefusal(try folder.write([], as: "empty.pt2"), mentions: "empty.pt2")
  }

  @Test func aFolderAndAMissingFile() throws {
    let folder = try ScratchFolder()
    try expectRefusal(folder.url.path)
    // The hint has a line of its own.
    try expectRefusal(
      folder.url.appendingPathComponent("missing.pt2").path, mentions: "missing.pt2", "\n  hint ")
  }

  @Test(arguments: [1, 22, 1_000, 40_000, 80_000])
  func aTruncatedArchive(_ length: Int) throws {
    let folder = try ScratchFolder()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: exampleArchive)))
    try expectRefusal(try folder.write(Array(bytes.prefix(length)), as: "short.pt2"))
  }

  /// The checksum catches a wrong byte in the program's JSON.
  @Test func aDamagedProgram() throws {
    let folder = try ScratchFolder()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: exampleArchive)))
    let needle = Array("\"graph_module\"".utf8)
    let start = try #require(
      (0..<bytes.count - needle.count).first { Array(bytes[$0..<$0 + needle.count]) == needle })
    bytes[start + 2_000] ^= 1
    try expectRefusal(try folder.write(bytes, as: "damaged.pt2"), mentions: "CRC")
  }

  /// What every command that computes shapes says of an annotation that the arguments of its call contradict.
  @Test func anAnnotationThatTheArgumentsContradict() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      Array(
        """
        class GraphModule(torch.nn.Module):
            def forward(self, x: "f32[s0, 6]"):
                t: "f32[8, s0]" = torch.ops.aten.t.default(x);  x = None
                return (t,)
        """.utf8), as: "graph.txt")
    let output = folder.url.appendingPathComponent("out").path
    for arguments in [
      ["propagate", path], ["check", path], ["explain", path],
      ["memory", path],
      ["transform", path], ["diff", path, path], ["report", path, "-o", output],
      ["show", path, "--constraints", "dim"],
    ] {
      let result = try Command.swiftfx(arguments)
      #expect(result.status == 65, "\(arguments): \(result.output)")
      #expect(result.output.isEmpty, "\(arguments): \(result.output)")
      #expect(
        result.errors
          == "error: \(path):3:12: the text says that 't' is f32[8, s0], but its arguments make it f32[6, s0]\n"
      )
    }
    #expect(!FileManager.default.fileExists(atPath: output))
    #expect(try Command.swiftfx("show", path).status == 0)
  }
}
