import FX
import FakeTensors
import SymbolicShapes

/// A graph made ready to run: every target resolved, every argument in the order of its schema.
///
/// What can be known before the run is worked out once: which rule a target has, which value a constant
/// argument is, which default stands in, which symbols a node binds. A step of the run then fills a call from
/// its slots and runs the rule.
///
/// Steps and slots are plain numbers that point into the columns beside them, so that the loop over them
/// retains and releases nothing.
final class PropagationPlan {
  /// What a node does.
  enum Code {
    /// The run's input with this number.
    case placeholder(input: UInt32)
    case attribute
    /// Applies `operators[operator]`.
    case call(operator: UInt32)
    case getitem
    /// Applies `rules[rule]`.
    case higherOrder(rule: UInt32)
    case output
    /// A higher-order operator around one without a rule, `innerNames[inner]`: the recorded value stands in.
    case opaque(inner: UInt32)
    /// No rule: the recorded value may stand in.
    case unsupported
  }

  /// Where one argument comes from.
  enum Slot {
    /// `constants[index]`.
    case constant(UInt32)
    /// The value of the node with this number.
    case node(UInt32)
    /// `compounds[index]`.
    case compound(UInt32)
  }

  /// An argument that holds values of nodes.
  enum Compound {
    /// A list of integers.
    case integers([Slot])
    case list([Slot])
    case tuple([Slot])
    case dictionary([(key: String, slot: Slot)])
  }

  struct Step {
    let node: Node
    let code: Code
    /// `slots[firstSlot ..< endSlot]`.
    let firstSlot: UInt32
    let endSlot: UInt32
    /// Where the symbols that the node binds are in `bindings`, if it binds any.
    let bindings: UInt32?

    var slots: Range<Int> { Int(firstSlot)..<Int(endSlot) }
  }

  /// The module whose graph this is the plan of.
  let module: GraphModule
  /// Its dotted path below the root, empty for the root itself.
  let path: String
  /// The number that facts learnt in this graph carry.
  let number: UInt32
  let steps: ContiguousArray<Step>
  let slots: ContiguousArray<Slot>
  let constants: ContiguousArray<FakeValue>
  let compounds: ContiguousArray<Compound>
  let operators: ContiguousArray<ResolvedOperator>
  let rules: ContiguousArray<HigherOrderRule>
  let innerNames: ContiguousArray<String>
  let bindings: ContiguousArray<[UnbackedBinding]>
  /// Nodes whose operator has no rule.
  let unsupported: [Node]
  /// Calls that no run is using, one for each of `operators`.
  var idleCalls: [OperatorCall]?

  /// - Throws: ``PropagationError`` for a call whose arguments do not fit its schema.
  init(
    _ module: GraphModule, at path: String, number: UInt32, table: OperatorTable, shapes: ShapeEnv,
    facts: (any ProgramFacts)?
  ) throws(PropagationError) {
    var builder = PlanBuilder(module.graph, table: table, shapes: shapes)
    for node in module.graph.nodes {
      // Symbols of a nested graph are known inside it alone.
      try builder.add(node, binding: path.isEmpty ? facts?.bindings(of: node, in: path) ?? [] : [])
    }
    self.module = module
    self.path = path
    self.number = number
    steps = builder.steps
    slots = builder.slots
    constants = builder.constants
    compounds = builder.compounds
    operators = builder.targets.operators
    rules = builder.targets.rules
    innerNames = builder.innerNames
    bindings = builder.bindings
    unsupported = builder.unsupported
  }
}
