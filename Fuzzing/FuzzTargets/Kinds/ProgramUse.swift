import ExportedPrograms
import GraphPasses
import ProgramComparison
import ProgramCosts
import ProgramPasses
import ProgramReports
import SwiftFX

/// What is done with a changed program after it was loaded, as commands do it.
struct ProgramUse: Sendable {
  let name: String
  let summary: String
  let body: @Sendable (ExportedProgram, inout FuzzBytes) throws -> Void

  static let all = [survey, check, memory, constraints, report, diff, saving, passes, rewriting]

  static let survey = ProgramUse(
    name: "survey", summary: "all findings of a program, and why its symbols are what they are"
  ) {
    exported, _ in
    let program = try FakeProgram(exported)
    let context = program.context(table: .aten)
    let survey = context.survey(program.inputs)
    for finding in survey.findings { _ = finding.text(tellsContinuation: true, showsAll: true) }
    FuzzUse.stories(of: survey.propagation, context)
  }

  static let check = ProgramUse(name: "check", summary: "the check of sizes, sweeps, its source text") {
    exported, choices in
    let checker = SizeChecker(try FakeProgram(exported), table: .aten)
    let patterns = try checker.rules.inputs.map { try SizePattern(choices.sizePattern($0)) }
    let request = try SizeRequest(patterns, checker.rules)
    let answer = checker.check(request, policy: choices.chance(128) ? .strict : .accepted)
    _ = answer.outputs.count
    if request.isSweep { _ = try SizeSweep(request, checker, limit: 10_000).run() }
    guard choices.chance(128) else { return }
    let check = checker.admissionCheck()
    for _ in 0..<4 {
      _ = check.problems(check.parameters.map { _ in choices.pick(Hostile.integers) })
    }
    for language in SourceLanguage.allCases { _ = AdmissionSource(check, in: language, title: "x").text }
  }

  static let memory = ProgramUse(name: "memory", summary: "memory and operations as formulas, at sizes") {
    exported, choices in
    let costs = ProgramCosts(try FakeProgram(exported), table: .aten)
    let symbols = ["s0", "s1", "s77", "s27", "u0"].filter { costs.shapes.symbol(named: $0) != nil }
    let given = symbols.prefix(choices.below(3)).map { (name: $0, value: choices.pick(Hostile.integers)) }
    let sizes = try CostAssignment(Array(given), in: costs.shapes)
    for node in costs.nodes.prefix(64) { _ = costs.bounds(of: costs.size(of: node.node).bytes) }
    _ = costs.peakNode(at: sizes)
    for kind in CostGroup.Kind.allCases { _ = costs.groups(by: kind) }
    _ = MemoryCurve(costs, at: sizes, title: "x")?.svg
  }

  static let constraints = ProgramUse(
    name: "constraints", summary: "constraints of inputs in the words of other tools"
  ) {
    exported, _ in
    let program = try FakeProgram(exported)
    let checker = SizeChecker(program, table: .aten)
    let constraints = InputConstraints(program, checker.rules)
    for dialect in ConstraintDialect.allCases { _ = constraints.text(in: dialect) }
  }

  static let report = ProgramUse(name: "report", summary: "the page of a program") { exported, _ in
    _ = try ProgramReport(exported, name: "x", table: .aten).html
  }

  static let diff = ProgramUse(name: "diff", summary: "what differs between two programs") {
    exported, choices in
    let other = choices.chance(64) ? exported : choices.exportedProgram().program ?? exported
    _ = try ProgramDifference(
      exported, other, comparesAcceptedSizes: choices.chance(64), costs: choices.chance(64) ? .always : .never
    )
  }

  static let saving = ProgramUse(name: "saving", summary: "a program, edited and saved, is read again") {
    exported, choices in
    var edited = exported
    for _ in 0..<choices.below(3) {
      var edit = RandomEdit(edited.graphModule, choices)
      edit.apply()
      choices = edit.random
      edited = try FakeProgram(edited).exported(edit.module, table: .aten)
    }
    guard let tree = JSONTree(try edited.archivedText(rewritingEverything: choices.chance(128))) else {
      preconditionFailure("what is saved is no JSON")
    }
    // What is saved can be loaded.
    _ = try ExportedProgram(ProgramArchive(bytes: FuzzSamples.archive(tree)))
  }

  static let passes = ProgramUse(name: "passes", summary: "passes by name, and those that need values") {
    exported, choices in
    var module = exported.graphModule
    for _ in 0..<(1 + choices.below(3)) {
      let entry = choices.pick(PassTable.structural.entries)
      let argument =
        entry.parameters.isEmpty ? "" : "=" + choices.pick(["exact", "2", "python", "drop", "sub", "-1"])
      _ = try PassTable.structural.pass(entry.name + argument)(&module)
      try module.lint()
    }
    let program = try FakeProgram(exported)
    let context = try program.edited(module, table: .aten)
    let result = context.propagate(program.inputs, options: PropagationOptions(trustsRecorded: true))
    switch choices.below(5) {
    case 0: _ = try module.removeNoOps(values: result.values, program.shapes)
    case 1: _ = try module.graph.dropImpliedAsserts(values: result.values, program.shapes)
    case 2:
      var edited = exported
      try edited.apply([.functionalize, .reinplace], operators: .aten)
      module = edited.graphModule
    case 3:
      var calls = module.graph.findNodes(.callFunction)
      calls.removeAll { _ in choices.chance(128) }
      module = try module.part(calls).module
      _ = module.code(.boxed)
      _ = module.graph.sourcePartitions(of: ["linear", "torch.nn.Linear"])
    default:
      try module.graph.insertDeferredRuntimeAsserts(
        values: result.values, bindings: { context.bindings(of: $0) }, shapes: program.shapes)
    }
    try module.graph.lint()
  }

  static let rewriting = ProgramUse(name: "rewriting", summary: "a program in core operators, without writes")
  {
    exported, choices in
    let table: DecompositionTable = choices.chance(128) ? .coreATen : .none
    let rewritten = try exported.rewritten(with: table, operators: .aten)
    try rewritten.module.lint()
  }
}

extension FuzzKind {
  /// A kind that changes a program and does this with it.
  init(_ use: ProgramUse) {
    self.init(use.name, use.summary) { choices in
      let (exported, size) = choices.exportedProgram()
      if let exported { try? use.body(exported, &choices) }
      return size
    }
  }
}

extension FuzzBytes {
  /// Sizes of an input, as they are given to `swiftfx check`.
  mutating func sizePattern(_ input: ProgramInput) -> String {
    let rank: Int
    switch input.kind {
    case .tensor(let sizes): rank = chance(16) ? below(9) : sizes.count
    default: rank = 1
    }
    let dims = (0..<rank).map { _ in
      switch below(8) {
      case 0: return "?"
      case 1: return "1..\(1 + below(64))"
      case 2: return "\(below(8))..\(below(4_096))/\(1 + below(9))"
      case 3: return pick(Hostile.numbers)
      default: return "\(below(20))"
      }
    }
    return "\(input.name)=\(dims.joined(separator: "x"))"
  }
}
