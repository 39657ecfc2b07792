import ExportedPrograms
import FX
import FakeTensors
import ProgramCosts
import ShapePropagation
import SizeAdmission
import SymbolicExpressions
import SymbolicShapes

/// A program after a run, with everything that its page tells.
struct ReportedProgram {
  let name: String
  let exported: ExportedProgram
  let program: FakeProgram
  let context: PropagationContext
  let result: Propagation
  /// What stops a run that does not go on.
  let findings: [Finding]
  /// The error of the run, if one stopped it.
  let error: PropagationError?
  let names: AuthorNames
  let check: AdmissionCheck
  /// Whether a run has spent one of its budgets.
  let isCutShort: Bool
  let costs: ProgramCosts
  /// The values of the run, by the paths of the graphs.
  let values: [String: NodeMap<FakeValue>]
  /// The program beside this one.
  let against: OtherProgram?

  /// Propagates the program to its end, also where a run would stop.
  ///
  /// - Throws: ``PropagationError`` if an expression of the archive cannot be parsed.
  init(
    _ exported: ExportedProgram, name: String, table: OperatorTable, against: OtherProgram? = nil
  ) throws {
    self.name = name
    self.against = against
    self.exported = exported
    program = try FakeProgram(exported)
    context = program.context(table: table)
    let (context, inputs) = (context, program.inputs)
    let options = PropagationOptions(trustsRecorded: true)
    var values: [String: NodeMap<FakeValue>] = [:]
    context.nestedRunObserver = { values[$0.path] = $0.values }
    let plain = context.propagate(inputs, options: options)
    error = plain.error
    let survey = plain.error.map { _ in context.survey(inputs, options: options) }
    result = survey?.propagation ?? plain
    context.nestedRunObserver = nil
    values[""] = result.values
    self.values = values
    findings = survey?.findings ?? []
    names = AuthorNames(context, values: result.values, fresh: result.fresh)
    // Both propagate in other ways, so each has an environment of its own.
    costs = ProgramCosts(try FakeProgram(exported), table: table)
    let checker = SizeChecker(try FakeProgram(exported), table: table)
    check = checker.admissionCheck()
    isCutShort =
      checker.hasSpentBudget || program.shapes.hasSpentAnyBudget || costs.shapes.hasSpentAnyBudget
  }

  var shapes: ShapeEnv { program.shapes }
  var graph: Graph { exported.graphModule.graph }

  /// The symbols of the page: those that are still names of something, inputs' first.
  var symbols: [SymExpr.Symbol] {
    let renamed = Set(result.renamings.map(\.renaming.from))
    let mentioned = result.mentionedSymbols(in: graph, shapes)
    let named = shapes.symbols.filter { symbol in
      if renamed.contains(symbol) || names.isNameInRun(symbol) { return false }
      return names.nameInRun(of: symbol) != nil || names.binding(of: symbol) != nil
        || mentioned.contains(symbol)
    }
    func isUnbacked(_ symbol: SymExpr.Symbol) -> Bool {
      shapes.arena.assumptions(of: symbol).contains(.unbacked)
    }
    return named.filter { !isUnbacked($0) } + named.filter(isUnbacked)
  }
}
