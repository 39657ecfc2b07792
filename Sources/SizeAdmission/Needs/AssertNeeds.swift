public import ATenOperators
public import ExportedPrograms
import FX
public import FakeTensors
public import ShapePropagation
public import SymbolicExpressions
public import SymbolicShapes

/// Which calls need the runtime asserts of a program.
///
/// An assert stands where its newest symbol is bound, so its line says where the symbol comes from, not who needs it. The
/// program is propagated once more without its asserts: the calls that then ask for the conditions, or assert them
/// themselves, are those that need them.
public struct AssertNeeds {
  private var needs: [String: Provenance] = [:]

  /// Propagates a copy of a program without the asserts of its root graph.
  ///
  /// - Complexity: one load of the program from its parts, and a few runs for each question that it asks.
  /// - Throws: ``PropagationError`` if an expression of the archive cannot be parsed.
  public init(_ exported: ExportedProgram, table: OperatorTable = .aten) throws {
    var bare = exported
    for node in exported.graphModule.graph.nodes
    where Provenance(node, of: exported.graphModule.graph)?.isAssertion == true
      && bare.graphModule.graph.userCount(of: node) == 0
    {
      try? bare.graphModule.graph.erase(node)
    }
    let program = try FakeProgram(bare)
    let context = program.context(table: table)
    let shapes = program.shapes
    let survey = context.survey(program.inputs, options: PropagationOptions(trustsRecorded: true))
    for finding in survey.findings {
      guard let question = finding.question, let place = finding.provenance,
        let condition = try? shapes.parse(question.simplified)
      else { continue }
      note(condition, place, shapes)
      note(shapes.arena.not(condition), place, shapes)
    }
    for fact in shapes.runtimeAsserts {
      if let place = context.provenance(of: fact.assert.origin) {
        note(fact.assert.expression, place, shapes)
      }
    }
  }

  private mutating func note(_ condition: SymExpr, _ place: Provenance, _ shapes: ShapeEnv) {
    let text = shapes.text(of: condition)
    if needs[text] == nil { needs[text] = place }
  }

  /// The first call that needs `condition`, an assert of the program in `shapes`; `nil` if none was found.
  public func call(needing condition: SymExpr, _ shapes: ShapeEnv) -> Provenance? {
    needs[shapes.text(of: condition)] ?? needs[shapes.text(raw: condition)]
  }
}
