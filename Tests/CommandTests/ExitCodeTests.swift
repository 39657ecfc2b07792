import Foundation
import Testing

/// The exit codes of `Documentation/exit-codes.md`: 0 fine, 1 a finding, 64 wrong usage, 65 an unreadable
/// archive.
///
/// They are the same for text, JSON and SARIF.
@Suite struct ExitCodeTests {
  private static let commands: [(arguments: [String], status: Int32)] = [
    (["propagate", exampleArchive], 0), (["propagate", example("tracks")], 1),
    (["propagate", example("tracks"), "--keep-going"], 1), (["propagate", fixture("branches")], 1),
    // Recorded values replace missing rules, not decisions.
    (["propagate", fixture("branches"), "--trust-recorded"], 1),
    (["propagate", exampleArchive, example("tracks")], 1), (["propagate", "missing.pt2"], 65),
    (["propagate", example("tracks"), "missing.pt2"], 65),
    (["check", exampleArchive, "--input", "x=8x128x16"], 0),
    (["check", exampleArchive, "--input", "x=8x128x17"], 1),
    (["check", exampleArchive, "--input", "y=8"], 64),
    (["check", "missing.pt2", "--input", "x=1"], 65), (["explain", example("tracks")], 0),
    (["explain", example("tracks"), "u0"], 0), (["explain", example("tracks"), "u9"], 64),
    (["explain", "missing.pt2"], 65), (["bench", example("tracks"), "--repeat", "1"], 0),
  ]

  @Test(arguments: commands)
  func areTheSameForEveryFormat(_ arguments: [String], _ expected: Int32) throws {
    let text = try Command.swiftfx(arguments)
    #expect(text.status == expected, "\(text.errors)")
    let json = try Command.swiftfx(arguments + ["--json"])
    #expect(json.status == expected, "\(json.errors)")
    if arguments.contains("--keep-going") {
      #expect(try Command.swiftfx(arguments + ["--sarif"]).status == expected)
    }
  }

  /// JSON output is complete for every exit code.
  @Test func aFindingIsWrittenAsJSON() throws {
    let result = try Command.swiftfx("propagate", example("tracks"), "--json")
    #expect(result.status == 1)
    #expect(result.errors.isEmpty)
    let object = try result.object()
    #expect((object["error"] as? JSONObject)?["node"] as? String == "fft_rfft")
    let unsupported = try Command.swiftfx("propagate", fixture("branches"), "--json").object()
    let error = try #require(unsupported["error"] as? JSONObject)
    #expect(error["kind"] as? String == "UnsupportedOperator")
    #expect(error["node"] is NSNull)
  }

  @Test func helpExitsWith0() throws {
    for command in ["propagate", "explain", "show", "check", "bench"] {
      let result = try Command.swiftfx(command, "--help")
      #expect(result.status == 0)
      #expect(result.output.contains("Example: swiftfx \(command)"))
    }
    #expect(try Command.swiftfx("--version").status == 0)
  }
}
