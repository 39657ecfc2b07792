import ATenOperators
import ExportedPrograms
import FX
import Foundation
import GraphText
import ProgramPasses
import ShapePropagation
import Testing

@Suite struct ReinplaceTests {
  /// A graph before and after `torch.fx.passes.reinplace` of PyTorch 2.13.
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var before: String
    var after: String
    var testDescription: String { name }
  }

  private static let goldens: [Golden] = {
    guard
      let url = Bundle.module.url(forResource: "reinplace", withExtension: "json", subdirectory: "Goldens"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode([Golden].self, from: data)) ?? []
  }()

  private static func reinplaced(_ text: String) throws -> Graph {
    var program = try #require(try GraphDocument(text).programs.first).exported
    try program.apply([.reinplace], operators: .aten)
    return program.graphModule.graph
  }

  private static func program(_ lines: String...) -> String {
    "class GraphModule(torch.nn.Module):\n    def forward(self, x: \"f32[4, 4][4, 1]cpu\"):\n"
      + lines.map { "        \($0)\n" }.joined()
  }

  @Test func thereAreGoldens() { #expect(Self.goldens.count == 14) }

  @Test(arguments: goldens)
  func writesWherePyTorchWrites(golden: Golden) throws {
    #expect("\(try Self.reinplaced(golden.before))" == golden.after)
  }

  /// PyTorch puts the value back although it has other strides.
  @Test func aViewThatNeedsTheStridesKeepsThem() throws {
    let graph = try Self.reinplaced(
      Self.program(
        #"a: "f32[4, 4][4, 1]cpu" = torch.ops.aten.sin.default(x)"#,
        #"d: "f32[4][5]cpu" = torch.ops.aten.diagonal.default(a)"#,
        #"b: "f32[4][1]cpu" = torch.ops.aten.cos.default(d)"#,
        #"c: "f32[2, 2][2, 1]cpu" = torch.ops.aten.view.default(b, [2, 2])"#, "return (c,)"))
    let cosine = try #require(graph.node(named: "b"))
    #expect(graph.target(of: cosine) == "torch.ops.aten.cos.default")
  }

  /// PyTorch drops the scatter although it puts something else back.
  @Test func aScatterOfAnotherValueStays() throws {
    let graph = try Self.reinplaced(
      Self.program(
        #"a: "f32[4, 4][4, 1]cpu" = torch.ops.aten.sin.default(x)"#,
        #"s: "f32[4][1]cpu" = torch.ops.aten.select.int(a, 0, 1)"#,
        #"b: "f32[4][1]cpu" = torch.ops.aten.cos.default(s)"#,
        #"o: "f32[4][1]cpu" = torch.ops.aten.select.int(x, 0, 2)"#,
        #"w: "f32[4, 4][4, 1]cpu" = torch.ops.aten.select_scatter.default(a, o, 0, 1)"#, "return (w, b)"))
    let cosine = try #require(graph.node(named: "b"))
    #expect(graph.target(of: cosine) == "torch.ops.aten.cos.default")
    #expect(!graph.findNodes(.callFunction, target: "torch.ops.aten.copy_.default").isEmpty)
  }

  /// Only half of what was computed is put back.
  @Test func aScatterOfAPartStays() throws {
    let graph = try Self.reinplaced(
      Self.program(
        #"a: "f32[4, 4][4, 1]cpu" = torch.ops.aten.sin.default(x)"#,
        #"b: "f32[4, 4][4, 1]cpu" = torch.ops.aten.cos.default(a)"#,
        #"s: "f32[4][1]cpu" = torch.ops.aten.select.int(b, 0, 1)"#,
        #"w: "f32[4, 4][4, 1]cpu" = torch.ops.aten.select_scatter.default(a, s, 0, 1)"#, "return (w,)"))
    let cosine = try #require(graph.node(named: "b"))
    #expect(graph.target(of: cosine) == "torch.ops.aten.cos.default")
  }

  @Test func aGraphThatWritesIsRefused() throws {
    let text = Self.program(
      #"a: "f32[4, 4][4, 1]cpu" = torch.ops.aten.sin.default(x)"#,
      #"b: "f32[4, 4][4, 1]cpu" = torch.ops.aten.add_.Tensor(a, 1)"#, "return (b,)")
    let failure = #expect(throws: (any Error).self) { try Self.reinplaced(text) }
    #expect("\(failure as Any)".contains("node 'b' writes already; functionalize the program first"))
  }

  /// The values of a real program are derived again, and symbols keep their names.
  @Test func theResultCanBeSaved() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples")
    var program = try ExportedProgram(path: folder.appending(path: "moe_routing.pt2").path)
    try program.apply([.functionalize, .reinplace], operators: .aten)
    let writes = program.graphModule.graph.findNodes(.callFunction).filter {
      program.graphModule.graph.target(of: $0).text.contains("_.")
    }
    #expect(!writes.isEmpty)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pt2").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try program.save(to: path)
    let fake = try FakeProgram(ExportedProgram(path: path))
    #expect(fake.context(table: .aten).propagate(fake.inputs).error == nil)
  }
}
