import SwiftFX
import Testing

/// Contradictory checks of a program: the error names both, with their source lines.
@Suite struct ConflictTests {
  /// `rows = x[mask]` and checks of its number of rows, each with a source line.
  private func failure(_ checks: (code: String, target: String, number: Int)...) -> PropagationError? {
    var program = AuthoredProgram()
    let rows = program.call("n = rows.shape[0]", "sym_size.int", [.node(program.rows), .int(0)])
    for (code, target, number) in checks {
      let condition = program.graph.callFunction(
        Node.Target("_operator.\(target)"), [.node(rows), .int(number)])
      _ = program.call(code, "_assert_scalar.default", [.node(condition), .string("no: \(code)")])
    }
    program.graph.output(.node(program.rows))
    return program.context.propagate(program.inputs).error
  }

  @Test func twoContradictoryChecks() throws {
    let error = try #require(
      failure(("torch._check(n >= 5)", "ge", 5), ("torch._check(n < 3)", "lt", 3)))
    let conflict = try #require(error.conflict)
    #expect(conflict.condition == "u0 < 3")
    #expect(conflict.provenance?.place == "model.py:13")
    #expect(conflict.isProved)
    #expect(conflict.known.map(\.text) == ["5 <= u0"])
    #expect(conflict.known.map(\.because) == ["assert"])
    #expect(conflict.known.first?.provenance?.place == "model.py:12")
    let text = error.description
    #expect(text.contains("check  u0 < 3   _assert_scalar_default_1, model.py:13"))
    #expect(text.contains("known  5 <= u0   assert   _assert_scalar_default, model.py:12"))
  }

  @Test func aCheckAgainstTheRangeThatTheProgramDeclares() throws {
    let error = try #require(failure(("torch._check(n < 0)", "lt", 0)))
    #expect(error.conflict?.known.map(\.text) == ["u0 >= 0"])
    #expect(error.description.contains("known  u0 >= 0   the archive says so"))
  }

  @Test func aSurveyReportsItToo() throws {
    var program = AuthoredProgram()
    let rows = program.call("n = rows.shape[0]", "sym_size.int", [.node(program.rows), .int(0)])
    let condition = program.graph.callFunction("_operator.lt", [.node(rows), .int(0)])
    let check = program.call(
      "torch._check(n < 0)", "_assert_scalar.default", [.node(condition), .string("no")])
    let survey = program.survey(returning: check)
    let details = try #require(survey.findings.first).details.map(\.description)
    #expect(details.contains("known  u0 >= 0   the archive says so"))
  }

  @Test func aRefusalWithoutSymbolsHasNoConflict() {
    var program = AuthoredProgram()
    let product = program.call("y = x @ x", "mm.default", [.node(program.x), .node(program.x)])
    program.graph.output(.node(product))
    let error = program.context.propagate(program.inputs).error
    #expect(error != nil)
    #expect(error?.description.contains("no value satisfies it") == false)
  }
}
