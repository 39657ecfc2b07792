import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// What a run did, node by node, so that a later run can repeat only part of it.
///
/// A step without an effect is a function of its arguments and of what is known about their symbols. What is known
/// follows from the effects so far: their number is a node's *rank*.
final class RunRecord {
  /// What a step did besides computing its value.
  struct Effect {
    let node: Node
    /// Whether later steps may see it: it added a fact, created a symbol or used a memo.
    ///
    /// Otherwise it only wrote to tensors.
    let isSeen: Bool
    /// Whether it wrote to tensors.
    let writes: Bool
    /// The numbers of the next fresh symbols before the step, if it created some.
    let symbolNumbers: SymbolNumbers?
    /// The symbols involved.
    let symbols: [SymExpr.Symbol]
    let memos: [ModeEffects.Memo]
    let renamings: [Renaming]
    let fresh: [FreshSymbols]
  }

  struct SymbolNumbers: Equatable {
    let int: Int
    let float: Int
  }

  /// What is recorded for every node.
  struct Trace {
    /// How many effects came before the node; its own effect has this number.
    var rank: UInt32 = 0
    /// Whether the node was run at all.
    var isKnown = false
    var hasEffect = false
    /// Whether all storages in its value are new.
    var ownsMemory = false
  }

  let module: GraphModule
  let plan: PropagationPlan
  let trustsRecorded: Bool
  /// The epoch of the run; in any other epoch this record is void.
  let epoch: UInt32
  /// The unchanged nodes of the program to run next; `nil` if that is this program.
  var same: NodeSet?
  /// Whether tensors were written to, so that a value may differ from node to node.
  var hasWrites = false
  /// By node number.
  var values: ContiguousArray<FakeValue?> = []
  var traces: ContiguousArray<Trace>
  var effects: [Effect] = []
  /// What was known before the effect of that rank, for some ranks, ascending.
  private(set) var checkpoints: [(rank: Int, state: ShapeEnv.Checkpoint)] = []
  private var spacing = 1

  /// The first fact after a checkpoint copies the columns of all symbols, so few checkpoints are kept.
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

  /// Keeps a checkpoint after the last effect, unless one is nearby.
  func noteCheckpoint(_ state: @autoclosure () -> ShapeEnv.Checkpoint) {
    guard effects.count.isMultiple(of: spacing), checkpoints.last?.rank != effects.count else { return }
    checkpoints.append((effects.count, state()))
    if checkpoints.count > Self.mostCheckpoints {
      spacing *= 2
      checkpoints.removeAll { !$0.rank.isMultiple(of: spacing) }
    }
  }

  /// Keeps a checkpoint at the end.
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
