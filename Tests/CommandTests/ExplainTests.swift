import Foundation
import Testing

/// `swiftfx explain` as a process.
@Suite struct ExplainTests {
  private func explain(_ archive: String, _ arguments: String...) throws -> Command.Result {
    try Command.swiftfx(["explain", archive] + arguments)
  }

  /// The texts of a section.
  private func texts(_ object: JSONObject, _ section: String) throws -> [String] {
    let sections = try #require(object["sections"] as? JSONObject)
    return (sections[section] as? [JSONObject] ?? []).compactMap { $0["text"] as? String }
  }

  // Symbols

  @Test func saysWhereASymbolComesFrom() throws {
    let result = try explain(exampleArchive, "u0")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("u0   an unbacked (data-dependent) size, 0 … ∞\n"))
    for line in [
      "  born at     where[0].size()[0]   aten.where   where, unb1.py:413\n"
        + "                tok, k = torch.where(idx == i)\n",
      "  range       >= 0   the archive says so\n",
      "  checked by  u0 >= 0   _assert_scalar_default, unb1.py:413\n",
      "  index   f32[u0, 16]   aten.index.Tensor\n",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
    #expect(result.width <= 80)
  }

  @Test func showsEveryShapeOnRequest() throws {
    let short = try Command.narrow("explain", exampleArchive, "s77")
    #expect(short.output.contains("more, --all shows them"))
    let all = try Command.narrow("explain", exampleArchive, "s77", "--all")
    #expect(!all.output.contains("more, --all shows them"))
    // A pipe has no width.
    #expect(try !explain(exampleArchive, "s77").output.contains("more, --all shows them"))
    #expect(all.output.contains("view   f32[s77, s27, 16]"))
  }

  @Test func writesASymbolAsJSON() throws {
    let object = try explain(exampleArchive, "u0", "--json").object()
    #expect(object["kind"] as? String == "symbol")
    #expect(object["subject"] as? String == "u0")
    #expect(try texts(object, "read as") == ["tok.shape[0]"])
    #expect(try texts(object, "range") == [">= 0"])
    let sections = try #require(object["sections"] as? JSONObject)
    let birth = try #require((sections["born at"] as? [JSONObject])?.first?["place"] as? JSONObject)
    #expect(birth["node"] as? String == "where")
    #expect((birth["source"] as? JSONObject)?["line"] as? Int == 413)
    #expect(try texts(object, "shapes").contains("index   f32[u0, 16]"))
  }

  /// A range has a reason for each bound.
  @Test func givesTheReasonsOfARange() throws {
    let result = try explain(example("tracks"), "u0")
    #expect(result.status == 0)
    #expect(result.output.contains("<= 256   aten.index.Tensor demands it   index, tracks.py:18\n"))
  }

  /// A symbol that a run renames in a nested graph is found under its name in the archive, with all uses.
  @Test func knowsSymbolsOfNestedGraphs() throws {
    let result = try explain(fixture("branches"), "u0")
    for line in [
      "u0   an unbacked (data-dependent) size, 0 … 64\n",
      "  other names u6   this run's name   true_graph_0.index",
      "  born at     true_graph_0.index.size()[0]   aten.index.Tensor\n",
      "  shapes      true_graph_0.index   f32[u0]   aten.index.Tensor\n",
      "  note        a run stops at 3 findings; ",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
  }

  /// Sizes of other inputs that follow from a symbol.
  @Test func listsDerivedInputSizes() throws {
    let result = try explain(example("attention"), "s33")
    for name in ["k", "v", "m"] {
      #expect(result.output.contains("\(name).size()[0] == s33   input \(name), dim 0\n"), "\(name)")
    }
    #expect(!result.output.contains("q.size()[0] == s33"))
  }

  // Constants

  @Test func saysWhySizesAreConstant() throws {
    for arguments in [[], ["x"]] {
      let result = try Command.swiftfx(["explain", exampleArchive] + arguments)
      #expect(
        result.output.contains(
          "  constant    x.shape[2] = 16   guard Eq(16, x.shape[2])   reshape, unb1.py:407\n"),
        "\(result.output)")
    }
    let object = try explain(example("tracks"), "--json").object()
    #expect(try texts(object, "constant") == ["positions.shape[1] = 2"])
  }

  // Nodes

  @Test func showsTheArgumentsAndTheResultOfANode() throws {
    let result = try explain(exampleArchive, "index_add_3")
    #expect(result.status == 0, "\(result.errors)")
    for line in [
      "index_add_3   aten.index_add\n", "  value       f32[s27*s77, 16], strides [16, 1]\n",
      "  given       index_add_2   f32[s27*s77, 16]   aten.index_add\n", "  used by     view   aten.view\n",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
    let object = try explain(exampleArchive, "index_add_3", "--json").object()
    #expect(object["kind"] as? String == "node")
    #expect(try texts(object, "given").count == 3)
  }

  @Test func knowsNodesOfNestedGraphs() throws {
    let result = try explain(fixture("branches"), "true_graph_0.fft_rfft")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("true_graph_0.fft_rfft   aten.fft_rfft\n"))
    #expect(result.output.contains("  given       index   f32[u0]   aten.index.Tensor\n"))
  }

  // Expressions

  @Test func anOpenConditionHasAnExampleForEitherAnswer() throws {
    let object = try explain(exampleArchive, "u0 <= s27*s77", "--json").object()
    #expect(try texts(object, "it is") == ["open"])
    for (section, expected) in [("True for", true), ("False for", false)] {
      let text = try #require(try texts(object, section).first)
      let pairs = text.components(separatedBy: ", ").map { $0.components(separatedBy: " = ") }
      let values = Dictionary(
        uniqueKeysWithValues: pairs.compactMap { pair in Int(pair[1]).map { (pair[0], $0) } })
      let (u0, s27, s77) = try (
        #require(values["u0"]), #require(values["s27"]), #require(values["s77"])
      )
      #expect((u0 <= s27 * s77) == expected, "\(text)")
      #expect(u0 >= 0 && s27 >= 2 && s77 >= 2)
    }
  }

  @Test(arguments: [("u0 >= 0", "True"), ("u0 < 0", "False"), ("(u0//4)*4 <= u0", "True")])
  func aKnownConditionHasAReason(_ condition: String, _ truth: String) throws {
    let result = try explain(exampleArchive, condition)
    #expect(result.status == 0)
    #expect(result.output.contains("  it is       \(truth)   "), "\(result.output)")
    #expect(result.output.contains("  because     follows from"), "\(result.output)")
  }

  @Test func aNumberHasARange() throws {
    let result = try explain(exampleArchive, "2*u0 + 1")
    #expect(result.output.hasPrefix("2*u0 + 1   a number\n"))
    #expect(result.output.contains("  range       1 … ∞   from the ranges of its symbols\n"))
    #expect(result.output.contains("  in Python   2 * tok.shape[0] + 1\n"))
  }

  // Programs

  @Test(arguments: ["moe_routing", "attention", "tracks"])
  func listsTheSymbolsOfAProgram(_ name: String) throws {
    let result = try Command.narrow("explain", example(name))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("\(name)   PyTorch 2.13.0"))
    #expect(result.output.contains("  symbols     "))
    #expect(result.width <= 80)
    let object = try explain(example(name), "--json").object()
    #expect(object["kind"] as? String == "program")
    #expect(try !texts(object, "symbols").isEmpty)
  }

  /// Every data-dependent decision is reported, and everything known after it.
  @Test func explainsAProgramPastItsFirstOpenDecision() throws {
    let result = try explain(example("tracks"))
    #expect(
      result.output.contains("  findings    depends on data: kept.shape[0] < 4   fft_rfft, tracks.py:20\n"))
    #expect(result.output.contains("depends on data: n >= 1   fft_rfft_1, tracks.py:24\n"))
    #expect(result.output.contains("  asserts     0 <= u1   narrow, tracks.py:24\n"))
  }

  // What cannot be a subject

  @Test(arguments: [
    ("u99", "u0"), ("s7", "s77"), ("indx", "index"), ("index_add_33", "index_add_3"), ("U0", "u0"),
    ("u00 <= s77", "u0"),
  ])
  func suggestsTheNearestNames(_ subject: String, _ nearest: String) throws {
    for extra in [[], ["--json"]] {
      let result = try Command.swiftfx(["explain", exampleArchive, subject] + extra)
      #expect(result.status == 64)
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("error: the program has no symbol or node '"), "\(result.errors)")
      let hint = result.errors.components(separatedBy: "did you mean ").last ?? ""
      #expect(
        hint.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains(nearest[...]), "\(result.errors)")
    }
  }

  @Test(arguments: [
    "", " ", "u0 +", "(((((", "-", "u0 ** 99999999", "u0 u1", "__import__('os')", "u0.__class__", "🙂",
    "u0 == 🙂", "\u{1B}[31m", "lambda: 0", "u0 and u1", "9223372036854775808",
    "u0 * 9223372036854775807 * 9223372036854775807", "u0 // 0", "1 % 0",
    String(repeating: "(", count: 30_000), String(repeating: "Not(", count: 10_000) + "u0",
    String(repeating: "x", count: 50_000), "true_graph_0.", ".", "../../etc/passwd",
  ])
  func whatCannotBeExplainedIsWrongUsage(_ subject: String) throws {
    let result = try Command.swiftfx(["explain", exampleArchive, "--", subject])
    #expect(result.status == 64, "\(result.output)")
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.count < 1_000)
  }

  @Test func anUnreadableArchive() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Array("not a zip".utf8), as: "text.pt2")
    #expect(try explain(path, "u0").status == 65)
  }
}
