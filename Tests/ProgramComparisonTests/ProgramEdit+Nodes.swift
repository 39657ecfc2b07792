import ExportedPrograms
import FX
import ProgramComparison
import TestSupport

/// Changes of calls.
extension ProgramEdit {
  static let otherTarget: Node.Target = "torch.ops.mylib.other.default"

  @Sendable static func otherOperator(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    let place = place(in: program, &numbers) {
      isCall($0) && $0.graph.target(of: $0.node) != assertTarget && !bindsNumber($0)
    }
    guard let place else { return nil }
    var graph = place.graph
    graph.setTarget(otherTarget, of: place.node)
    var expected = ReportedChanges()
    (expected.removed, expected.added) = ([place.name], [place.name])
    return ProgramEdit(
      name: "operator of \(place.name)", program: place.program(program, graph), expected: expected,
      consequences: place.users, touchesAssert: place.touchesAssert)
  }

  @Sendable static func otherLiteral(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    func isWanted(_ place: Place) -> Bool {
      isCall(place) && !place.graph.target(of: place.node).text.contains("_assert")
        && place.graph.args(of: place.node).contains { other($0) != nil }
    }
    guard let place = place(in: program, &numbers, where: isWanted) else { return nil }
    var graph = place.graph
    let positions = graph.args(of: place.node).enumerated().filter { other($0.element) != nil }.map(\.offset)
    guard let position = positions.randomElement(using: &numbers),
      let argument = graph.argument(position, of: place.node), let literal = other(argument)
    else { return nil }
    graph.setArgument(literal, at: position, of: place.node)
    var expected = ReportedChanges()
    expected.changed[place.name] = [.args]
    return ProgramEdit(
      name: "argument \(position) of \(place.name)", program: place.program(program, graph),
      expected: expected,
      touchesAssert: place.touchesAssert)
  }

  /// Whether the symbol that stands for the call's value has no counterpart without the call.
  private static func bindsNumber(_ place: Place) -> Bool {
    ["item", "_local_scalar_dense"].contains { place.graph.target(of: place.node).text.contains($0) }
  }

  private static func other(_ argument: Node.Argument) -> Node.Argument? {
    switch argument {
    case .int(let value): value < 1 << 40 ? .int(value + 77_777) : nil
    case .float(let value): .float(value == 0.5 ? 2.5 : 0.5)
    case .bool(let value): .bool(!value)
    case .string(let text): .string(text + "x")
    case .list(let items): items.lastIndex { other($0) != nil }.map { .list(replacing(items, at: $0)) }
    default: nil
    }
  }

  private static func replacing(_ items: [Node.Argument], at position: Int) -> [Node.Argument] {
    var items = items
    if let item = other(items[position]) { items[position] = item }
    return items
  }

  private static func isNode(_ argument: Node.Argument) -> Bool {
    if case .node = argument { true } else { false }
  }

  @Sendable static func otherInput(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    let place = place(in: program, &numbers) { place in
      isCall(place) && place.graph.args(of: place.node).contains(where: isNode)
    }
    guard let place else { return nil }
    var graph = place.graph
    let position = graph.args(of: place.node).firstIndex(where: isNode)
    let earlier = graph.nodes.prefix { $0 != place.node }.filter { other in
      graph.op(of: other) == .placeholder && !graph.inputs(of: place.node).contains(other)
    }
    guard let position, case .node(let old)? = graph.argument(position, of: place.node),
      let new = earlier.randomElement(using: &numbers), graph.op(of: old) != .getAttr
    else { return nil }
    graph.setArgument(.node(new), at: position, of: place.node)
    var expected = ReportedChanges()
    expected.changed[place.name] = [.args]
    return ProgramEdit(
      name: "input \(position) of \(place.name) is \(graph.name(of: new))",
      program: place.program(program, graph), expected: expected, touchesAssert: place.touchesAssert)
  }

  @Sendable static func insertedCall(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    let place = place(in: program, &numbers) { isCall($0) && $0.graph.userCount(of: $0.node) > 0 }
    guard let place, let user = place.graph.users(of: place.node).randomElement(using: &numbers) else {
      return nil
    }
    var graph = place.graph
    let new = graph.inserting(after: place.node) { graph in
      graph.callFunction(otherTarget, [.node(place.node)])
    }
    graph.replaceInput(place.node, with: new, in: user)
    var expected = ReportedChanges()
    expected.added = [graph.name(of: new)]
    return ProgramEdit(
      name: "a call between \(place.name) and \(graph.name(of: user))",
      program: place.program(program, graph),
      expected: expected, consequences: [place.named(user)], touchesAssert: place.touchesAssert)
  }

  @Sendable static func removedCall(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    let place = place(in: program, &numbers) { place in
      let graph = place.graph
      return isCall(place) && !bindsNumber(place) && !graph.isImpure(place.node)
        && graph.inputs(of: place.node).count == 1
        && graph.userCount(of: place.node) > 0
        && !graph.users(of: place.node).contains { graph.target(of: $0) == .getitem }
        && !graph.inputs(of: place.node).contains { graph.op(of: $0) == .getAttr }
    }
    guard let place, let input = place.graph.inputs(of: place.node).first else { return nil }
    var graph = place.graph
    for user in graph.users(of: place.node) { graph.replaceInput(place.node, with: input, in: user) }
    guard (try? graph.erase(place.node)) != nil else { return nil }
    var expected = ReportedChanges()
    expected.removed = [place.name]
    return ProgramEdit(
      name: "\(place.name) removed", program: place.program(program, graph), expected: expected,
      consequences: place.users, touchesAssert: place.touchesAssert)
  }

  @Sendable static func removedAssert(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    let place = place(in: program, &numbers) { $0.graph.target(of: $0.node) == assertTarget }
    guard let place else { return nil }
    var graph = place.graph
    guard (try? graph.erase(place.node)) != nil else { return nil }
    var expected = ReportedChanges()
    expected.removed = [place.name]
    expected.others["removedAsserts"] = 1
    return ProgramEdit(
      name: "\(place.name) removed", program: place.program(program, graph), expected: expected)
  }

  @Sendable static func exchangedOutputs(
    _ program: ExportedProgram, _ numbers: inout SplitMix64
  ) -> ProgramEdit? {
    outputEdit(program, "outputs exchanged") { items in
      guard let first = items.first, let last = items.lastIndex(where: { $0 != first }) else { return false }
      items.swapAt(0, last)
      return true
    }
  }

  @Sendable static func removedOutput(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit?
  {
    let edit = outputEdit(program, "last output removed") { $0.popLast() != nil }
    guard let edit else { return nil }
    var result = edit.program
    guard result.signature.outputSpecs.popLast() != nil else { return nil }
    var expected = edit.expected
    expected.others["outputs"] = 1
    return ProgramEdit(name: edit.name, program: result, expected: expected)
  }

  private static func outputEdit(
    _ program: ExportedProgram, _ name: String, _ change: (inout [Node.Argument]) -> Bool
  ) -> ProgramEdit? {
    var result = program
    guard let output = program.graphModule.graph.outputNode,
      let argument = program.graphModule.graph.argument(0, of: output)
    else { return nil }
    var items: [Node.Argument]
    switch argument {
    case .tuple(let elements), .list(let elements): items = elements
    default: return nil
    }
    guard change(&items) else { return nil }
    let isTuple = if case .tuple = argument { true } else { false }
    result.graphModule.graph.setArgument(isTuple ? .tuple(items) : .list(items), at: 0, of: output)
    var expected = ReportedChanges()
    expected.changed[program.graphModule.graph.name(of: output)] = [.args]
    return ProgramEdit(name: name, program: result, expected: expected)
  }
}
