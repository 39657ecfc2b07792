import SwiftFX
import Testing

/// Integers that the author passes: an archive says of each symbol what is assumed of it.
@Suite struct NumbersOfInputsTests {
  /// The range of `k` begins at 0, and PyTorch assumes nothing of its sign.
  ///
  /// Expected texts were recorded from `PropagateUnbackedSymInts` of PyTorch 2.13.
  @Test(arguments: [
    ("sym_max", "Max(0, s16)"), ("sym_max_1", "Max(1, s16)"), ("ge", "s16 >= 0"),
    ("add_1", "Max(0, s16) + 1"), ("mod", "Mod(s16, 3)"),
  ])
  func anArgumentIsNotTakenForPositive(_ node: String, _ expected: String) throws {
    let golden = try #require(CorpusGolden.all.first { $0.name == "symint_arguments_213" })
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let result = program.context(table: .aten).propagate(program.inputs)
    let graph = program.exported.graphModule.graph
    let value = try #require(result.values[graph.node(named: node) ?? Node(index: 0)])
    #expect(program.shapes.annotation(of: value) == "Sym(\(expected))")
    for symbol in program.shapes.symbols {
      let isPositive = program.shapes.arena.assumptions(of: symbol).contains(.positive)
      #expect(isPositive == (program.shapes.arena.name(of: symbol) == "s77"))
    }
  }

  /// A text does not say what is assumed: only sizes of tensors are positive.
  @Test func aTextSaysItByItsSizes() throws {
    let text = """
      def forward(self, x: "f32[s77, 4]", k: "Sym(s16)"):
          sym_max = torch.sym_max(k, 1);  k = None
          sym_size: "Sym(s77)" = torch.ops.aten.sym_size.int(x, 0);  x = None
          sym_max_1 = torch.sym_max(sym_size, 0);  sym_size = None
          return (sym_max, sym_max_1)
      """
    let document = try GraphDocument(text)
    let program = try FakeProgram(try #require(document.programs.first).exported)
    let result = program.context(table: .aten).propagate(program.inputs)
    let graph = program.exported.graphModule.graph
    let texts = ["sym_max", "sym_max_1"].map { name in
      graph.node(named: name).flatMap { result.values[$0] }.flatMap { program.shapes.shortText(of: $0) }
    }
    #expect(texts == ["Max(1, s16)", "s77"])
  }
}
