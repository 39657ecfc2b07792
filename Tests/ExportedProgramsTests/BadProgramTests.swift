import ExportedPrograms
import Foundation
import TestSupport
import Testing

/// Loading any file returns, or throws an ``ArchiveError`` that says what is wrong and where.
@Suite struct BadProgramTests {
  private static let missingOutput: ProgramText = {
    var text = ProgramText()
    text.order.removeAll { $0 == "outputs" }
    return text
  }()

  @Test func namesANodeThatReadsALaterOne() {
    var text = ProgramText()
    text.nodes = [
      ProgramText.node("y", "torch.ops.aten.relu.default", #"{"as_tensor": {"name": "z"}}"#),
      ProgramText.node("z", "torch.ops.aten.relu.default", #"{"as_tensor": {"name": "x"}}"#),
    ]
    let error = #expect(throws: ArchiveError.self) { try text.load() }
    #expect(error?.kind == .undefinedName("z"))
    #expect(error?.entry == "m/models/model.json")
    #expect(error?.path == "graph_module.graph.nodes[0].inputs[0].arg.as_tensor.name")
  }

  @Test func namesADuplicate() {
    var text = ProgramText()
    text.nodes.append(ProgramText.node("x", "torch.ops.aten.relu.default", #"{"as_tensor": {"name": "y"}}"#))
    let error = #expect(throws: ArchiveError.self) { try text.load() }
    #expect(error?.kind == .duplicateName("x"))
    #expect(error?.path == "graph_module.graph.nodes[1].outputs[0].as_tensor.name")
  }

  @Test func reportsMissingOutputs() {
    let error = #expect(throws: ArchiveError.self) { try Self.missingOutput.load() }
    #expect(error?.kind == .missingKey("outputs"))
  }

  @Test(arguments: [3, 6, 9, 100])
  func refusesUnsupportedSchemaVersions(_ major: Int) {
    var text = ProgramText()
    text.version = #"{"major": \#(major), "minor": 0}"#
    text.inputs = #""a later schema may write anything here""#
    let error = #expect(throws: ArchiveError.self) { try text.load() }
    #expect(error?.kind == .unsupportedSchema(major: major, minor: 0))
    #expect(error?.description.contains(major > 8 ? "newer than this reader" : "2.5 or later") == true)
  }

  @Test func acceptsLaterMinorVersions() throws {
    var text = ProgramText()
    text.version = #"{"major": 8, "minor": 999}"#
    #expect(try text.load().schemaVersion.minor == 999)
  }

  @Test func saysWhatItExpected() {
    var text = ProgramText()
    text.nodes = [ProgramText.node("y", "torch.ops.aten.relu.default", #"{"as_ints": [1, "2"]}"#)]
    let error = #expect(throws: ArchiveError.self) { try text.load() }
    #expect(
      error?.description == """
        m/models/model.json: expected an integer, found a string
          at     graph_module.graph.nodes[0].inputs[0].arg.as_ints[1], byte \(error?.offset ?? 0)
          hint   the program is damaged or was edited; export it again
        """)
  }

  @Test(arguments: [
    "", "null", "[]", "{", "{}", #"{"graph_module": 7}"#,
    #"{"graph_module": {}, "schema_version": {"major": 8}}"#,
    #"{"graph_module": {"graph": {"inputs": [], "nodes": [], "outputs": []}}}"#,
    #"{"schema_version": {"major": 8}}"#,
    #"{"schema_version": {"major": 99999999999999999999}}"#, "\u{0}", "{\"a\": \"\\", "{\"a\": \"\\u",
    "\u{FEFF}{}",
  ])
  func refusesJSONThatIsNotAProgram(_ json: String) {
    #expect(throws: ArchiveError.self) { try ProgramText().load(json) }
  }

  @Test(arguments: [
    #"{}"#, #"{"as_int": 1, "as_float": 2}"#, #"{"as_int": 1.5}"#, #"{"as_int": 9223372036854775808}"#,
    #"{"as_tensor": "x"}"#, #"{"as_tensor": {}}"#, #"{"as_scalar_type": 99}"#, #"{"as_layout": 0}"#,
    #"{"as_float": "x"}"#,
    #"{"as_graph": {"name": "g"}}"#, #"{"as_graph": {"name": "g", "graph": []}}"#,
    #"{"as_sym_int": {"as_name": "q"}}"#,
  ])
  func refusesBrokenArguments(_ json: String) {
    var text = ProgramText()
    text.nodes = [ProgramText.node("y", "torch.ops.aten.relu.default", json)]
    #expect(throws: ArchiveError.self) { try text.load() }
  }

  @Test func stopsAtItsLimits() {
    var depth = ProgramText()
    depth.nodes = [
      ProgramText.node(
        "y", "f", #"{"as_x": \#(String(repeating: "[", count: 600) + String(repeating: "]", count: 600))}"#)
    ]
    #expect(kind { try depth.load() } == .limitExceeded(what: "levels of JSON", limit: 512))

    var rank = ProgramText()
    let size = #"{"as_int": 1}"#
    rank.tensorValues =
      #"{"x": \#(ProgramText.tensor(size).replacing("[\(size)]", with: "[\([String](repeating: size, count: 65).joined(separator: ","))]"))}"#
    #expect(kind { try rank.load() } == .limitExceeded(what: "dimensions of a tensor", limit: 64))

    var limits = ArchiveLimits()
    limits.nodesPerGraph = 2
    #expect(kind { try ProgramText().load(limits) } == .limitExceeded(what: "nodes of a graph", limit: 2))
    limits = ArchiveLimits()
    limits.jsonSize = 10
    #expect(kind { try ProgramText().load(limits) } == .limitExceeded(what: "bytes of JSON", limit: 10))
    limits = ArchiveLimits()
    limits.stringSize = 5_000
    #expect(
      kind { try deep(string: 6_000).load(limits) } == .limitExceeded(what: "bytes in a string", limit: 5_000)
    )
  }

  @Test func limitsTheNestingOfGraphs() {
    var graph = ProgramText().graph
    for _ in 0..<70 {
      var outer = ProgramText()
      outer.nodes = [
        ProgramText.node(
          "y", "torch.ops.higher_order.wrap", #"{"as_graph": {"name": "g", "graph": \#(graph)}}"#)
      ]
      graph = outer.graph
    }
    var text = ProgramText()
    text.nodes = [
      ProgramText.node(
        "y", "torch.ops.higher_order.wrap", #"{"as_graph": {"name": "g", "graph": \#(graph)}}"#)
    ]
    var limits = ArchiveLimits()
    limits.jsonDepth = 10_000
    #expect(kind { try text.load(limits) } == .limitExceeded(what: "levels of graphs", limit: 64))
  }

  @Test(arguments: [(1_000, true), (1_001, false)])
  func limitsTheNestingOfTreespecs(_ depth: Int, _ isAllowed: Bool) {
    let open = #"{"type": "builtins.list", "context": "null", "children_spec": ["#
    let spec = "[1, " + String(repeating: open, count: depth) + String(repeating: "]}", count: depth) + "]"
    let quoted = spec.replacing("\"", with: "\\\"")
    var text = ProgramText()
    text.moduleCalls =
      #"[{"fqn": "", "signature": {"inputs": [], "outputs": [], "in_spec": "\#(quoted)", "out_spec": "[]"}}]"#
    let kind = kind { try text.load() }
    let refusal = ArchiveError.Kind.limitExceeded(what: "levels of JSON", limit: 2_001)
    #expect((kind != refusal) == isAllowed, "\(kind.debugDescription)")
  }

  @Test func refusesDifferentNumbersOfSizesAndStrides() {
    var text = ProgramText()
    text.tensorValues =
      #"{"x": {"dtype": 7, "sizes": [], "strides": [{"as_int": 1}], "storage_offset": {"as_int": 0}}}"#
    #expect(kind { try text.load() } == .inconsistent("0 sizes, but 1 strides"))
  }

  private func deep(string count: Int) -> ProgramText {
    var text = ProgramText()
    text.nodes = [
      ProgramText.node("y", "f", #"{"as_string": "\#(String(repeating: "s", count: count))"}"#)
    ]
    return text
  }

  private func kind(_ body: () throws -> ExportedProgram) -> ArchiveError.Kind? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? ArchiveError)?.kind
    }
  }
}
