public import ExportedPrograms
import FX
public import FakeTensors
public import GraphPasses
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension ExportedProgram {
  /// Runs passes one after another; the result can be saved.
  ///
  /// After each pass the graph is linted, the program is propagated again, and every unbacked symbol whose node still
  /// exists, or was replaced, must occur in the value of that node under its name.
  ///
  /// - Parameters:
  ///   - passes: the passes, in the order in which they run.
  ///   - operators: the rules for the shapes.
  /// - Returns: what each pass changed; passes that changed nothing are left out.
  /// - Throws: ``GraphPasses/PassFailure``, which names the pass. The program is then unchanged.
  @discardableResult
  public mutating func apply(
    _ passes: [ProgramPass], operators: OperatorTable
  ) throws(PassFailure) -> [(pass: String, changes: Changes)] {
    var current = self
    var log: [(pass: String, changes: Changes)] = []
    for pass in passes {
      do {
        let program = try FakeProgram(current)
        let edit = try pass.body(program, operators)
        if edit.changes.isEmpty { continue }
        try edit.program.graphModule.lint()
        try edit.program.requireNames(of: program, changes: edit.changes)
        log.append((pass.name, edit.changes))
        current = edit.program
      } catch { throw PassFailure(pass: pass.name, underlying: error) }
    }
    self = current
    return log
  }

  /// - Throws: ``ProgramPassError`` for a node that no longer shows an unbacked symbol that it binds in `old`.
  private func requireNames(of old: FakeProgram, changes: Changes) throws {
    let bindings = old.bindings()
    guard bindings.nodes.contains(where: { changes.standIns[$0] != nil }) else { return }
    let new = try FakeProgram(self)
    let symbols = Dictionary(
      new.shapes.symbols.map { (new.shapes.arena.name(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
    for node in bindings.nodes {
      guard let standIn = changes.standIns[node], let value = new.recordedValue(of: standIn, in: "") else {
        continue
      }
      for binding in bindings[node] ?? [] {
        let name = old.shapes.arena.name(of: binding.symbol)
        if let symbol = symbols[name], !new.shapes.findBindings(of: [symbol], in: value).isEmpty { continue }
        throw ProgramPassError.lostName(
          name, of: graphModule.graph.name(of: standIn), value: new.shapes.text(of: value))
      }
    }
  }
}
