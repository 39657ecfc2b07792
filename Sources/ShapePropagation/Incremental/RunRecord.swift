import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// What a run did, node by node, so that a later run can repeat it in part.
///
/// A step without an effect is a function of its arguments and of what is known about their symbols. What is
/// known follows from the effects so far: their number is a node's *rank*.
final class RunRecord {
  /// What a step did beside making its value.
  struct Effect {
    let node: Node
    /// Whether later steps may see it: it taught a fact, made a symbol or used a memo.
    ///
    /// Otherwise it only wrote to tensors.
    let isSeen: Bool
    /// Whether it wrote to tensors.
    let writes: Bool
    /// Where the numbers of fresh symbols stood, when it made some.
    let symbolNumbers: SymbolNumbers?
    /// The symbols that it was about.
    let symbols: [Symbol]
    let memos: [ModeEffects.Memo]
    let renamings: [Renaming]
    let fresh: [FreshSymbols]
  }

  struct SymbolNumbers: Equatable {
    let int: Int
    let float: Int
  }

  /// What is noted of every node.
  struct Trace {
    /// How many effects came before; that of the node itself has this number.
    var rank: UInt32 = 0
    /// Whether the node was run at all.
    var isKnown = false
    var hasEffect = false
    /// Whether no memory in its value was there before.
    var ownsMemory = false
    /// Where the symbols that it binds are in the plan.
    var bindings = OptionalNumber(nil)
  }

  let module: GraphModule
  let plan: PropagationPlan
  let trustsRecorded: Bool
  /// The epoch of the last run of the mode; after another one this record says nothing.
  let epoch: UInt32
  /// The nodes of the program to be run next that are what they were; `nil` while that is this very program.
  var same: NodeSet?
  /// Whether tensors were written to, so that some values are other things at other nodes.
  var hasWrites = false
  /// By node number.
  var values: ContiguousArray<FakeValue?> = []
  var traces: ContiguousArray<Trace>
  var effects: [Effect] = []
  /// What was known before the effect of that rank, for some ranks, ascending.
  private(set) var checkpoints: [(rank: Int, state: ShapeEnv.Checkpoint)] = []
  private var spacing = 1

  /// A copy of what is known makes the next fact copy the columns of all symbols: only so many are kept.
  private static let mostCheckpoints = 64

  init(_ module: GraphModule, _ plan: PropagationPlan, trustsRecorded: Bool, epoch: UInt32) {
    self.module = module
    self.plan = plan
    self.trustsRecorded = trustsRecorded
    self.epoch = epoch
    traces = ContiguousArray(repeating: Trace(), count: module.graph.nodeCount)
  }

  func trace(of node: Node) -> Trace? {
    let index = Int(node.index)
    return index < traces.count && traces[index].isKnown ? traces[index] : nil
  }

  func value(of node: Node) -> FakeValue? {
    let index = Int(node.index)
    return index < values.count ? values[index] : nil
  }

  /// The symbols that a node bound, if it bound any.
  func bindings(of node: Node) -> [UnbackedBinding]? {
    trace(of: node)?.bindings.value.map { plan.bindings[Int($0)] }
  }

  /// Keeps what is known after the last effect, unless that was done for a near one.
  func noteCheckpoint(_ state: @autoclosure () -> ShapeEnv.Checkpoint) {
    guard effects.count.isMultiple(of: spacing), checkpoints.last?.rank != effects.count else { return }
    checkpoints.append((effects.count, state()))
    if checkpoints.count > Self.mostCheckpoints {
      spacing *= 2
      checkpoints.removeAll { !$0.rank.isMultiple(of: spacing) }
    }
  }

  /// Keeps what is known at the end.
  func noteEnd(_ state: ShapeEnv.Checkpoint) {
    if checkpoints.last?.rank != effects.count { checkpoints.append((effects.count, state)) }
  }

  /// The last checkpoint after `lower` and up to `upper`.
  func checkpoint(after lower: Int, through upper: Int) -> (rank: Int, state: ShapeEnv.Checkpoint)? {
    guard let found = checkpoints.last(where: { $0.rank <= upper }), found.rank > lower else { return nil }
    return found
  }

  /// What was known before the effect of exactly this rank.
  func checkpoint(at rank: Int) -> ShapeEnv.Checkpoint? {
    checkpoints.last { $0.rank <= rank }.flatMap { $0.rank == rank ? $0.state : nil }
  }
}
