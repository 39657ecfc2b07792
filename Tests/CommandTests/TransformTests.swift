import Foundation
import Testing

/// `swiftfx transform` as a process.
@Suite struct TransformTests {
  @Test func savesWhatPassesMake() throws {
    let folder = try ScratchFolder()
    let output = folder.url.appendingPathComponent("out.pt2").path
    let result = try Command.swiftfx(
      "transform", exampleArchive, "--pass", "runtime-asserts", "--output", output)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty && result.errors.isEmpty)
    let propagated = try Command.swiftfx("propagate", output)
    #expect(propagated.status == 0, "\(propagated.errors)")
    #expect(propagated.output.contains("4 unbacked symbols"))
    #expect(!propagated.output.contains("differs"))
  }

  @Test func copiesWithoutAPass() throws {
    let folder = try ScratchFolder()
    let output = folder.url.appendingPathComponent("moe_routing.pt2").path
    #expect(try Command.swiftfx("transform", exampleArchive, "-o", output).status == 0)
    #expect(try Command.swiftfx("show", output).output == Command.swiftfx("show", exampleArchive).output)
  }

  @Test func dryRunsSaveNothingAndSayWhatChanges() throws {
    let result = try Command.swiftfx("transform", exampleArchive, "--pass", "runtime-asserts", "--dry-run")
    #expect(result.status == 0)
    #expect(result.output.contains("91 nodes →"))
    #expect(result.output.contains("+ ") && result.output.contains("_assert_scalar"), "\(result.output)")
  }

  @Test func decomposesAndSaves() throws {
    let folder = try ScratchFolder()
    let output = folder.url.appendingPathComponent("core.pt2").path
    let result = try Command.swiftfx(
      "transform", exampleArchive, "--pass", "decompose", "--pass", "no-ops", "-o", output)
    #expect(result.status == 0, "\(result.errors)")
    let propagated = try Command.swiftfx("propagate", output, "--all")
    #expect(propagated.status == 0, "\(propagated.errors)")
    #expect(propagated.output.contains("values agree") && !propagated.output.contains("aten.linear"))
  }

  @Test func aTextBecomesAText() throws {
    let folder = try ScratchFolder()
    let text = try folder.write(Array(Self.text.utf8), as: "graph.txt")
    let result = try Command.swiftfx("transform", text, "--pass", "no-ops")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("linear: \"f32[s77, 4][4, 1]cpu\" = torch.ops.aten.linear.default(x, w)"))
    #expect(!result.output.contains("transpose"))
    // Reading what was written and writing it again changes nothing.
    let written = try folder.write(Array(result.output.utf8), as: "written.txt")
    #expect(try Command.swiftfx("transform", written).output == result.output)
    let output = folder.url.appendingPathComponent("out.txt").path
    #expect(try Command.swiftfx("transform", text, "-o", output).status == 0)
    #expect(try Command.swiftfx("transform", text, "-o", output).status == 64)
  }

  @Test func replacesPatternsThatAreTexts() throws {
    let folder = try ScratchFolder()
    let text = try folder.write(Array(Self.text.utf8), as: "graph.txt")
    func pattern(_ activation: String) -> [UInt8] {
      Array(
        """
        graph():
            %x : [num_users=1] = placeholder[target=x]
            %w : [num_users=1] = placeholder[target=w]
            %linear : [num_users=1] = call_function[target=torch.ops.aten.linear.default](args = (%x, %w), kwargs = {})
            %act : [num_users=1] = call_function[target=torch.ops.aten.\(activation).default](args = (%linear,), kwargs = {})
            return act
        """.utf8)
    }
    let old = try folder.write(pattern("silu"), as: "old.txt")
    let new = try folder.write(pattern("gelu"), as: "new.txt")
    let result = try Command.swiftfx("transform", text, "--pass", "replace=pattern:\(old),with:\(new)")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("aten.gelu.default") && !result.output.contains("aten.silu.default"))
    let missing = try Command.swiftfx("transform", text, "--pass", "replace=pattern:\(old)")
    #expect(missing.status == 64 && missing.errors.contains("'with'"))
    let absent = try Command.swiftfx("transform", text, "--pass", "replace=pattern:no.txt,with:\(new)")
    #expect(absent.status == 64 && absent.errors.contains("no.txt"))
  }

  private static let text = """
    class GraphModule(torch.nn.Module):
        def forward(self, x: "f32[s77, 8]", w: "f32[4, 8]"):
            t: "f32[8, s77]" = torch.ops.aten.transpose.int(x, 0, 1);  x = None
            t_1: "f32[s77, 8]" = torch.ops.aten.transpose.int(t, 0, 1);  t = None
            linear: "f32[s77, 4]" = torch.ops.aten.linear.default(t_1, w);  t_1 = w = None
            silu: "f32[s77, 4]" = torch.ops.aten.silu.default(linear);  linear = None
            return (silu,)
    """

  @Test func listsThePasses() throws {
    let result = try Command.swiftfx("transform", "--list")
    #expect(result.status == 0)
    for name in ["dead-code", "decompose", "no-ops", "replace"] {
      #expect(result.output.contains("\n\(name) ") || result.output.hasPrefix(name))
    }
  }

  @Test func wrongUsage() throws {
    let folder = try ScratchFolder()
    let taken = try folder.write(Array("mine".utf8), as: "taken.pt2")
    for (arguments, word) in [
      (["--pass", "deadcode", "--dry-run"], "'dead-code'"), (["--pass", "nope", "--dry-run"], "--list"),
      (["--pass", "dead-code"], "--output"),
      (["--dry-run", "-o", "x"], "--dry-run"), (["-o", taken], "exists already"),
      (["-o", exampleArchive, "--force"], "that the program was read from"),
    ] {
      let result = try Command.swiftfx(["transform", exampleArchive] + arguments)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(word), "\(result.errors)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: taken)) == Data("mine".utf8))
    #expect(try Command.swiftfx("transform", exampleArchive, "-o", taken, "--force").status == 0)
  }

  /// A limit on the size of files stands for a full disk.
  @Test func aFullDiskLeavesNothingBehind() throws {
    let folder = try ScratchFolder()
    let output = folder.url.appendingPathComponent("out.pt2").path
    let result = try Command.run([
      "/bin/sh", "-c", "ulimit -f 8; exec \"$0\" transform \"$1\" -o \"$2\"",
      Command.executable.path, exampleArchive, output,
    ])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("cannot be written"), "\(result.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(left.isEmpty, "\(left)")
  }
}
