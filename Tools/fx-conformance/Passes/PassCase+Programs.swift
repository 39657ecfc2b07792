import ATenOperators
import ExportedPrograms
import FX
import Foundation
import ProgramPasses
import ShapePropagation
import SymbolicShapes

/// Passes that need the shapes of an archive.
extension PassCase {
  private func program() throws -> ExportedProgram {
    guard let archive else { throw CaseError("the case has no archive") }
    return try ExportedProgram(path: archive)
  }

  mutating func rewrite(_ table: DecompositionTable) throws -> OrderedJSON {
    do { module = try program().rewritten(with: table, operators: .aten).module } catch let error
      as ProgramPassError
    {
      throw CaseError(error.description)
    }
    return [:]
  }

  mutating func removeNoOps() throws -> OrderedJSON {
    let exported = try program()
    module = exported.graphModule
    let fake = try FakeProgram(exported)
    let run = fake.context(table: .aten).propagate(fake.inputs)
    let replaced = try module.removeNoOps(values: run.values, fake.shapes)
    return ["removed": .int(replaced.count)]
  }

  /// The archive holds the program as it was; the pass runs without its assertions, and with the facts of the case.
  mutating func insertAsserts() throws -> OrderedJSON {
    let exported = try program()
    let kept = Set((graph["nodes"]?.items ?? []).compactMap { $0["name"]?.text })
    module = exported.graphModule
    for node in module.graph.nodes.reversed() where !kept.contains(module.graph.name(of: node)) {
      try module.graph.erase(node)
    }
    let fake = try FakeProgram(exported)
    let context = try fake.context(for: module, table: .aten)
    let run = context.propagate(fake.inputs)
    for fact in parameters["deferred_runtime_asserts"]?.entries.flatMap({ $0.value.items }) ?? [] {
      guard let text = fact.text else { continue }
      _ = fake.shapes.check(SymBool(try fake.shapes.parse(text)))
    }
    let changes = try module.graph.insertDeferredRuntimeAsserts(
      values: run.values, bindings: { context.bindings(of: $0) }, shapes: fake.shapes)
    return ["asserts": .int(changes.inserted.count)]
  }
}
