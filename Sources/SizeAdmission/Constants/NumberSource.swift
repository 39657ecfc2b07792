import ExportedPrograms
public import FX
import FakeTensors
import OperatorSchemas
public import ShapePropagation
import SymbolicShapes

/// Where a number among the sizes of a program arose: a size of a weight or an input, or a number that the author wrote.
public struct NumberSource: Sendable {
  /// `16 is gate.weight.shape[1]`, `30 is written in view`.
  public let text: String
  /// The input or the call.
  public let place: Provenance?

  /// The nearest source of `number` among what `node` computes with, itself included.
  ///
  /// A call has the number if it is a size in its arguments, as the schema types it; else the values with that size among
  /// what it is given are followed to where they come from. Inputs called `leftOut` do not count.
  ///
  /// - Complexity: linear in the nodes that the node depends on.
  public static func source(
    of number: Int, at node: Node, of program: FakeProgram, leavingOut leftOut: Set<String> = []
  ) -> NumberSource? {
    let graph = program.exported.graphModule.graph
    var waiting = [node]
    var seen: Set<Node> = [node]
    var next = 0
    while next < waiting.count {
      let here = waiting[next]
      next += 1
      if graph.op(of: here) == .placeholder {
        if let source = input(here, number, program), !leftOut.contains(graph.name(of: here)) {
          return source
        }
        continue
      }
      if writes(number, here, graph) {
        return NumberSource(
          text: "\(number) is written in \(graph.name(of: here))", place: Provenance(here, of: graph))
      }
      for input in graph.inputs(of: here) where has(number, input, program) && seen.insert(input).inserted {
        waiting.append(input)
      }
    }
    return nil
  }

  private static func input(_ node: Node, _ number: Int, _ program: FakeProgram) -> NumberSource? {
    let exported = program.exported
    let graph = exported.graphModule.graph
    guard let tensor = program.recordedValue(of: node, in: "")?.tensor,
      let dim = tensor.sizes.firstIndex(where: { $0.constant == number })
    else { return nil }
    let name = graph.name(of: node)
    let target = exported.signature.inputSpecs.first { $0.argument.name == name }?.target ?? name
    return NumberSource(text: "\(number) is \(target).shape[\(dim)]", place: Provenance(node, of: graph))
  }

  /// Whether a value has the number as a size.
  private static func has(_ number: Int, _ node: Node, _ program: FakeProgram) -> Bool {
    program.recordedValue(of: node, in: "")?.containsLeaf { leaf in
      switch leaf {
      case .tensor(let tensor): tensor.sizes.contains { $0.constant == number }
      case .symInt(let size): size.constant == number
      default: false
      }
    } ?? false
  }

  /// Whether the number is a literal in a place of the call that the schema types as a size.
  private static func writes(_ number: Int, _ node: Node, _ graph: Graph) -> Bool {
    guard graph.op(of: node) == .callFunction,
      let schema = SchemaTable.schema(named: graph.target(of: node).text),
      let arguments = try? graph.normalizedArguments(of: node, schema: schema)
    else { return false }
    return zip(schema.arguments, arguments).contains { declared, given in
      "\(declared.type)".contains("SymInt") && given.value.holds(number)
    }
  }
}

extension Node.Argument {
  /// Whether the argument is the number, or a list with it.
  fileprivate func holds(_ number: Int) -> Bool {
    switch self {
    case .int(let value): value == number
    case .list(let items), .tuple(let items): items.contains { $0.holds(number) }
    default: false
    }
  }
}
