import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Runs a program again and computes only what an edit can have changed.
///
/// The value of a node is kept if the node, its arguments and what is known about their symbols are unchanged. Nodes
/// with effects are run again, because later nodes need their effects. Two techniques keep that rare:
///
/// - A new value that differs from the old one only in its storage is replaced by the old one, so what follows is
///   unchanged.
/// - While the facts are those of the recorded run at the same place (*in sync*), a stretch of unchanged nodes is
///   skipped at once: a checkpoint of the recorded run contains their effects.
///
/// Once an effect differs from the recorded one, its symbols are *unsure*, and nodes that involve them are run again.
struct IncrementalRun {
  private var engine: PropagationEngine
  private let inputs: [FakeValue?]
  private let options: PropagationOptions
  private let base: RunRecord?
  /// The nodes that are unchanged since the record; `nil` for all.
  private let same: NodeSet?
  /// The inputs that differ from the record's.
  private var otherInputs = NodeSet()
  /// The nodes whose value differs from the record's.
  private var changed: NodeSet
  private var changedCount = 0
  private var unsure = SymbolFlags()
  /// How many effects of the record have been repeated, skipped or found missing.
  private var rank = 0
  private var isInSync: Bool
  /// The nodes of steps before this one are known to be unchanged.
  private var surveyed = 0
  /// The record of this run.
  let record: RunRecord
  /// How many steps were run.
  private(set) var computed = 0

  init(
    _ engine: PropagationEngine, _ inputs: [FakeValue?], _ options: PropagationOptions, after base: RunRecord?
  ) {
    self.engine = engine
    self.inputs = inputs
    self.options = options
    self.base = base
    let plan = engine.plan
    same = base?.same
    changed = NodeSet(for: plan.module.graph)
    isInSync = base != nil
    record = RunRecord(
      plan.module, plan, trustsRecorded: options.trustsRecorded, epoch: engine.mode.epoch)
    if let base { findOtherInputs(base) }
  }

  private mutating func findOtherInputs(_ base: RunRecord) {
    for step in engine.plan.steps {
      guard case .placeholder(let input) = step.code, let given = inputs[Int(input)] else { continue }
      if base.value(of: step.node)?.isSame(as: given) != true { otherInputs.insert(step.node) }
    }
  }

  private var mode: FakeTensorMode { engine.mode }
  private var shapes: ShapeEnv { engine.mode.shapes }

  /// Runs all steps.
  ///
  /// - Returns: the engine, with values and findings as after a full run, and the error that stopped the run.
  mutating func run() -> (PropagationEngine, PropagationError?) {
    defer { engine.putCallsBack() }
    _ = mode.effects.takeMemos()
    record.noteCheckpoint(shapes.checkpoint())
    for (position, step) in engine.plan.steps.enumerated() {
      if isInSync, position >= surveyed { survey(from: position) }
      do { try take(step, isSurveyed: position < surveyed) } catch {
        return (engine, engine.step.failure(of: step.node, error))
      }
    }
    record.hasWrites = mode.writes > 0
    record.noteEnd(shapes.checkpoint())
    record.values = engine.values
    return (engine, nil)
  }

  private mutating func take(_ step: PropagationPlan.Step, isSurveyed: Bool) throws {
    guard let base, let trace = base.trace(of: step.node) else {
      return try compute(step, nil, isSame: false)
    }
    if isSurveyed {
      if !trace.hasEffect { return keep(step, trace, base) }
      if Int(trace.rank) < rank { return keep(step, trace, base, base.effects[Int(trace.rank)]) }
      return try compute(step, trace, isSame: true)
    }
    pass(effectsBefore: trace, base)
    let isSame = isUnaffected(step, base) && Int(trace.rank) == rank
    if isSame, !trace.hasEffect, !wasWritten(step.node, base) {
      return keep(step, trace, base)
    }
    try compute(step, trace, isSame: isSame)
  }

  // Looking ahead

  /// Finds the stretch of unchanged nodes starting at `start`, and skips their effects as far as a checkpoint allows.
  private mutating func survey(from start: Int) {
    guard let base else { return }
    var (end, reached) = (start, rank)
    let steps = engine.plan.steps
    while end < steps.count, let trace = base.trace(of: steps[end].node), Int(trace.rank) == reached,
      hasSameArguments(steps[end]), !readsWritten(steps[end]),
      !wasWritten(steps[end].node, base)
    {
      if trace.hasEffect {
        if base.effects[reached].writes { break }
        reached += 1
      }
      end += 1
    }
    surveyed = end
    guard let (next, state) = base.checkpoint(after: rank, through: reached) else { return }
    shapes.restore(state)
    for effect in base.effects[rank..<next] {
      for memo in effect.memos { mode.setMemo(memo.key, of: memo.tensor, to: memo.value) }
    }
    _ = mode.effects.takeMemos()
    rank = next
  }

  // Deciding

  private func isUnaffected(_ step: PropagationPlan.Step, _ base: RunRecord) -> Bool {
    hasSameArguments(step) && isSure(step) && !readsWritten(step)
  }

  private func hasSameArguments(_ step: PropagationPlan.Step) -> Bool {
    if same?.contains(step.node) == false || otherInputs.contains(step.node) { return false }
    var isSame = true
    if changedCount == 0 { return isSame }
    engine.graph.forEachInput(of: step.node) { isSame = isSame && !changed.contains($0) }
    return isSame
  }

  /// Whether every question that the step can ask about symbols has the same answer as before.
  private func isSure(_ step: PropagationPlan.Step) -> Bool {
    if unsure.isEmpty { return true }
    // A nested graph may use symbols that are not among its inputs.
    if case .higherOrder = step.code { return false }
    if case .module = step.code { return false }
    if case .opaque = step.code { return false }
    if case .unsupported = step.code { return false }
    if let bindings = step.bindings.value {
      let symbols = engine.plan.bindings[Int(bindings)].map(\.symbol)
      if symbols.contains(where: { unsure.affects(shapes.arena.handle(of: $0), in: shapes) }) { return false }
    }
    return !step.slots.contains { unsure.affects(engine.value(engine.plan.slots[$0]), in: shapes) }
  }

  private func readsWritten(_ step: PropagationPlan.Step) -> Bool {
    mode.writes > 0 && step.slots.contains { engine.value(engine.plan.slots[$0]).wasWritten }
  }

  private func wasWritten(_ node: Node, _ base: RunRecord) -> Bool {
    base.hasWrites && base.value(of: node)?.wasWritten != false
  }

  /// Advances to the place of the node of `trace` in the record; effects before it that are gone, or now come later,
  /// are missing.
  private mutating func pass(effectsBefore trace: RunRecord.Trace, _ base: RunRecord) {
    while rank < Int(trace.rank) {
      guard trace.hasEffect || !engine.graph.contains(base.effects[rank].node) else { return }
      distrust(base.effects[rank])
      rank += 1
    }
  }

  private mutating func distrust(_ effect: RunRecord.Effect) {
    guard effect.isSeen else { return }
    for symbol in effect.symbols { unsure.insert(symbol) }
    isInSync = false
  }

  // Keeping

  private mutating func keep(
    _ step: PropagationPlan.Step, _ trace: RunRecord.Trace, _ base: RunRecord,
    _ effect: RunRecord.Effect? = nil
  ) {
    let node = step.node
    let isTrusted =
      switch step.code {
      case .opaque, .unsupported: true
      default: false
      }
    engine.keep(node, base.value(of: node), isTrusted: isTrusted)
    note(step, hasEffect: effect != nil, ownsMemory: trace.ownsMemory)
    guard let effect else { return }
    record.effects.append(effect)
    if let state = base.checkpoint(at: Int(trace.rank) + 1) { record.noteCheckpoint(state) }
    engine.keep(node, effect.renamings, effect.fresh)
  }

  private mutating func note(_ step: PropagationPlan.Step, hasEffect: Bool, ownsMemory: Bool) {
    record.traces[Int(step.node.index)] = RunRecord.Trace(
      rank: UInt32(record.effects.count), isKnown: true, hasEffect: hasEffect, ownsMemory: ownsMemory)
  }

  // Computing

  private mutating func compute(
    _ step: PropagationPlan.Step, _ trace: RunRecord.Trace?, isSame: Bool
  ) throws {
    let before = Moment(engine)
    let value = try engine.execute(step, inputs, options)
    computed += 1
    let ownsMemory = value.ownsMemory(since: before.storages)
    let effect = before.effect(of: step, value, engine)
    note(step, hasEffect: effect != nil, ownsMemory: ownsMemory)
    settle(effect, trace, isSame: isSame)
    if let effect {
      record.effects.append(effect)
      record.noteCheckpoint(shapes.checkpoint())
    }
    let known = base?.value(of: step.node)
    if let known, let trace,
      value.isSame(as: known) || ownsMemory && trace.ownsMemory && value.isSameUpToMemory(as: known)
    {
      engine.values[Int(step.node.index)] = known
    } else {
      engine.values[Int(step.node.index)] = value
      changed.insert(step.node)
      changedCount += 1
    }
  }

  /// Compares an effect with the recorded one.
  private mutating func settle(_ effect: RunRecord.Effect?, _ trace: RunRecord.Trace?, isSame: Bool) {
    var recorded: RunRecord.Effect?
    if let base, let trace, trace.hasEffect, Int(trace.rank) == rank {
      recorded = base.effects[rank]
      rank += 1
    }
    if shapes.isContradictory { unsure.insertAll() }
    if isSame, let effect, let recorded, effect.symbolNumbers == recorded.symbolNumbers { return }
    if let recorded { distrust(recorded) }
    if let effect { distrust(effect) }
  }
}
