import Foundation
import Testing

/// What is generated from the declared options: `Packaging/swiftfx.1` by `Scripts/manual.sh`, and completions.
@Suite struct ManualTests {
  @Test(arguments: ["propagate", "explain", "show", "check", "memory", "transform", "diff", "run", "bench"])
  func theManualPageIsUpToDate(_ command: String) throws {
    let page = try String(contentsOfFile: repositoryFile("Packaging/swiftfx.1"), encoding: .utf8)
    #expect(page.contains("\n.It Em \(command)\n"))
    let help = try Command.swiftfx(command, "--help").output
    let options = help.split { !$0.isLetter && $0 != "-" }.filter {
      $0.hasPrefix("--") && $0.count > 2
    }
    #expect(options.count > 2)
    for option in Set(options) {
      let name = "-\(option.dropFirst(2))"
      // One with a short name comes second: `Fl o , -output`.
      #expect(
        page.contains("Fl \(name)") || page.contains(" , \(name)"),
        "\(option) is missing: run Scripts/manual.sh")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsAreGenerated(_ shell: String) throws {
    let result = try Command.swiftfx("--generate-completion-script", shell)
    #expect(result.status == 0)
    #expect(result.output.contains("propagate"))
  }

  @Test func theVersionIsSemantic() throws {
    let version = try Command.swiftfx("--version").output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(version.split(separator: ".").compactMap { Int($0) }.count == 3, "\(version)")
  }
}
