import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes

/// An operator with what a trace needs to know about it.
///
/// A class, so that a call that is passed from layer to layer copies no schema.
final class TracedOperator {
  /// What it takes and returns.
  let schema: FunctionSchema
  /// Its parameters in order.
  let parameters: [Parameter]
  /// The target of nodes that call it.
  let target: Node.Target
  /// Whether it writes to an argument.
  let isMutable: Bool
  /// Whether its result shares memory with an argument.
  let isView: Bool
  /// How it is decomposed before functionalization.
  let composite: DecompositionTable.Row?
  /// How it is decomposed afterwards.
  let row: DecompositionTable.Row?

  /// What a call needs to know about a parameter; less to copy than the schema has.
  struct Parameter {
    let name: String
    let defaultValue: FakeValue?
    let isKeywordOnly: Bool
  }

  init(_ schema: FunctionSchema, _ shapes: ShapeEnv, _ table: DecompositionTable? = nil) {
    self.schema = schema
    parameters = schema.arguments.map { argument in
      Parameter(
        name: argument.name,
        defaultValue: argument.defaultValue.map { FakeValue(Node.Argument($0), in: shapes) },
        isKeywordOnly: argument.isKeywordOnly)
    }
    let (name, packet) = (schema.name.description, schema.name.packet)
    target = Node.Target("torch.ops.\(name)")
    isMutable = schema.isMutable
    isView = schema.isView || schema.name.base == "_unsafe_view"
    composite = table?.composite[name] ?? table?.composite[packet]
    row = table?.rows[name] ?? table?.rows[packet]
  }

  /// The position of a parameter.
  func position(of name: String) -> Int? { parameters.firstIndex { $0.name == name } }
}

/// The operators of a trace, each looked up once.
final class TracedOperators {
  private let table: DecompositionTable
  private let shapes: ShapeEnv
  private var known: [String: TracedOperator?] = [:]

  init(_ table: DecompositionTable, _ shapes: ShapeEnv) {
    self.table = table
    self.shapes = shapes
  }

  /// The operator that has this name in any of its spellings; `nil` if PyTorch has no such operator.
  func named(_ name: String) -> TracedOperator? {
    if let known = known[name] { return known }
    let schema = SchemaTable.schema(named: name)
    let found = schema.map { TracedOperator($0, shapes, table) }
    known[name] = .some(found)
    return found
  }
}
