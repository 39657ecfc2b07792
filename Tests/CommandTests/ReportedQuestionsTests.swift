import Foundation
import Testing

/// Answers to what public reports about exports asked.
@Suite struct ReportedQuestionsTests {
  private func explain(_ name: String, _ arguments: String...) throws -> String {
    let result = try Command.swiftfx(["explain", fixture("reports/\(name)")] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  /// `y.view(n, -1)` divides by `n` and is the only call that does: `Ne(u0, 0)` is its.
  @Test func whichCallNeedsAnAssert() throws {
    for arguments in [[], ["u0"]] {
      let result = try Command.swiftfx(["explain", fixture("reports/view_minus_one")] + arguments)
      let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      let place = try #require(lines.firstIndex { $0.hasPrefix("Ne(u0, 0)   _assert_scalar_default_2") })
      #expect(lines[place + 1] == "needed by view_1   aten.view   view_1, reports.py:121")
    }
  }

  /// What stands among the asserts is not said again as a check.
  @Test func assertsAreSaidOnce() throws {
    let output = try explain("view_minus_one", "u0")
    #expect(output.components(separatedBy: "Ne(u0, 0)   _assert_scalar_default_2").count == 2)
    #expect(output.components(separatedBy: "4*u0 <= s77   _assert_scalar_default_1").count == 2)
    #expect(output.contains("  checked by  u0 >= 0   _assert_scalar_default, reports.py:117\n"))
  }

  /// `if x.shape[0] * x.shape[1] < 256` was decided by the example.
  @Test func whichBranchWasTaken() throws {
    #expect(try explain("threshold").contains("  exporter    L['x'].size()[1]*L['x'].size()[0] < 256\n"))
    let propagated = try Command.swiftfx("propagate", fixture("reports/threshold"))
    #expect(propagated.output.contains("  exporter  L['x'].size()[1]*L['x'].size()[0] < 256\n"))
  }

  /// A window of 16 bounds the size to 16: the limit that the exporter baked in, although the range says it, too.
  @Test func whichLimitIsBakedIn() throws {
    #expect(try explain("sliding").contains("  exporter    L['k'].size()[2] <= 16"))
  }

  /// The batch of 16 at which PyTorch takes oneDNN (`ConvParams::use_mkldnn`) is no limit: the program runs with more.
  @Test func aChoiceOfKernelIsNoLimit() throws {
    let remark = "a choice of the convolution's kernel, not a limit"
    let output = try explain("convolutions")
    #expect(output.contains("s31 < 16   \(remark)\n"))
    #expect(output.components(separatedBy: remark).count == 2)
    #expect(try explain("convolutions", "s31").contains("guard s31 < 16: \(remark)"))
    let propagated = try Command.swiftfx("propagate", fixture("reports/convolutions"))
    #expect(propagated.output.contains("s31 < 16 (\(remark))"))
    let check = try Command.swiftfx("check", fixture("reports/convolutions"), "--input", "input=32x1x64")
    #expect(check.status == 0, "\(check.output)")
  }

  /// A size that is padded to a multiple of 8 divides by 8.
  ///
  /// With `s = 8*q + r`, most of what the exporter wrote holds for all sizes. What is left says that the example had at
  /// least 8 columns.
  @Test func tautologiesAreLeftOut() throws {
    let propagated = try Command.swiftfx("propagate", fixture("reports/multiple_of_8"))
    let line = try #require(propagated.output.split(separator: "\n").first { $0.hasPrefix("  exporter") })
    #expect(line == "  exporter  (1 + ((L['x'].size()[1] + (-1)*(L['x'].size()[1] % 8)) // 8)) != 1")
  }

  /// In a file or a pipe nothing is cut; at a width everything is.
  @Test(arguments: [["explain"], ["propagate", "--keep-going"]])
  func nothingIsCutInAPipe(_ command: [String]) throws {
    let wide = try Command.swiftfx([command[0], example("tracks")] + command.dropFirst())
    let narrow = try Command.run(
      ["/usr/bin/env", "COLUMNS=60", Command.executable.path, command[0], example("tracks")]
        + command.dropFirst())
    #expect(!wide.output.contains { $0 == "…" } || !wide.output.contains("…\n"), "\(wide.output)")
    #expect(wide.width > 60)
    #expect(narrow.width < wide.width)
  }
}
