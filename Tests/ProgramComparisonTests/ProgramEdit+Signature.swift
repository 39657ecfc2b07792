import ExportedPrograms
import FX
import ProgramComparison
import TestSupport

/// Changes of ranges and of the signature.
extension ProgramEdit {
  /// Changes the range of a symbol that is the size of a tensor.
  @Sendable static func otherRange(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    let shown = Set(
      program.graphModule.graph.nodes.compactMap { node -> RecordedValue? in
        program.recordedValues[""]?.value(of: node, in: program.graphModule.graph)
      }.flatMap { value -> [RecordedInt] in
        switch value {
        case .tensor(let tensor): Array(tensor.sizes)
        case .symInt(let number): [number]
        default: []
        }
      }.compactMap { $0.expression.map { program.expressions.text(of: $0) } })
    let positions = program.rangeConstraints.indices.filter { position in
      let text = program.rangeConstraints[position].text
      return shown.contains(text) || shown.contains { $0.hasPrefix("Symbol('\(text)',") }
    }
    guard let position = positions.randomElement(using: &numbers) else { return nil }
    var result = program
    result.rangeConstraints[position].upper = Swift.max(
      program.rangeConstraints[position].lower ?? 0, (program.rangeConstraints[position].upper ?? 9_999) - 1)
    guard result.rangeConstraints[position] != program.rangeConstraints[position] else { return nil }
    var expected = ReportedChanges()
    expected.others["ranges"] = 1
    return ProgramEdit(
      name: "range of \(program.rangeConstraints[position].text)", program: result, expected: expected)
  }

  @Sendable static func otherKind(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    let positions = program.signature.inputSpecs.indices.filter {
      program.signature.inputSpecs[$0].kind == .parameter
    }
    guard let position = positions.randomElement(using: &numbers) else { return nil }
    var result = program
    result.signature.inputSpecs[position].kind = .buffer
    result.signature.inputSpecs[position].isPersistent = true
    var expected = ReportedChanges()
    expected.others["kinds"] = 1
    return ProgramEdit(
      name: "kind of input \(position)", program: result, expected: expected)
  }

  @Sendable static func otherInputName(
    _ program: ExportedProgram, _ numbers: inout SplitMix64
  ) -> ProgramEdit? {
    guard let (node, position) = userInputs(program).randomElement(using: &numbers) else { return nil }
    var result = program
    let name = result.graphModule.graph.rename(node, to: "another_name")
    let spec = program.signature.inputSpecs[position].argument
    result.signature.inputSpecs[position].argument =
      switch spec {
      case .tensor: .tensor(name)
      case .symInt: .symInt(name)
      case .constant(_, let value): .constant(name: name, value)
      default: spec
      }
    for place in result.signature.outputSpecs.indices
    where result.signature.outputSpecs[place].target == program.graphModule.graph.name(of: node)
      && result.signature.outputSpecs[place].kind == .userInputMutation
    {
      result.signature.outputSpecs[place].target = name
    }
    result = result.renamedRecords(from: program)
    var expected = ReportedChanges()
    expected.others["renamedInputs"] = 1
    return ProgramEdit(
      name: "name of \(program.graphModule.graph.name(of: node))", program: result, expected: expected)
  }

  @Sendable static func exchangedInputs(
    _ program: ExportedProgram, _ numbers: inout SplitMix64
  ) -> ProgramEdit? {
    let inputs = userInputs(program)
    guard inputs.count > 1 else { return nil }
    let place = Int.random(in: 0..<inputs.count - 1, using: &numbers)
    let (first, second) = (inputs[place], inputs[place + 1])
    guard second.position == first.position + 1 else { return nil }
    var result = program
    result.graphModule.graph.move(first.node, after: second.node)
    result.signature.inputSpecs.swapAt(first.position, second.position)
    var expected = ReportedChanges()
    expected.others["moved"] = 1
    return ProgramEdit(
      name: "inputs \(first.position) and \(second.position) exchanged", program: result, expected: expected)
  }

  @Sendable static func otherOutputKind(
    _ program: ExportedProgram, _ numbers: inout SplitMix64
  ) -> ProgramEdit? {
    guard !program.signature.outputSpecs.isEmpty else { return nil }
    var result = program
    let position = Int.random(in: 0..<program.signature.outputSpecs.count, using: &numbers)
    guard program.signature.outputSpecs[position].kind != .lossOutput else { return nil }
    result.signature.outputSpecs[position].kind = .lossOutput
    var expected = ReportedChanges()
    expected.others["outputs"] = 1
    return ProgramEdit(name: "kind of output \(position)", program: result, expected: expected)
  }

  @Sendable static func otherNesting(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    guard let spec = program.moduleCallGraph.first?.signature?.outSpec.spec else { return nil }
    var result = program
    result.moduleCallGraph[0].signature?.outSpec.spec = TreeSpec(.list, [spec])
    var expected = ReportedChanges()
    expected.others["nesting"] = 1
    return ProgramEdit(name: "results in a list", program: result, expected: expected)
  }

  /// The placeholders that callers give, with their places among all inputs.
  private static func userInputs(_ program: ExportedProgram) -> [(node: Node, position: Int)] {
    let placeholders = program.graphModule.graph.findNodes(.placeholder)
    return zip(placeholders, program.signature.inputSpecs).enumerated().compactMap { position, input in
      input.1.kind == .userInput && input.1.target == nil ? (input.0, position) : nil
    }
  }
}
