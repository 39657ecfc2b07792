import ExportedPrograms
import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// The guards of a program that say something: a branch, a limit or a divisor that was decided by an example.
///
/// Left out are tautologies, which hold for all sizes that the exporter allows by default, such as a product of sizes of at
/// least 2 that is not 0.
public struct InformativeGuards {
  /// The places in ``ShapeEnv/guards`` of those that the run took.
  public let taken: [Int]
  /// Those that the exporter wrote down as `guards_code` and that do not follow from the run's.
  ///
  /// One that cannot be read is kept.
  public let exporter: [String]

  /// The guards of `program`, whose last propagation was in `context`.
  public init(_ program: FakeProgram, _ context: PropagationContext) {
    let guards = context.mode.shapes.guards
    guard !guards.isEmpty || !program.exported.guardsCode.isEmpty else {
      (taken, exporter) = ([], [])
      return
    }
    let rules = SizeRules(program, context)
    let start = rules.shapes.checkpoint()
    defer { rules.shapes.restore(start) }
    Self.learnDefaultRanges(rules, program)
    let test = TautologyTest(shapes: rules.shapes)
    let conditions = guards.map { rules.imported($0.expression, from: context.mode.shapes.arena) }
    taken = guards.indices.filter { $0 >= Self.mostTested || !test.holds(conditions[$0]) }
    for condition in conditions { _ = rules.shapes.check(SymBool(condition)) }
    var codes: [(index: Int, code: String)] = []
    for constraint in rules.constraints {
      let guards = constraint.origins.compactMap { origin -> (index: Int, code: String)? in
        if case .exporterGuard(let index, let code) = origin { (index, code) } else { nil }
      }
      if guards.isEmpty { continue }
      if codes.count < Self.mostTested, let condition = constraint.condition, test.holds(condition) {
        continue
      }
      codes += guards
    }
    exporter = codes.sorted { $0.index < $1.index }.map(\.code)
  }

  /// More guards than these are taken as they are.
  private static let mostTested = 256

  /// That sizes are at least 2, as the exporter assumes unless a range says otherwise.
  private static func learnDefaultRanges(_ rules: SizeRules, _ program: FakeProgram) {
    let lower = Dictionary(
      program.exported.rangeConstraints.map { ($0.text, $0.lower ?? 0) },
      uniquingKeysWith: { first, _ in first })
    for parameter in rules.parameters where parameter.dim != nil {
      guard let symbol = rules.shapes.arena.asSymbol(parameter.expected) else { continue }
      let least = Swift.max(0, Swift.min(2, lower[rules.shapes.arena.name(of: symbol)] ?? 0))
      rules.shapes.narrow(symbol, to: IntRange(lower: least, upper: .max))
    }
  }
}
