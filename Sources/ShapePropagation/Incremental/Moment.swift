import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// The state before a step, from which its effects are determined.
struct Moment {
  private let mark: KnowledgeMark
  private let memoUses: Int
  private let writes: Int
  private let renamings: Int
  private let fresh: Int
  /// How many storages there were.
  let storages: Int

  init(_ engine: PropagationEngine) {
    mark = engine.mode.shapes.mark
    memoUses = engine.mode.memoUses
    writes = engine.mode.writes
    renamings = engine.step.renamings.count
    fresh = engine.step.fresh.count
    storages = engine.mode.storageCount
  }

  /// What `step` did besides computing `value`, if anything.
  func effect(
    of step: PropagationPlan.Step, _ value: FakeValue, _ engine: PropagationEngine
  )
    -> RunRecord.Effect?
  {
    let (mode, shapes) = (engine.mode, engine.mode.shapes)
    let now = shapes.mark
    let isSeen = now.version != mark.version || mode.memoUses != memoUses
    let writes = mode.writes != writes
    guard isSeen || writes else { return nil }
    var symbols: Set<SymExpr.Symbol> = []
    if isSeen {
      shapes.forEachSymbol(learntSince: mark) { symbols.insert($0) }
      let note = { (expression: SymExpr) in
        shapes.forEachRelatedSymbol(of: expression) { symbols.insert($0) }
      }
      value.forEachSymbolicExpression(note)
      for slot in step.slots { engine.value(engine.plan.slots[slot]).forEachSymbolicExpression(note) }
    }
    let madeSymbols =
      now.nextUnbackedInt != mark.nextUnbackedInt || now.nextUnbackedFloat != mark.nextUnbackedFloat
    return RunRecord.Effect(
      node: step.node, isSeen: isSeen, writes: writes,
      symbolNumbers: madeSymbols
        ? RunRecord.SymbolNumbers(int: mark.nextUnbackedInt, float: mark.nextUnbackedFloat) : nil,
      symbols: Array(symbols), memos: mode.effects.takeMemos(),
      renamings: engine.step.renamings[renamings...].map(\.renaming),
      fresh: Array(engine.step.fresh[fresh...]))
  }
}

extension FakeValue {
  /// Whether all storages of its tensors were created after the first `count`.
  func ownsMemory(since count: Int) -> Bool {
    var isOwn = true
    forEachTensor { isOwn = isOwn && Int($0.storage.index) >= count }
    return isOwn
  }
}
