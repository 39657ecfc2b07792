import EscapedTexts
import FX
import FakeTensors
import ShapePropagation
import SizeAdmission
import SymbolicExpressions
import SymbolicShapes

/// The compiled check of input sizes, which the page runs.
extension ReportedProgram {
  func writeCheck(to json: inout JSONWriter) {
    let steps = AdmissionSteps(check)
    json.beginObject()
    json.key("parameters")
    json.beginArray()
    for parameter in check.parameters { write(parameter, to: &json) }
    json.endArray()
    json.key("constraints")
    json.beginArray()
    for constraint in check.constraints { write(constraint, to: &json) }
    json.endArray()
    json.key("constants")
    // As texts: a number of JSON loses digits beyond 2^53.
    json.strings(steps.constants.map { "\($0)" })
    json.key("steps")
    json.beginArray()
    for step in steps.steps {
      json.beginArray()
      json.string(step.operation)
      for number in [step.target, step.operands.a, step.operands.b, step.operands.c] { json.int(number) }
      json.endArray()
    }
    json.endArray()
    json.key("byPath")
    json.bool(steps.admitsByPath)
    json.endObject()
  }

  private func write(_ parameter: AdmissionCheck.Parameter, to json: inout JSONWriter) {
    let size = size(of: parameter)
    let symbol = size.flatMap { shapes.arena.asSymbol(shapes.expression($0)) }
    let hint = size.flatMap { shapes.hint(of: shapes.resolve(shapes.expression($0))) }
    json.beginObject()
    json.member("text", parameter.description)
    json.member("symbol", symbol.map { shapes.arena.name(of: $0) } ?? "")
    json.key("constant")
    if let constant = parameter.constant { json.int(constant) } else { json.null() }
    json.key("example")
    if let constant = parameter.constant {
      json.int(constant)
    } else if let hint, case .int(let value) = hint {
      json.int(value)
    } else if let value = symbol.flatMap(example) {
      json.int(value)
    } else {
      json.string("")
    }
    json.endObject()
  }

  /// The size that the program expects of an input's dim.
  private func size(of parameter: AdmissionCheck.Parameter) -> SymInt? {
    let placeholders = graph.findNodes(.placeholder)
    guard let index = placeholders.firstIndex(where: { graph.name(of: $0) == parameter.input }),
      program.inputs.indices.contains(index)
    else { return nil }
    switch (program.inputs[index], parameter.dim) {
    case (.tensor(let tensor), let dim?) where tensor.sizes.indices.contains(dim): return tensor.sizes[dim]
    case (.symInt(let value), nil): return value
    default: return nil
    }
  }

  private func write(_ constraint: AdmissionCheck.Constraint, to json: inout JSONWriter) {
    json.beginObject()
    json.member("text", constraint.text)
    json.member("origin", constraint.origins.first?.description ?? "")
    json.member("force", text(of: constraint.force))
    json.member("fate", text(of: constraint.fate))
    json.endObject()
  }

  private func text(of force: SizeConstraint.Force) -> String {
    switch force {
    case .checked: "the program states it"
    case .needed: "an operator needs it"
    case .assumed: "the export assumed it"
    }
  }

  private func text(of fate: AdmissionCheck.Fate) -> String {
    switch fate {
    case .checked: "checked"
    case .implied: "follows from others"
    case .needsInputs: "needs sizes that are not given"
    case .needsRun: "checked only at run time"
    case .unread(let problem): "could not be read: \(problem)"
    case .notCompiled: "calls a function without code"
    }
  }
}
