public import ExportedPrograms
public import FX
public import FakeTensors
public import GraphPasses
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import Synchronization

/// Propagates a program again after each pass, and makes sure that its symbols keep their names.
///
/// ```swift
/// var manager = PassManager(passes)
/// manager.checks.append(ProgramCheck(exported, operators: .aten).callAsFunction)
/// ```
///
/// Every unbacked symbol of the archive whose node still exists, or was replaced, must occur in the value of that
/// node under its name.
public final class ProgramCheck: Sendable {
  private let exported: ExportedProgram
  private let operators: OperatorTable
  /// The node that replaces each node of the archive, after the passes so far.
  private let standIns: Mutex<NodeMap<Node>>

  /// Prepares the check of edits of a program.
  public init(_ exported: ExportedProgram, operators: OperatorTable) {
    self.exported = exported
    self.operators = operators
    var identity: NodeMap<Node> = [:]
    for node in exported.graphModule.graph.nodes { identity[node] = node }
    standIns = Mutex(identity)
  }

  /// Checks the module after a pass.
  ///
  /// - Throws: the error of the node that fails, or ``ProgramPassError`` for a symbol that lost its name.
  @Sendable
  public func callAsFunction(_ module: GraphModule, _ changes: Changes) throws {
    let nodes = standIns.withLock { known in
      for node in known.nodes { known[node] = known[node].flatMap { changes.standIns[$0] } }
      return known
    }
    let program = try FakeProgram(exported)
    let run = program.context(for: module, mapping: nodes, table: operators).propagate(program.inputs)
    if let error = run.error { throw error }
    let bindings = program.bindings()
    for node in bindings.nodes {
      guard let standIn = nodes[node], let value = run.values[standIn] else { continue }
      for binding in bindings[node] ?? [] {
        guard program.shapes.findBindings(of: [binding.symbol], in: value).isEmpty else { continue }
        throw ProgramPassError.lostName(
          program.shapes.arena.name(of: binding.symbol), of: module.graph.name(of: standIn),
          value: program.shapes.text(of: value))
      }
    }
  }
}
