import ATenOperators
import ExportedPrograms
import FX
import Foundation
import ProgramPasses
import ShapePropagation

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
    let replaced = try module.graph.removeNoOps(values: run.values, fake.shapes)
    return ["removed": .int(replaced.count)]
  }

  mutating func insertAsserts() throws -> OrderedJSON {
    let exported = try program()
    module = exported.graphModule
    let fake = try FakeProgram(exported)
    let context = fake.context(table: .aten)
    let run = context.propagate(fake.inputs)
    let changes = try module.graph.insertDeferredRuntimeAsserts(
      values: run.values, bindings: { context.bindings(of: $0) }, shapes: fake.shapes)
    return ["asserts": .int(changes.inserted.count)]
  }
}
