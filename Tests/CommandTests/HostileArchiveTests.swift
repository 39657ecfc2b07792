import Foundation
import Testing

/// Small well-formed archives that ask for a lot, or that say what cannot be.
///
/// Whatever they hold, every command ends with a documented exit code, in bounded time and memory, and shows no
/// character that steers a terminal.
@Suite struct HostileArchiveTests {
  /// All but `ex_fdchain`, `floordiv_chain_20`, `nearest_sizes`, `outer_product_12` and `unbind_again`.
  ///
  /// Those spend whole budgets, which takes minutes in a debug build. `Scripts/check_hostile.py` runs every archive with a
  /// release build.
  private static let names = [
    "emit_c_trigraph", "escape_esc", "escape_gc", "escape_tv", "expand_product_12", "flatten_beyond_the_rank",
    "flatten_in_a_branch", "inverted_range", "inverted_range_trap", "linear_system_trap", "slow_polar",
    "survey_empty_range", "survey_slow", "unbind_memory_4", "unbind_negative",
  ]

  private static let commands = [
    ["propagate"], ["propagate", "--keep-going", "--all"], ["propagate", "--keep-going", "--json"],
    ["propagate", "--keep-going", "--sarif"], ["explain", "--all"], ["show"], ["check"],
    ["check", "--emit", "c"], ["show", "--constraints", "dim"], ["memory"], ["transform", "--dry-run"],
    ["transform", "--dry-run", "--pass", "decompose"],
    ["report", "--force", "--output"], ["diff"],
  ]

  private static func path(_ name: String) -> String { fixture("hostile/\(name)") }

  @Test(arguments: names) func everyCommandEnds(_ name: String) throws {
    for command in Self.commands {
      let archives = Array(repeating: Self.path(name), count: command[0] == "diff" ? 2 : 1)
      let page = FileManager.default.temporaryDirectory.appending(path: "swiftfx-\(name).html")
      defer { try? FileManager.default.removeItem(at: page) }
      let result = try Command.limited(
        [command[0]] + archives + command.dropFirst() + (command.last == "--output" ? [page.path] : []))
      #expect([0, 1, 64, 65].contains(result.status), "\(command): \(result.status)")
      for text in [result.output, result.errors] {
        let steering = text.unicodeScalars.filter {
          $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
        }
        #expect(steering.isEmpty, "\(command)")
      }
    }
  }

  /// What PyTorch refuses to load is refused with entry, path and value.
  @Test(arguments: [
    ("unbind_negative", "a tensor with the size -1", "graph_module.graph.tensor_values.x.sizes"),
    ("inverted_range", "no value of 's0' is from 5 to 2", "range_constraints.s0"),
    ("inverted_range_trap", "no value of 'u0' is from 9 to -1", "range_constraints.u0"),
    ("survey_empty_range", "no value of 'u0' is from 4294967295 to -1", "range_constraints.u0"),
  ]) func factsAreCheckedAtTheDoor(_ name: String, _ reason: String, _ place: String) throws {
    let result = try Command.swiftfx("propagate", Self.path(name))
    #expect(result.status == 65)
    #expect(result.errors.contains("model.json: \(reason)"))
    #expect(result.errors.contains(place), "\(result.errors)")
  }

  /// A branch whose recorded input has another rank than the value that it is called with is rewritten on the former.
  @Test func aBranchIsCheckedAsItIsRecorded() throws {
    let result = try Command.swiftfx(
      "transform", "--dry-run", "--pass", "decompose", Self.path("flatten_in_a_branch"))
    #expect(result.status == 65)
    #expect(result.errors.contains("expected to be in range of [-1, 0], but got 1"), "\(result.errors)")
  }

  /// The graph of `map` says that it gives one tensor, the call that it gives two: their parts would have no names.
  @Test func whatWouldNotLoadIsNotSaved() throws {
    let scratch = try ScratchFolder()
    let output = scratch.url.appendingPathComponent("out.pt2").path
    let result = try Command.swiftfx(
      "transform", Self.path("parts_of_one_result"), "--pass", "decompose", "-o", output)
    #expect(result.status == 65)
    #expect(result.errors.contains("getitem of a value that is not a list of results"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test(arguments: [
    ["memory", "ARCHIVE", "--svg", "ARCHIVE"], ["report", "ARCHIVE", "--force", "--output", "ARCHIVE"],
    ["report", "OTHER", "--against", "ARCHIVE", "--force", "--output", "ARCHIVE"],
  ])
  func noCommandReplacesWhatItReads(_ arguments: [String]) throws {
    let scratch = try ScratchFolder()
    let archive = scratch.url.appendingPathComponent("model.pt2")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: exampleArchive))
    try bytes.write(to: archive)
    let result = try Command.swiftfx(
      arguments.map { $0 == "ARCHIVE" ? archive.path : $0 == "OTHER" ? exampleArchive : $0 })
    #expect(result.status == 64)
    #expect(result.errors.contains("is the program that is read"), "\(result.errors)")
    #expect(try Data(contentsOf: archive) == bytes)
  }

  /// Two documents would be no JSON.
  @Test func findingsOfTwoGraphsAreRefusedAsSARIF() throws {
    let scratch = try ScratchFolder()
    let text = scratch.url.appendingPathComponent("graphs.txt")
    let graph = "def forward(self, x: \"f32[4]\"):\n    y = torch.ops.aten.relu.default(x)\n    return (y,)\n"
    try (graph + "\n" + graph).write(to: text, atomically: true, encoding: .utf8)
    let result = try Command.swiftfx("propagate", text.path, "--keep-going", "--sarif")
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("--sarif takes one graph; this text holds 2"), "\(result.errors)")
  }

  @Test func piecesAreCounted() throws {
    let result = try Command.swiftfx("propagate", Self.path("unbind_memory_4"))
    #expect(result.status == 1)
    #expect(result.errors.contains("1000000 pieces"), "\(result.errors)")
  }

  /// The pieces of a call that was made before count, too.
  @Test func rememberedPiecesAreCounted() throws {
    let result = try Command.swiftfx("propagate", Self.path("unbind_again"), "--budget", "pieces=250000")
    #expect(result.status == 1)
    #expect(result.errors.contains("200000 pieces"), "\(result.errors)")
    #expect(result.errors.contains("u1"), "\(result.errors)")
  }

  @Test(arguments: ["pieces", "pieces=", "pieces=-1", "pieces=1x", "=1", "", "rooms=1"])
  func budgetsThatAreNoneAreRefused(_ budget: String) throws {
    let result = try Command.swiftfx("propagate", Self.path("unbind_again"), "--budget", budget)
    #expect(result.status == 64)
    #expect(result.errors.contains("'\(budget)'"), "\(result.errors)")
  }

  /// A small program gets few pieces, whatever it asks for.
  @Test(arguments: ["propagate", "explain"]) func piecesAreInProportionToTheProgram(_ command: String) throws
  {
    let result = try Command.swiftfx(command, Self.path("unbind_again"))
    #expect(
      (result.output + result.errors).contains("200000 pieces of 1 dims are more than are left of the 16384"),
      "\(result.errors)")
  }

  /// 9 KB of text, in which each of 18 graphs calls the next one twice.
  @Test func graphsThatCallEachOtherTwiceEnd() throws {
    func graph(_ depth: Int, _ indent: String, _ name: String) -> String {
      let head =
        "\(indent)class \(name)(torch.nn.Module):\n\(indent)    def forward(self, p: \"b8[]\", x: \"f32[4]\"):\n"
      guard depth > 0 else {
        return head + "\(indent)        y = torch.ops.aten.relu.default(x)\n\(indent)        return (y,)\n"
      }
      let lines = [
        "t = self.t", "c = torch.ops.higher_order.cond(p, t, t, (p, x))", "y = c[0]", "return (y,)",
      ]
      return head + lines.map { "\(indent)        \($0)\n" }.joined() + graph(depth - 1, indent + "    ", "t")
    }
    let scratch = try ScratchFolder()
    let text = scratch.url.appendingPathComponent("graph.txt")
    try graph(18, "", "GraphModule").write(to: text, atomically: true, encoding: .utf8)
    let result = try Command.limited(["propagate", text.path])
    #expect(result.status == 1)
    #expect(result.errors.contains("nested graphs take more than"), "\(result.errors)")
  }

  /// The search for the nearest sizes counted only attempts whose sizes have a value.
  @Test func theSearchForNearestSizesEnds() throws {
    let result = try Command.limited(
      ["check", Self.path("nearest_sizes"), "--input", "x=1x1", "--input", "y=15x12"])
    #expect(result.status == 1)
    #expect(result.output.contains("refused"), "\(result.output)")
  }

  @Test func aNameEndsNoComment() throws {
    let source = try Command.swiftfx("check", Self.path("emit_c_trigraph"), "--emit", "c").output
    #expect(!source.contains("??"))
  }

  // Outputs that fail

  @Test func sourceAndJSONDoNotMix() throws {
    #expect(try Command.swiftfx("check", exampleArchive, "--emit", "c", "--json").status == 64)
  }

  @Test(arguments: ["show", "propagate", "explain", "check"]) func aClosedPipeIsNoSignal(
    _ command: String
  ) throws {
    let result = try Command.shell(
      #"("$0" "$1" "$2"; echo $? >&2) | true"#, [Command.executable.path, command, exampleArchive])
    // The reader may have been there still.
    #expect(["74", "0"].contains(result.errors.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  #if os(Linux)
    @Test(arguments: ["show", "propagate", "explain", "check"]) func aFullDiskIsAnExitCode(
      _ command: String
    ) throws {
      let result = try Command.shell(
        #""$0" "$1" "$2" > /dev/full"#, [Command.executable.path, command, exampleArchive])
      #expect(result.status == 74)
      #expect(result.errors.hasPrefix("error: the output cannot be written: "))
    }
  #endif

  @Test func aClosedOutputIsAnExitCode() throws {
    let result = try Command.shell(#""$0" show "$1" >&-"#, [Command.executable.path, exampleArchive])
    #expect(result.status == 74)
  }

  @Test func argumentsSteerNoTerminal() throws {
    for arguments in [
      ["\u{1B}[31m"], ["show", "\u{1B}[31m"], ["explain", exampleArchive, "\u{1B}[31m"],
      ["check", exampleArchive, "--input", "\u{1B}=3"], ["check", exampleArchive, "--emit", "\u{1B}"],
    ] {
      let result = try Command.swiftfx(arguments)
      #expect([64, 65].contains(result.status))
      #expect(!result.errors.contains("\u{1B}"))
    }
  }
}

extension Command {
  /// Runs `swiftfx` with limits on processor time and memory, which end it with a signal.
  ///
  /// The command of a debug build takes about ten times as long as that of a release build.
  fileprivate static func limited(_ arguments: [String]) throws -> Result {
    try shell(
      #"ulimit -t 100; ulimit -c 0; ulimit -v 4000000 2>/dev/null; exec "$0" "$@""#,
      [executable.path] + arguments)
  }

  fileprivate static func shell(_ script: String, _ arguments: [String]) throws -> Result {
    try run(["/bin/sh", "-c", script] + arguments)
  }
}
