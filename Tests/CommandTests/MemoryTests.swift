import Foundation
import Testing

/// `swiftfx memory` as a process.
@Suite struct MemoryTests {
  private static let sizes = ["s77=2", "s27=7", "u0=7", "u1=9", "u2=6", "u3=6"].flatMap { ["--set", $0] }

  /// The numbers are those of a run of PyTorch 2.13 at these sizes.
  @Test func tellsMemoryAndOperationsAtSizes() throws {
    let result = try Command.swiftfx(["memory", exampleArchive, "--json"] + Self.sizes)
    #expect(result.status == 0, "\(result.errors)")
    let object = try result.object()
    #expect((object["flops"] as? JSONObject)?["value"] as? Int == 44800)
    #expect(object["parameters_bytes"] as? Int == 13184)
    #expect(object["inputs_bytes"] as? Int == 896)
    let peak = try #require(object["peak"] as? JSONObject)
    #expect(peak["value"] as? Int == 17184)
    #expect(peak["node"] as? String == "silu_1")
    let node = try #require((object["per_node"] as? JSONObject)?["linear_1"] as? JSONObject)
    #expect(node["flops"] as? Int == 5376)
    #expect(object["error"] is NSNull)
  }

  @Test func namesWhatIsUnboundedAndWhatToWrite() throws {
    let result = try Command.swiftfx("memory", exampleArchive)
    #expect(result.status == 0)
    #expect(result.output.contains("FLOPs          512 … ∞\n"))
    #expect(result.output.contains("= 128*s27*s77 + 1536*u0 + 1536*u1 + 1536*u2 + 1536*u3"))
    #expect(result.output.contains("unbounded   u0, from where\n"))
    #expect(result.output.contains("torch._check(tok.shape[0] <= …)   after unb1.py:413"))
  }

  @Test(arguments: [("module", "ex.0.2"), ("node", "linear_3"), ("operator", "aten.linear")])
  func groups(_ kind: String, _ row: String) throws {
    let result = try Command.swiftfx(["memory", exampleArchive, "--all", "--by", kind] + Self.sizes)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\n  \(row) "), "\(result.output)")
  }

  @Test func drawsTheCurve() throws {
    let scratch = try ScratchFolder()
    let file = scratch.url.appendingPathComponent("memory.svg")
    let result = try Command.swiftfx(["memory", exampleArchive, "--svg", file.path] + Self.sizes)
    #expect(result.status == 0, "\(result.errors)")
    let picture = try String(contentsOf: file, encoding: .utf8)
    #expect(picture.contains("moe_routing: at most 17.2 kB after silu_1"))
    let failed = try Command.swiftfx(
      "memory", exampleArchive, "--svg", scratch.url.path + "/no/such/folder.svg")
    #expect(failed.status == 65)
    #expect(failed.errors.contains("No such file or directory"))
  }

  @Test(arguments: ["s999=2", "s77=0", "s77", "s77=x", "s77=99999999999999999999", "u0=-1"])
  func wrongSizesExitWith64(_ size: String) throws {
    let result = try Command.swiftfx("memory", exampleArchive, "--set", size, "--json")
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: "), "\(result.errors)")
  }

  @Test func tellsWhatDoesNotFit64Bits() throws {
    let sizes = ["s77=2305843009213693952", "s27=2305843009213693952"].flatMap { ["--set", $0] }
    let result = try Command.swiftfx(["memory", exampleArchive, "--json"] + sizes)
    #expect(result.status == 0, "\(result.errors)")
    let inputs = try result.object()
    #expect(inputs["inputs_bytes"] is NSNull)
  }

  /// The program of `tracks.pt2` stops at a decision that depends on data.
  @Test func countsWhatWasReached() throws {
    let result = try Command.swiftfx("memory", repositoryFile("Examples/tracks.pt2"), "--json")
    #expect(result.status == 1)
    let object = try result.object()
    #expect(object["error"] is String)
    #expect((object["per_node"] as? JSONObject)?.isEmpty == false)
  }
}
