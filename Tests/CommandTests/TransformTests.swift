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

  @Test func listsThePasses() throws {
    let result = try Command.swiftfx("transform", "--list")
    #expect(result.status == 0)
    #expect(result.output.contains("dead-code"))
  }

  @Test func wrongUsage() throws {
    let folder = try ScratchFolder()
    let taken = try folder.write(Array("mine".utf8), as: "taken.pt2")
    for (arguments, word) in [
      (["--pass", "deadcode", "--dry-run"], "'dead-code'"), (["--pass", "dead-code"], "--output"),
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
      "/bin/sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" transform \"$1\" -o \"$2\"",
      Command.executable.path, exampleArchive, output,
    ])
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.errors.contains("cannot be written"), "\(result.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(left.isEmpty, "\(left)")
  }
}
