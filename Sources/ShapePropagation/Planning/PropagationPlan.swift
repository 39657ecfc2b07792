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
    var code: Code
    let node: Node
    /// `slots[firstSlot ..< endSlot]`.
    let firstSlot: UInt32
    let endSlot: UInt32
    /// The number of its operator and constant arguments, when results of such calls are remembered.
    let signature: OptionalNumber
    /// Where the symbols that the node binds are in `bindings`, if it binds any.
    let bindings: OptionalNumber

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
  let innerNames: ContiguousArray<String>
  let bindings: ContiguousArray<[UnbackedBinding]>
  /// Nodes whose operator has no rule.
  let unsupported: [Node]
  /// What each target is.
  let targets: TargetResolution
  /// How many slots a plan made anew has; one that was derived from others may hold slots of nodes that went.
  let slotsWhenNew: Int
  /// Results of calls.
  let memo: CallMemo
  /// Calls that no run is using, one for each of `operators`.
  var idleCalls: [OperatorCall]?

  var operators: ContiguousArray<ResolvedOperator> { targets.operators }
  var rules: ContiguousArray<HigherOrderRule> { targets.rules }

  /// - Throws: ``PropagationError`` for a call whose arguments do not fit its schema.
  convenience init(
    _ module: GraphModule, at path: String, number: UInt32, table: OperatorTable, shapes: ShapeEnv,
    facts: (any ProgramFacts)?
  ) throws(PropagationError) {
    var builder = PlanBuilder(module.graph, table: table, shapes: shapes)
    for node in module.graph.nodes {
      // Symbols of a nested graph are known inside it alone.
      try builder.add(node, binding: path.isEmpty ? facts?.bindings(of: node, in: path) ?? [] : [])
    }
    self.init(builder, module, at: path, number: number, slotsWhenNew: builder.slots.count)
  }

  /// The plan of an edited copy of the program of `old`, with the steps of the nodes that are the `same`.
  ///
  /// `nil` when making one anew is as well.
  ///
  /// - Throws: ``PropagationError`` for a call whose arguments do not fit its schema.
  convenience init?(
    editing old: PropagationPlan, _ module: GraphModule, same: NodeSet, shapes: ShapeEnv,
    facts: (any ProgramFacts)?
  ) throws(PropagationError) {
    guard old.slots.count <= 2 * old.slotsWhenNew + 64,
      var builder = PlanBuilder(editing: old, module.graph, shapes: shapes)
    else { return nil }
    var steps = NodeMap<Step>(for: old.module.graph)
    for step in old.steps { steps[step.node] = step }
    for node in module.graph.nodes {
      if same.contains(node), let step = steps[node] {
        builder.keep(step)
      } else {
        try builder.add(node, binding: facts?.bindings(of: node, in: old.path) ?? [])
      }
    }
    self.init(builder, module, at: old.path, number: old.number, slotsWhenNew: old.slotsWhenNew)
  }

  private init(
    _ builder: PlanBuilder, _ module: GraphModule, at path: String, number: UInt32, slotsWhenNew: Int
  ) {
    self.module = module
    self.path = path
    self.number = number
    self.slotsWhenNew = slotsWhenNew
    steps = builder.steps
    slots = builder.slots
    constants = builder.constants
    compounds = builder.compounds
    targets = builder.targets
    memo = builder.memo
    innerNames = builder.innerNames
    bindings = builder.bindings
    unsupported = builder.unsupported
  }
}
