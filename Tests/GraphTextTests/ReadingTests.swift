import ATenOperators
import ExportedPrograms
import FX
import FaceComparison
import FakeTensors
import Foundation
import GraphText
import ShapePropagation
import SymbolicShapes
import Testing

/// Graphs from texts, and texts from graphs.
@Suite struct ReadingTests {
  @Test func samplesAreThere() { #expect(TextSample.all.count == 19) }

  /// Nodes, values and bindings are those of PyTorch.
  @Test(arguments: TextSample.all)
  func agreesWithPyTorch(_ sample: TextSample) throws {
    let programs = try sample.document().programs
    #expect(programs.count == sample.golden.count)
    for (program, golden) in zip(programs, sample.golden) {
      let (fake, _) = try FakeProgram.withExampleSizes(program.exported, table: .aten)
      let result = fake.context(table: .aten).propagate(fake.inputs)
      #expect(result.error == nil)
      let found = FoundLines(program: fake, result: result).lines
      #expect(withNumberedSymbols(found) == withNumberedSymbols(golden.map(Self.ourNames)))
    }
  }

  /// The golden's names of Python's functions are `getattr` and the like.
  private static func ourNames(_ line: String) -> String {
    line.replacingOccurrences(of: " call_function getattr", with: " call_function builtins.getattr")
  }

  /// The engine and the open classes answer alike on graphs above ATen, too.
  @Test(arguments: TextSample.all)
  func facesAgree(_ sample: TextSample) throws {
    for program in try sample.document().programs {
      let (fake, _) = try FakeProgram.withExampleSizes(program.exported, table: .aten)
      let comparison = try FaceComparison(fake.exported)
      #expect(comparison.differences == [])
      #expect(!comparison.bothFail)
    }
  }

  /// A graph that a constructor makes twice is one subgraph under two names.
  @Test func aGraphMayBeMadeTwice() throws {
    let document = try GraphDocument(
      """
      class branch_0(torch.nn.Module):
          def forward(self, x: "f32[4]"):
              neg: "f32[4]" = torch.ops.aten.neg.default(x)
              return (neg,)

      class GraphModule(torch.nn.Module):
          def __init__(self):
              super().__init__()
              self.a = branch_0()
              self.b = branch_0()

          def forward(self, g: "b8[]", x: "f32[4]"):
              a = self.a
              b = self.b
              cond = torch.ops.higher_order.cond(g, a, b, (x,))
              return (cond,)
      """)
    let program = try #require(document.programs.first)
    #expect(document.programs.count == 1)
    for name in ["a", "b"] {
      #expect(program.exported.graphModule.submodule(at: name)?.graph.findNodes(.callFunction).count == 1)
    }
  }

  /// Integers as keys of dictionaries, in both forms in which PyTorch prints the graph.
  @Test func dictionariesMayHaveIntegerKeys() throws {
    let listing = """
      graph():
          %x : [num_users=1] = placeholder[target=x]
          %relu : [num_users=2] = call_function[target=torch.relu](args = ({1: %x, a: 2},), kwargs = {k: {-3: %x}})
          %getitem : [num_users=1] = call_function[target=operator.getitem](args = (%relu, 1), kwargs = {})
          return {0: getitem, 'b': relu}
      """
    let code = """
      def forward(self, x):
          relu = torch.relu({1: x, 'a': 2}, k = {-3: x});  x = None
          getitem = relu[1]
          return {0: getitem, 'b': relu}

      """
    for text in [listing, code] {
      let module = try #require(try GraphDocument(text).programs.first).exported.graphModule
      #expect("\(module.graph)" == listing)
      #expect(module.code == code)
    }
  }

  /// `str(graph)` of what was read is what was read.
  @Test(arguments: ["listing_pad.txt", "listing_item.txt"])
  func listingIsIdentity(_ name: String) throws {
    let sample = try TextSample.named(name)
    let program = try #require(try sample.document().programs.first)
    #expect("\(program.exported.graphModule.graph)" == sample.text.trimmingNewlines)
  }

  /// The code of what was read is what was read.
  @Test func readableIsIdentity() throws {
    let sample = try TextSample.named("readable_plain.txt")
    let program = try #require(try sample.document().programs.first)
    let fake = try FakeProgram(program.exported)
    let code = program.exported.graphModule.readable(
      annotation: { path, node in
        guard let value = fake.recordedValue(of: node, in: path), value.elements == nil else { return nil }
        return fake.shapes.shortText(of: value).map { value.tensor == nil ? "Sym(\($0))" : $0 }
      })
    #expect(code.trimmingNewlines == sample.text.trimmingNewlines)
  }

  @Test func readsOneGraph() throws {
    let text = """
      graph():
          %x : [num_users=1] = placeholder[target=x]
          %add : [num_users=1] = call_function[target=torch.ops.aten.add.Tensor](args = (%x, 1), kwargs = {})
          return (add,)
      """
    #expect("\(try GraphModule(text: text).graph)" == text)
    #expect(throws: TextError.self) { try GraphModule(text: text + "\n" + text) }
  }

  /// Events apply to the graphs of their compilation.
  @Test func eventsGiveRanges() throws {
    let document = try TextSample.named("events.txt").document()
    let environment = try #require(document.environments.first)
    #expect(environment.compileID == "0/0")
    let symbol = try #require(environment.symbol("s77"))
    #expect(symbol.lower == 2)
    #expect(symbol.source == "L['x'].size()[0]")
  }

  @Test func hintsComeFromRunnables() throws {
    let program = try #require(try TextSample.named("runnable_routing.py").document().programs.first)
    let expressions = program.exported.expressions
    let hints = expressions.ids.filter { expressions.text(of: $0) == "s77" }.map { expressions.hint(of: $0) }
    #expect(hints == [.int(10)])
    #expect(program.exported.torchVersion == "2.13.0+cpu")
  }

  /// A listing of a megabyte.
  @Test func longTextsAreRead() throws {
    var lines = ["graph():", "    %n0 : [num_users=1] = placeholder[target=n0]"]
    for number in 1...10_000 {
      lines.append(
        "    %n\(number) : [num_users=1] = call_function[target=torch.ops.aten.relu.default](args = (%n\(number - 1),), kwargs = {})"
      )
    }
    lines.append("    return n10000")
    let module = try GraphModule(text: lines.joined(separator: "\n"))
    #expect(module.graph.nodes.count == 10_002)
  }
}

extension String {
  fileprivate var trimmingNewlines: String {
    var text = self
    while text.last?.isNewline ?? false { text.removeLast() }
    return text
  }
}
