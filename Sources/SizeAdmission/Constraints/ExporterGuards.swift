import ExportedPrograms
public import ShapePropagation
import SymbolicShapes

/// What the exporter wrote down as `guards_code` because a branch, a limit or a divisor was decided by the example.
public struct ExporterGuards {
  /// The guards that say more than the input sizes of the program do, as the archive has them.
  ///
  /// A guard such as `y.size()[0] == x.size()[0]` says nothing when both sizes are one symbol. One that cannot be read
  /// is kept.
  public let informative: [String]

  /// The guards of `program`, whose last propagation was in `context`.
  public init(_ program: FakeProgram, _ context: PropagationContext) {
    guard !program.exported.guardsCode.isEmpty else {
      informative = []
      return
    }
    let rules = SizeRules(program, context)
    var codes: [(index: Int, code: String)] = []
    for constraint in rules.constraints {
      if let condition = constraint.condition, rules.shapes.staticallyKnownTrue(SymBool(condition)) {
        continue
      }
      for case .exporterGuard(let index, let code) in constraint.origins { codes.append((index, code)) }
    }
    informative = codes.sorted { $0.index < $1.index }.map(\.code)
  }
}
