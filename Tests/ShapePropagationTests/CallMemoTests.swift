import Testing

@testable import ShapePropagation
@testable import SwiftFX

/// A remembered result equals that of the rule, and is used for no other call.
@Suite struct CallMemoTests {
  /// `x: f32[s0, 4]`, and calls of it, each made twice.
  private func results(_ calls: [(String, [Node.Argument])]) -> [(String, String)] {
    var program = AuthoredProgram()
    var nodes: [(Node, Node)] = []
    for (target, rest) in calls {
      let first = program.call(target, target, [.node(program.x)] + rest)
      let second = program.call(target, target, [.node(program.x)] + rest)
      nodes.append((first, second))
    }
    program.graph.output(.tuple(nodes.flatMap { [.node($0), .node($1)] }))
    let result = program.context.propagate(program.inputs)
    #expect(result.error == nil)
    return nodes.map { (program.text(result.values[$0]), program.text(result.values[$1])) }
  }

  @Test func callsThatDifferInOneConstantAreDistinct() {
    let texts = results([
      ("transpose.int", [0, 1]), ("unsqueeze.default", [0]), ("unsqueeze.default", [1]),
      ("unsqueeze.default", [2]), ("sum.dim_IntList", [.list([0])]), ("sum.dim_IntList", [.list([1])]),
      ("sum.dim_IntList", [.list([0, 1])]), ("sum.dim_IntList", [.list([0]), .bool(true)]),
      ("mul.Scalar", [2]), ("mul.Scalar", [.float(2)]), ("view.default", [.list([-1])]),
    ])
    let expected = [
      "f32[4, s0]", "f32[1, s0, 4]", "f32[s0, 1, 4]", "f32[s0, 4, 1]", "f32[4]", "f32[s0]", "f32[]",
      "f32[1, 4]",
      "f32[s0, 4]", "f32[s0, 4]", "f32[4*s0]",
    ]
    #expect(texts.map(\.0) == expected)
    #expect(texts.map(\.1) == expected)
  }

  @Test func viewsShareTheMemoryOfTheirOwnArgument() throws {
    var program = AuthoredProgram()
    let a = program.call("a = x.clone()", "clone.default", [.node(program.x)])
    let b = program.call("b = x.clone()", "clone.default", [.node(program.x)])
    let viewOfA = program.call("a.t()", "t.default", [.node(a)])
    let viewOfB = program.call("b.t()", "t.default", [.node(b)])
    let same = program.call("a.contiguous()", "contiguous.default", [.node(a)])
    let other = program.call("b.contiguous()", "contiguous.default", [.node(b)])
    program.graph.output(.tuple([viewOfA, viewOfB, same, other].map { .node($0) }))
    let result = program.context.propagate(program.inputs)
    func tensor(_ node: Node) throws -> FakeTensor { try #require(result.values[node]?.tensor) }
    #expect(try tensor(a).storage != tensor(b).storage)
    #expect(try tensor(viewOfA).storage == tensor(a).storage)
    #expect(try tensor(viewOfB).storage == tensor(b).storage)
    #expect(try tensor(same) === tensor(a))
    #expect(try tensor(other) === tensor(b))
  }

  /// A second mask with an unknown number of rows has a different number.
  @Test func freshSymbolsAreCreatedAgain() {
    var program = AuthoredProgram()
    let first = program.call("a = x.clone()", "clone.default", [.node(program.x)])
    let second = program.call("b = x.clone()", "clone.default", [.node(program.x)])
    let counts = [first, second].map { program.call("nonzero", "nonzero.default", [.node($0)]) }
    program.graph.output(.tuple(counts.map { .node($0) }))
    let result = program.context.propagate(program.inputs)
    #expect(program.text(result.values[counts[0]]) != program.text(result.values[counts[1]]))
  }

  /// Results that depend on facts are computed again when there are new facts.
  @Test func newFactsGiveNewResults() {
    var program = AuthoredProgram()
    let size = program.call("n = rows.size(0)", "sym_size.int", [.node(program.rows), 0])
    let before = program.call("rows.view(-1)", "slice.Tensor", [.node(program.rows), 0, 0, 3])
    let condition = program.graph.callFunction("_operator.ge", [.node(size), 3])
    _ = program.graph.callFunction(
      "torch.ops.aten._assert_scalar.default", [.node(condition), .string("at least three")])
    let after = program.call("rows.view(-1)", "slice.Tensor", [.node(program.rows), 0, 0, 3])
    program.graph.output(.tuple([.node(before), .node(after)]))
    let result = program.context.propagate(program.inputs)
    #expect(program.text(result.values[after]) == "f32[3, 4]")
    #expect(program.text(result.values[before]) != "f32[3, 4]")
  }

  /// The facts that a call adds are restored with its result, and only at the step that added them.
  @Test func factsAddedByACallAreRestored() throws {
    var program = AuthoredProgram()
    let other = program.graph.placeholder("y")
    let sum = program.call("x + y", "add.Tensor", [.node(program.x), .node(other)])
    let again = program.call("y + x", "add.Tensor", [.node(program.x), .node(other)])
    program.graph.output(.tuple([.node(sum), .node(again)]))
    let shapes = program.mode.shapes
    let size = shapes.symInt(shapes.createBackedSymbol("s1", hint: .int(8)))
    let inputs = program.inputs + [.tensor(program.mode.tensor([size, 4], dtype: .float32))]
    let context = program.context
    for run in 0..<4 {
      let rules = program.mode.ruleCount
      let result = context.propagate(inputs)
      #expect(result.error == nil)
      #expect(program.text(result.values[sum]) == "f32[s0, 4]")
      #expect(shapes.guards.map { shapes.text(raw: $0.expression) } == ["Eq(s0, s1)"])
      #expect(shapes.guards.map(\.origin.step) == [sum.index])
      #expect(shapes.text(of: size) == "s0")
      // From the third run on, only the mask needs a rule.
      if run > 1 { #expect(program.mode.ruleCount == rules + 1) }
    }
  }

  /// Facts added between two runs are taken into account.
  @Test func newFactsBetweenRunsAreSeen() throws {
    var program = AuthoredProgram()
    let part = program.call("rows[:3]", "slice.Tensor", [.node(program.rows), 0, 0, 3])
    program.graph.output(.tuple([.node(part)]))
    let context = program.context
    let before = context.propagate(program.inputs)
    #expect(program.text(before.values[part]) != "f32[3, 4]")
    let symbol = program.mode.shapes.arena.asSymbol(program.u0)
    program.mode.shapes.narrow(try #require(symbol), to: IntRange(lower: 3, upper: 9))
    for _ in 0..<2 {
      let after = context.propagate(program.inputs)
      #expect(program.text(after.values[part]) == "f32[3, 4]")
    }
  }

  /// A custom rule may depend on anything, so it always runs.
  @Test func customRulesAlwaysRun() throws {
    var program = AuthoredProgram()
    let calls = (0..<3).map { _ in
      program.graph.callFunction("torch.ops.mylib.twice.default", [.node(program.x)])
    }
    program.graph.output(.tuple(calls.map { .node($0) }))
    var table = OperatorTable.aten
    try table.add(schema: "mylib::twice(Tensor x) -> Tensor") { call in
      .tensor(call.mode.tensor(try call.tensor(0).sizes, dtype: .float32))
    }
    let context = PropagationContext(
      GraphModule(program.graph), mode: program.mode, table: table, facts: program.facts)
    for _ in 0..<3 {
      let rules = program.mode.ruleCount
      #expect(context.propagate(program.inputs).error == nil)
      // The custom rules and the mask.
      #expect(program.mode.ruleCount == rules + 4)
    }
  }

  /// An operator that ends gradient tracking does so in every run.
  @Test func detachingIsRepeated() throws {
    var program = AuthoredProgram()
    let weight = program.graph.placeholder("weight")
    let detached = program.call("weight.detach_()", "detach_.default", [.node(weight)])
    let sum = program.call("weight.add_(1)", "add_.Tensor", [.node(detached), 1])
    program.graph.output(.tuple([.node(sum)]))
    let input = program.mode.tensor([3], dtype: .float32)
    input.requiresGrad = true
    let context = program.context
    for _ in 0..<3 {
      let result = context.propagate(program.inputs + [.tensor(input)])
      #expect(result.error == nil)
      #expect(result.values[weight]?.tensor?.requiresGrad == false)
    }
  }

  /// A remembered write is still a write: it clears the tensor's memos in every run.
  @Test func rememberedWritesEndMemos() throws {
    var program = AuthoredProgram()
    let copy = program.call("a = x.clone()", "clone.default", [.node(program.x)])
    let before = program.call("a.nonzero()", "nonzero.default", [.node(copy)])
    let written = program.call("a.relu_()", "relu_.default", [.node(copy)])
    let after = program.call("a.nonzero()", "nonzero.default", [.node(copy)])
    let again = program.call("a.nonzero()", "nonzero.default", [.node(copy)])
    program.graph.output(.tuple([before, written, after, again].map { .node($0) }))
    let context = program.context
    for run in 0..<3 {
      let rules = program.mode.ruleCount
      let result = context.propagate(program.inputs)
      #expect(program.text(result.values[before]) != program.text(result.values[after]))
      #expect(program.text(result.values[again]) == program.text(result.values[after]))
      #expect(result.values[written]?.tensor === result.values[copy]?.tensor)
      #expect(result.values[copy]?.tensor?.wasWritten == true)
      // After the first run, only the mask and the elements need rules.
      if run > 0 { #expect(program.mode.ruleCount == rules + 4) }
    }
  }

  /// A tensor that was written to is a different argument.
  @Test func writesAreSeen() {
    var program = AuthoredProgram()
    let copy = program.call("a = x.clone()", "clone.default", [.node(program.x)])
    let before = program.call("a.t()", "t.default", [.node(copy)])
    let written = program.call("a.unsqueeze_(0)", "unsqueeze_.default", [.node(copy), 0])
    let after = program.call("a.squeeze(0)", "squeeze.dim", [.node(written), 0])
    let size = program.call("a.size(0)", "sym_size.int", [.node(copy), 0])
    program.graph.output(.tuple([before, after, size].map { .node($0) }))
    let result = program.context.propagate(program.inputs)
    #expect(program.text(result.values[after]) == "f32[s0, 4]")
    #expect(program.text(result.values[size]) == "1")
  }
}
