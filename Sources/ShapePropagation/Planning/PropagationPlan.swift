import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// A graph prepared to run: every target resolved, every argument in the order of its schema.
///
/// What is known before the run is computed once: the rule of each target, the values of constant arguments and
/// defaults, the symbols that each node binds. A step of the run then fills a call from its slots and applies the rule.
///
/// Steps and slots are plain numbers that point into the columns beside them, so the loop over them retains and
/// releases nothing.
final class PropagationPlan {
  /// What a node does.
  enum Code {
    /// The run's positional input with this number; none if it is `UInt32.max`.
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
    /// A higher-order operator around one without a rule, `innerNames[inner]`: the recorded value is used.
    case opaque(inner: UInt32)
    /// There is no rule; the recorded value may be used.
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

  /// An argument that contains the values of nodes.
  enum Compound {
    /// A list of integers.
    case integers([Slot])
    case list([Slot])
    case tuple([Slot])
    case dictionary([(key: DictionaryKey, slot: Slot)])
    case slice([Slot])
  }

  struct Step {
    var code: Code
    let node: Node
    /// `slots[firstSlot ..< endSlot]`.
    let firstSlot: UInt32
    let endSlot: UInt32
    /// The number of its signature, if results of such calls are remembered.
    let signature: OptionalNumber
    /// The position in `bindings` of the symbols that the node binds, if any.
    let bindings: OptionalNumber

    var slots: Range<Int> { Int(firstSlot)..<Int(endSlot) }

    var isOutput: Bool { if case .output = code { true } else { false } }
  }

  /// The module whose graph is planned.
  let running: RunningModule
  let place: GraphPlace
  let steps: ContiguousArray<Step>
  let slots: ContiguousArray<Slot>
  let constants: ContiguousArray<FakeValue>
  let compounds: ContiguousArray<Compound>
  let innerNames: ContiguousArray<String>
  let refusals: ContiguousArray<PropagationError.Kind>
  let bindings: ContiguousArray<[UnbackedBinding]>
  let inputCount: Int
  /// Whether an input takes what is left of the arguments, as `*args` does.
  let collectsInputs: Bool
  /// Nodes whose operator has no rule.
  let unsupported: [Node]
  /// The resolved targets.
  let targets: TargetResolution
  /// The number of slots of a newly built plan; a plan derived from others may keep slots of removed nodes.
  let slotsWhenNew: Int
  /// The remembered results of calls.
  let memo: CallMemo
  /// Calls that no run is using, one for each of `operators`.
  var idleCalls: [OperatorCall]?

  var module: GraphModule { running.module }
  var operators: ContiguousArray<ResolvedOperator> { targets.operators }
  var rules: ContiguousArray<HigherOrderRule> { targets.rules }

  convenience init(_ program: PropagationContext, _ module: GraphModule, at place: GraphPlace) {
    var builder = PlanBuilder(module.graph, program, at: place)
    for node in module.graph.nodes { builder.add(node, binding: program.bindings(of: node, at: place)) }
    self.init(builder, module, at: place, slotsWhenNew: builder.slots.count)
  }

  /// The plan of an edited copy of the program of `old`, with the old steps of the nodes in `same`.
  ///
  /// `nil` when a new plan should be built instead.
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
    running = RunningModule(module)
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
    inputCount = Int(builder.inputCount)
    collectsInputs = builder.collectsInputs
    unsupported = builder.unsupported
  }
}
