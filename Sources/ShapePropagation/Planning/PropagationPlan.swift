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
    /// The run's input with this number; no positional one when it is the highest number there is.
    case placeholder(input: UInt32)
    case attribute
    /// Applies `operators[operator]`.
    case call(operator: UInt32)
    case getitem
    /// Applies `rules[rule]`.
    case higherOrder(rule: UInt32)
    /// Runs a submodule.
    case module
    case output
    /// A higher-order operator around one without a rule, `innerNames[inner]`: the recorded value stands in.
    case opaque(inner: UInt32)
    /// No rule: the recorded value may stand in.
    case unsupported
    /// A call that does not fit its operator's schema, for the reason `refusals[refusal]`.
    case refused(refusal: UInt32)
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
    case slice([Slot])
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
  let place: GraphPlace
  let steps: ContiguousArray<Step>
  let slots: ContiguousArray<Slot>
  let constants: ContiguousArray<FakeValue>
  let compounds: ContiguousArray<Compound>
  let innerNames: ContiguousArray<String>
  let refusals: ContiguousArray<OperatorError>
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

  convenience init(_ program: PropagationContext, _ module: GraphModule, at place: GraphPlace) {
    var builder = PlanBuilder(module.graph, program, at: place)
    for node in module.graph.nodes { builder.add(node, binding: program.bindings(of: node, at: place)) }
    self.init(builder, module, at: place, slotsWhenNew: builder.slots.count)
  }

  /// The plan of an edited copy of the program of `old`, with the steps of the nodes that are the `same`.
  ///
  /// `nil` when making one anew is as well.
  convenience init?(
    editing old: PropagationPlan, _ program: PropagationContext, _ module: GraphModule, same: NodeSet
  ) {
    guard old.slots.count <= 2 * old.slotsWhenNew + 64,
      var builder = PlanBuilder(editing: old, module.graph, program)
    else { return nil }
    var steps = NodeMap<Step>(for: old.module.graph)
    for step in old.steps { steps[step.node] = step }
    for node in module.graph.nodes {
      if same.contains(node), let step = steps[node] {
        builder.keep(step)
      } else {
        builder.add(node, binding: program.bindings(of: node, at: old.place))
      }
    }
    self.init(builder, module, at: old.place, slotsWhenNew: old.slotsWhenNew)
  }

  private init(_ builder: PlanBuilder, _ module: GraphModule, at place: GraphPlace, slotsWhenNew: Int) {
    self.module = module
    self.place = place
    self.slotsWhenNew = slotsWhenNew
    steps = builder.steps
    slots = builder.slots
    constants = builder.constants
    compounds = builder.compounds
    targets = builder.targets
    memo = builder.memo
    innerNames = builder.innerNames
    refusals = builder.refusals
    bindings = builder.bindings
    unsupported = builder.unsupported
  }
}
