import SwiftFX
import Testing

/// One run finds every data-dependent decision of a program, and checks settle them.
@Suite struct SurveyTests {
  @Test func aProgramWithoutQuestionsHasNoFindings() {
    var program = AuthoredProgram()
    let sum = program.call("y = rows.sum()", "sum.default", [.node(program.rows)])
    let survey = program.survey(returning: sum)
    #expect(survey.findings.isEmpty)
    #expect(survey.checks.isEmpty)
  }

  @Test func aDecisionIsExplained() throws {
    var program = AuthoredProgram()
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    let survey = program.survey(returning: steps)
    let finding = try #require(survey.findings.first)
    #expect(survey.findings.count == 1)
    #expect(finding.kind == .decision)
    #expect(finding.provenance?.nodeName == "diff_default")
    #expect(finding.provenance?.frame?.code == "steps = torch.diff(rows, n=2)")
    let question = try #require(finding.question)
    #expect(question.written == "2 > u0")
    #expect(question.inAuthorsNames == "2 > rows.shape[0]")
    let symbol = try #require(question.symbols.first)
    #expect(symbol.birth?.nodeName == "index_tensor")
    #expect(symbol.range == "0 … 64")
    #expect(symbol.facts.map(\.text) == [">= 0", "<= 64"])
    let fix = try #require(question.fixes.first)
    #expect(fix.code == "torch._check(rows.shape[0] >= 2)")
    #expect(fix.place?.place == "model.py:10")
    #expect(fix.outcome == .reachesEnd)
    #expect(survey.checks.map(\.code) == [fix.code])
    #expect(survey.remaining.isEmpty)
  }

  /// `torch._check(rows.shape[0] >= 2)` refuses 0 and 1 rows of at most 64, `< 2` all others.
  @Test func aFixSaysWhatItForbids() throws {
    var program = AuthoredProgram()
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    let question = try #require(program.survey(returning: steps).findings.first?.question)
    #expect(question.fixes.map(\.forbids) == ["rows.shape[0] = 0 … 1", "rows.shape[0] = 2 … 64"])
    var other = AuthoredProgram()
    let step = other.call("step = torch.diff(rows)", "diff.default", [.node(other.rows), 1, 0])
    let first = try #require(other.survey(returning: step).findings.first)
    #expect(first.question?.fixes.first?.forbids == "rows.shape[0] = 0, an empty rows")
    #expect(
      first.text(tellsContinuation: false).contains(
        "\n             forbids rows.shape[0] = 0, an empty rows\n"))
  }

  /// Pairs of rows are all rows if their number is even, which settles whether the two have equal sizes.
  @Test func divisibilityIsProposedAsAFix() throws {
    var program = AuthoredProgram()
    let count = program.call("n = rows.shape[0]", "sym_size.int", [.node(program.rows), 0])
    let half = program.graph.callFunction("_operator.floordiv", [.node(count), 2])
    let even = program.graph.callFunction("_operator.mul", [.node(half), 2])
    let pairs = program.call(
      "pairs = torch.zeros(n // 2 * 2, 4)", "zeros.default", [.list([.node(even), 4])])
    let found = program.call(
      "torch.searchsorted(rows, pairs)", "searchsorted.Tensor", [.node(program.rows), .node(pairs)])
    let survey = program.survey(returning: found)
    let question = try #require(survey.findings.first?.question)
    let fixes = question.fixes.filter { $0.code == "torch._check(n % 2 == 0)" }
    #expect(fixes.map(\.outcome) == [.reachesEnd], "\(question.fixes.map(\.code))")
  }

  /// Lines are cut only at a width that is asked for.
  @Test func linesAreCutOnRequest() throws {
    var program = AuthoredProgram()
    let code = "steps = torch.diff(rows, n=2)  # a long remark that goes on and on and on and on and on"
    let steps = program.call(code, "diff.default", [.node(program.rows), 2, 0])
    let finding = try #require(program.survey(returning: steps).findings.first)
    #expect(finding.text(tellsContinuation: true).contains(code))
    let narrow = finding.text(tellsContinuation: true, columns: 60)
    #expect(!narrow.contains(code))
    #expect(narrow.contains("…"))
    for line in narrow.split(separator: "\n") where line.contains("…") && line.contains("steps") {
      #expect(line.count <= 60, "\(line)")
    }
  }

  @Test func counterexamplesTakeBothBranches() throws {
    var program = AuthoredProgram()
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    let question = try #require(program.survey(returning: steps).findings.first?.question)
    guard case .example(let holds) = question.whenTrue, case .example(let fails) = question.whenFalse else {
      Issue.record("both branches have examples")
      return
    }
    #expect(holds.map(\.name) == ["u0"])
    #expect(Int(holds[0].value).map { 2 > $0 } == true)
    #expect(Int(fails[0].value).map { 2 > $0 } == false)
  }

  /// Two nodes ask the same question; one check settles both, and both are reported.
  @Test func allSitesAreFound() throws {
    var program = AuthoredProgram()
    let one = program.call("a = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    let two = program.call("b = torch.diff(rows, n=3)", "diff.default", [.node(program.rows), 3, 0])
    let survey = program.survey(returning: one, two)
    #expect(survey.findings.compactMap(\.question?.written) == ["2 > u0", "3 > u0"])
    let last = try #require(survey.findings.last?.question?.fixes.first)
    #expect(last.code == "torch._check(rows.shape[0] >= 3)")
    #expect(last.outcome == .reachesEnd)
    #expect(Set(last.settles) == Set(survey.findings.map(\.identifier)))
    let first = try #require(survey.findings.first?.question?.fixes.first)
    #expect(first.outcome == .settles(next: "diff_default_1, model.py:12: 3 > u0"))
    #expect(survey.remaining.isEmpty)
  }

  /// The fixes of a finding work when they are written into the program.
  @Test func theCheckSettlesARun() throws {
    var program = AuthoredProgram()
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    program.graph.output(.node(steps))
    let context = program.context
    #expect(context.propagate(program.inputs).error?.isDataDependent == true)
    let atLeastTwo = program.mode.shapes.arena.ge(program.u0, program.mode.shapes.arena.integer(2))
    var options = PropagationOptions()
    options.checks = [
      PropagationCheck(condition: atLeastTwo, after: ShapeEnv.Origin(step: program.rows.index))
    ]
    let result = context.propagate(program.inputs, options: options)
    #expect(result.error == nil)
    #expect(program.text(result.values[steps]) == "f32[u0 - 2, 4]")
    let learnt = program.mode.shapes.history.last { learning in
      if case .range(_, let range) = learning.fact { range.lower == 2 } else { false }
    }
    #expect(learnt?.reason.kind == .runtimeAssert)
    #expect(context.provenance(of: learnt?.reason.origin ?? .input)?.node == program.rows)
    // Without the check nothing has changed.
    #expect(context.propagate(program.inputs).error?.isDataDependent == true)
  }

  @Test func aSurveyDoesNotChangeARun() {
    var program = AuthoredProgram()
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    program.graph.output(.node(steps))
    let context = program.context
    let first = context.survey(program.inputs)
    let between = context.propagate(program.inputs)
    let second = context.survey(program.inputs)
    #expect(between.error?.isDataDependent == true)
    #expect(first.findings.map(\.description) == second.findings.map(\.description))
    #expect(program.text(second.propagation.values[steps]) == "f32[u0 - 2, 4]")
  }

  @Test func anUnbackedNumber() throws {
    var program = AuthoredProgram()
    let parts = program.call("parts = rows.unbind()", "unbind.int", [.node(program.rows), 0])
    let survey = program.survey(returning: parts)
    #expect(survey.findings.first?.question?.written == "Eq(u0, 0)")
    let finding = try #require(survey.findings.last)
    #expect(finding.kind == .integer)
    #expect(finding.question?.written == "u0")
    let fix = try #require(finding.question?.fixes.first)
    #expect(fix.condition.hasPrefix("Eq(u0, "))
    #expect(fix.code.hasPrefix("torch._check(rows.shape[0] == "))
    #expect(fix.outcome == .reachesEnd)
  }

  /// When the typical answer fails, the other one is tried.
  @Test func theAnswerThatSucceedsIsTaken() throws {
    var program = AuthoredProgram()
    let sorted = program.call(
      "at = torch.searchsorted(rows, x)", "searchsorted.Tensor", [.node(program.rows), .node(program.x)])
    let survey = program.survey(returning: sorted)
    let finding = try #require(survey.findings.first)
    #expect(finding.continuation == .assumed("True"))
    #expect(["Eq(s0, u0)", "Eq(u0, s0)"].contains(finding.question?.fixes.first?.condition))
    #expect(survey.propagation.values[sorted] != nil)
    #expect(survey.remaining.isEmpty)
  }

  @Test func aNodeThatFailsIsReportedAndItsDependentsSkipped() throws {
    var program = AuthoredProgram()
    let broken = program.call("z = x @ x", "mm.default", [.node(program.x), .node(program.x)])
    let after = program.call("w = z + 1", "neg.default", [.node(broken)])
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    let survey = program.survey(returning: after, steps)
    #expect(survey.findings.map(\.kind) == [.failure, .decision])
    #expect(survey.findings[0].continuation == .skipped)
    #expect(survey.propagation.skipped.contains(after))
    #expect(survey.propagation.values[after] == nil)
    #expect(program.text(survey.propagation.values[steps]) == "f32[u0 - 2, 4]")
    #expect(survey.remaining == [survey.findings[0].identifier])
  }

  @Test func aRecordedValueIsUsed() throws {
    var program = AuthoredProgram()
    let broken = program.call("z = x @ x", "mm.default", [.node(program.x), .node(program.x)])
    let after = program.call("w = -z", "neg.default", [.node(broken)])
    program.facts.recorded[broken] = .tensor(program.mode.tensor([3, 4], dtype: .float32))
    let survey = program.survey(returning: after)
    #expect(survey.findings.map(\.continuation) == [.recordedValue])
    #expect(program.text(survey.propagation.values[after]) == "f32[3, 4]")
    #expect(survey.propagation.skipped.isEmpty)
  }

  /// The facts leave one outcome, though PyTorch's rules do not see it.
  @Test func theOnlyReachableOutcomeIsReported() throws {
    var program = AuthoredProgram()
    let shapes = program.mode.shapes
    let steps = program.call("steps = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
    program.graph.output(.node(steps))
    let square = shapes.arena.mul(program.u0, program.u0)
    var options = PropagationOptions()
    options.checks = [
      PropagationCheck(
        condition: shapes.arena.ge(square, shapes.arena.integer(9)),
        after: ShapeEnv.Origin(step: program.rows.index))
    ]
    let survey = program.context.survey(program.inputs, options: options)
    let finding = try #require(survey.findings.first)
    guard case .impossible(let reasons)? = finding.question?.whenTrue else {
      Issue.record("the square of a number below 2 is below 9")
      return
    }
    #expect(!reasons.isEmpty)
    #expect(finding.description.contains("only one outcome"))
    #expect(finding.question?.fixes.map(\.condition) == ["u0 >= 2"])
  }

  @Test func identifiersOutliveRenumbering() {
    func identifiers(_ extra: Int) -> [String] {
      var program = AuthoredProgram()
      // Earlier nodes and symbols shift all numbers, but no identifier.
      for _ in 0..<extra {
        _ = program.graph.callFunction("torch.ops.aten.diff.default", [.node(program.x), 1, 0])
        _ = program.mode.shapes.createUnbackedInt()
      }
      _ = program.mode.shapes.takePendingFresh()
      let one = program.call("a = torch.diff(rows, n=2)", "diff.default", [.node(program.rows), 2, 0])
      let two = program.call("b = torch.diff(rows, n=3)", "diff.default", [.node(program.rows), 3, 0])
      return program.survey(returning: one, two).findings.map(\.identifier)
    }
    let plain = identifiers(0)
    #expect(Set(plain).count == 2)
    #expect(plain.allSatisfy { $0.count == 16 })
    #expect(identifiers(3) == plain)
  }

  /// Answers chosen by a survey must not be visible to a run.
  @Test func aSurveyLeavesNoAnswersBehind() throws {
    var program = AuthoredProgram()
    let wide = program.call(
      "wide = cat([rows, rows], 1)", "cat.default", [.list([.node(program.rows), .node(program.rows)]), 1])
    let part = program.call("part = wide[:, :4]", "slice.Tensor", [.node(wide), 1, 0, 4])
    let flat = program.call("part.view(-1)", "view.default", [.node(part), .list([-1])])
    program.graph.output(.tuple([.node(flat)]))
    let context = program.context
    let before = try #require(context.propagate(program.inputs).error)
    let surveys = (0..<2).map { _ in context.survey(program.inputs) }
    #expect(!surveys[0].findings.isEmpty)
    #expect(surveys[0].findings.count == surveys[1].findings.count)
    let after = try #require(context.propagate(program.inputs).error)
    #expect("\(after)" == "\(before)")
  }
}
