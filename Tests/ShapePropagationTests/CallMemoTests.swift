import Testing

@testable import ShapePropagation
@testable import SwiftFX

/// A remembered result is what the rule would give, and stands for no other call.
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

  @Test func callsThatDifferInOneConstantAreTold() {
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

  /// The second mask of an unknown number of rows is one of another number.
  @Test func freshSymbolsAreMadeAnew() {
    var program = AuthoredProgram()
    let first = program.call("a = x.clone()", "clone.default", [.node(program.x)])
    let second = program.call("b = x.clone()", "clone.default", [.node(program.x)])
    let counts = [first, second].map { program.call("nonzero", "nonzero.default", [.node($0)]) }
    program.graph.output(.tuple(counts.map { .node($0) }))
    let result = program.context.propagate(program.inputs)
    #expect(program.text(result.values[counts[0]]) != program.text(result.values[counts[1]]))
  }

  /// What follows from facts is asked again when there are new ones.
  @Test func newFactsAreNewAnswers() {
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

  /// A tensor that was written to is another thing.
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
