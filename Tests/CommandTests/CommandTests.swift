import Foundation
import Testing

/// The command as a process: arguments, output, exit code.
@Suite struct CommandTests {
  @Test func propagatePrintsShapesSymbolsAndFacts() throws {
    let result = try Command.swiftfx("propagate", exampleArchive)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("moe_routing   PyTorch 2.13.0"))
    #expect(result.output.contains("u0 born here"))
    #expect(result.output.contains("x.size()[0]"))
    #expect(result.output.contains("values agree"))
  }

  @Test func reportsAreAsWideAsTheTerminal() throws {
    let narrow = try Command.narrow("propagate", exampleArchive)
    #expect(narrow.width <= 80)
    #expect(narrow.output.contains("tok, k = torch.wh…"))
    // In a pipe nothing is cut.
    let whole = try Command.swiftfx("propagate", exampleArchive)
    #expect(whole.output.contains("tok, k = torch.where(idx == i)"))
  }

  @Test func propagateAllShowsEveryNode() throws {
    let result = try Command.swiftfx("propagate", exampleArchive, "--all")
    #expect(result.status == 0)
    #expect(!result.output.contains(" more"))
  }

  @Test func propagatePrintsOneJSONObject() throws {
    let result = try Command.swiftfx("propagate", exampleArchive, "--json")
    #expect(result.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(object["torch_version"] as? String == "2.13.0+cpu")
    let values = try #require(object["values"] as? [String: [String: Any]])
    #expect(values.count == object["node_count"] as? Int)
    #expect(object["error"] is NSNull)
    for key in ["bindings", "guards", "runtime_asserts", "ranges", "replacements", "renamed", "timing"] {
      #expect(object[key] != nil, "\(key)")
    }
  }

  @Test func showPrintsTheProgram() throws {
    let result = try Command.swiftfx("show", exampleArchive)
    #expect(result.status == 0)
    #expect(result.output.contains("def forward(self"))
    #expect(result.output.contains("torch.ops.aten.linear.default"))
    for part in [
      "\n\ninputs:\n", "  p_ex_0_0_weight: PARAMETER target='ex.0.0.weight'\n", "  x: USER_INPUT\n",
      "  view: USER_OUTPUT\n", "\nranges:\n  u0: 0 … ∞\n",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
    #expect(!result.output.contains("\n\n\n"))
  }

  /// What `print_readable` of PyTorch 2.13 prints with `include_stride`, `include_device`, `expanded_def`.
  @Test func showPrintsStridesAndDevices() throws {
    let plain = try Command.swiftfx("show", example("attention"), "--strides", "--device", "--expanded")
    #expect(
      plain.output.contains(
        """
            def forward(
                self,
                q: "f32[s33, 2, s0, 4][8*s0, 4*s0, 4, 1]cpu",
                k: "f32[s33, 2, s45, 4][8*s45, 4*s45, 4, 1]cpu",
                v: "f32[s33, 2, s45, 4][8*s45, 4*s45, 4, 1]cpu",
                m: "f32[s33, 1, s0, s45][s0*s45, s0*s45, s45, 1]cpu",
            ):

        """))
  }

  @Test func benchPrintsTimes() throws {
    let result = try Command.swiftfx("bench", exampleArchive, "--repeat", "3", "--json")
    #expect(result.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    for key in ["load_s", "scan_s", "propagate_s"] {
      let times = try #require(object[key] as? [String: Double])
      #expect(Set(times.keys) == ["first", "min", "median"])
    }
    for key in ["json_bytes", "peak_rss_bytes"] { #expect((object[key] as? Int ?? 0) > 0) }
  }

  @Test func wrongUsageExitsWith64() throws {
    #expect(try Command.swiftfx("propagate").status == 64)
    #expect(try Command.swiftfx("propagat", exampleArchive).status == 64)
    #expect(try Command.swiftfx("bench", exampleArchive, "--repeat", "0").status == 64)
  }
}
