import FakeTensors
import Foundation
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes

/// A recorded operator call: sets up the environment as recorded, runs the rule, writes the result.
struct OperatorCase {
  let object: [String: Any]
  let table: OperatorTable
  let version: PyTorchVersion

  init(_ object: [String: Any], table: OperatorTable, _ version: PyTorchVersion) {
    self.object = object
    self.table = table
    self.version = version
  }

  func answer() -> [String: Any] {
    var answer: [String: Any] = ["id": object["id"] ?? ""]
    do {
      answer.merge(try object["program"] == nil ? run() : runProgram()) { $1 }
    } catch let error as CaseError {
      answer["unsupported"] = error.message
    } catch let error as OperatorError {
      switch error.kind {
      case .noRule, .unsupported: answer["unsupported"] = error.message
      default: answer["error"] = describe(error)
      }
    } catch {
      answer["unsupported"] = "\(error)"
    }
    return answer
  }

  private func describe(_ error: OperatorError) -> [String: Any] {
    switch error.kind {
    case .dataDependent(let cause):
      ["type": "GuardOnDataDependentSymNode", "message": cause.message, "cond": ["expr": cause.simplified]]
    case .dynamicOutputShape: ["type": "DynamicOutputShapeException", "message": error.message]
    case .dataDependentOutput: ["type": "DataDependentOutputException", "message": error.message]
    default: ["type": "RuntimeError", "message": error.message]
    }
  }

  private func run() throws -> [String: Any] {
    let isSymbolic = object["symbols"] != nil
    let mode = FakeTensorMode(allowsDynamicOutputs: isSymbolic)
    mode.shapes.profile = SemanticProfile(version, underPythonDispatcher: true)
    let reader = CaseReader(mode: mode)
    try reader.declareSymbols(object)
    reader.numberFreshSymbols(like: object)
    for prior in object["prior"] as? [[String: Any]] ?? [] { _ = try apply(prior, reader) }
    try reader.applyEarlierFacts(object)
    _ = mode.shapes.takePendingFresh()
    let guardsBefore = mode.shapes.guards.count
    let assertsBefore = mode.shapes.runtimeAsserts.count
    let replacedBefore = Set(mode.shapes.replacements.map(\.symbol))
    reader.beginCall()
    let before = Set(mode.shapes.symbols)
    let (value, _) = try apply(object, reader)
    let fresh = mode.shapes.symbols.filter { !before.contains($0) }
    let writer = CaseWriter(mode: mode, arguments: reader.tensors)
    return [
      "out": writer.value(value),
      "args_after": writer.changedArguments(reader.metadataBefore),
      "guards": mode.shapes.guards[guardsBefore...].map { mode.shapes.text(raw: $0.expression) },
      "asserts": mode.shapes.runtimeAsserts[assertsBefore...].map {
        mode.shapes.text(raw: $0.assert.expression)
      },
      "replacements": Dictionary(
        mode.shapes.replacements.filter { !replacedBefore.contains($0.symbol) }
          .map { (mode.shapes.arena.name(of: $0.symbol), mode.shapes.text(of: $0.target)) },
        uniquingKeysWith: { $1 }),
      "fresh_unbacked": fresh.map { mode.shapes.arena.name(of: $0) },
    ]
  }

  /// The results of the calls of a whole program, and the facts at its end; calls that fail have no effect.
  private func runProgram() throws -> [String: Any] {
    let mode = FakeTensorMode()
    mode.shapes.profile = SemanticProfile(version, underPythonDispatcher: true)
    let reader = CaseReader(mode: mode)
    try reader.declareSymbols(object)
    let writer = CaseWriter(mode: mode, arguments: [])
    var steps: [[String: Any]] = []
    for call in object["program"] as? [[String: Any]] ?? [] {
      let before = mode.shapes.checkpoint()
      do {
        let (value, _) = try apply(call, reader)
        if let number = call["result"] as? Int { reader.keep(value, as: number) }
        steps.append(writer.value(value))
      } catch let error as OperatorError {
        mode.shapes.restore(before)
        switch error.kind {
        case .noRule, .unsupported: steps.append(["unsupported": error.message])
        default: steps.append(["error": describe(error)])
        }
      }
      _ = mode.shapes.takePendingFresh()
    }
    return [
      "steps": steps,
      "guards": mode.shapes.guards.map { mode.shapes.text(raw: $0.expression) },
      "asserts": mode.shapes.runtimeAsserts.map { mode.shapes.text(raw: $0.assert.expression) },
    ]
  }

  private func apply(_ call: [String: Any], _ reader: CaseReader) throws -> (FakeValue, OperatorCall) {
    let text = call["op"] as? String ?? ""
    guard let name = OperatorName(text), let resolved = table.resolve(name) else {
      throw CaseError("no rule for \(text)")
    }
    let positional = try (call["args"] as? [[String: Any]] ?? []).map(reader.value)
    let keywords = try (call["kwargs"] as? [String: [String: Any]] ?? [:]).mapValues(reader.value)
    let operatorCall = try resolved.call(positional, keywords, in: reader.mode)
    return (try resolved.apply(operatorCall), operatorCall)
  }
}

/// A case that cannot be set up.
struct CaseError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }

  init(_ message: String) { self.message = message }
}
