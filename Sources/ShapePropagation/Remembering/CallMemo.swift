import DenseTables
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Remembers the results of the calls of one graph, by operator and by the metadata of the arguments.
///
/// Programs consist of layers: the same operator is applied to tensors of the same sizes again and again, within a run
/// and across runs. A symbolic result is valid for the facts that it was computed from, a concrete one always. Calls
/// that used a tensor's memo or changed a tensor's metadata are not remembered.
///
/// A call that added facts is remembered with them, for its own step only.
///
/// Calls that have new arguments each time, such as the rows selected by another mask, are not worth remembering in a
/// program that is run once: a first run soon stops remembering their signature, later runs never do.
///
/// - Source: the cache of `torch._subclasses.fake_tensor.FakeTensorMode`.
final class CallMemo {
  /// How to create a result again.
  private enum Result {
    /// A tensor with its own storage.
    case tensor(metadata: UInt32)
    /// A tensor that shares the storage of an argument.
    case view(metadata: UInt32, argument: UInt32)
    /// A tensor among the arguments.
    case argument(UInt32)
    /// The first tensor of the arguments, which was written to.
    case written
    case plain(FakeValue)
    case tuple([Result])
    case list([Result])

    /// Whether making the result again needs the arguments.
    var needsArguments: Bool {
      switch self {
      case .view, .argument, .written: true
      case .tensor, .plain: false
      case .tuple(let items), .list(let items): items.contains { $0.needsArguments }
      }
    }
  }

  private struct Entry {
    let result: Result
    /// The index in `lessons` of the facts that the call added, if any.
    private let place: OptionalNumber

    init(_ result: Result, lesson: Int? = nil) {
      self.result = result
      place = OptionalNumber(lesson.map { UInt32($0) })
    }

    var lesson: Int? { place.value.map { Int($0) } }
  }

  /// What was known after a call.
  private struct Lesson {
    /// The step that made the call.
    let origin: ShapeEnv.Origin
    let state: ShapeEnv.Checkpoint
  }

  /// The state before a call that is to be remembered.
  struct Pending {
    fileprivate let number: Int
    fileprivate let version: UInt64
    fileprivate let storages: Int
    fileprivate let memoUses: Int
    fileprivate let writes: Int
  }

  /// The outcome of looking up a call.
  enum Search {
    /// The number of its result, and whether creating that again needs the arguments.
    case found(Int, needsArguments: Bool)
    /// It was not called before.
    case new(Pending)
    /// It cannot be remembered.
    case hopeless
  }

  /// The first fact after a checkpoint copies the columns of all symbols, so few checkpoints are kept.
  private static var mostLessons: Int { 64 }
  /// After this many new calls of a signature in a row, a first run stops remembering it.
  private static var mostNew: UInt8 { 8 }

  /// Everything that is remembered.
  private struct Memory {
    /// Every operator of the plans that share this memory.
    var operators: ContiguousArray<ResolvedOperator> = []
    var signatures = WordTable()
    /// By signature: how many calls may still be new.
    var patience: ContiguousArray<UInt8> = []
    var calls = WordTable()
    /// Indexed by the number of the call.
    var entries: ContiguousArray<Entry?> = []
    var lessons: [Lesson] = []
    /// The last call of each node.
    var lastCalls = Column<UInt32>(nothing: 0)
    /// The tensors among the arguments of the call started last.
    var arguments: ContiguousArray<FakeTensor> = []
  }

  // Not checked for exclusive access: see `Documentation/tuning.md`.
  @exclusivity(unchecked) private var memory = Memory()
  @exclusivity(unchecked) var key = CallKey()
  /// Whether no run of the program has finished yet.
  @exclusivity(unchecked) var isFirstRun = true

  // While a plan is made

  /// Starts the signature of a call: its operator and constant arguments, added to ``key``.
  ///
  /// `index` is the operator's number in the plan being built; it may be another operator's in other plans.
  func startSignature(_ resolved: ResolvedOperator, _ index: Int) {
    key.start(UInt64(number(of: resolved, index)))
  }

  private func number(of resolved: ResolvedOperator, _ index: Int) -> Int {
    if index < memory.operators.count, memory.operators[index] === resolved { return index }
    if let number = memory.operators.lastIndex(where: { $0 === resolved }) { return number }
    memory.operators.append(resolved)
    return memory.operators.count - 1
  }

  /// The number of the signature; `nil` if such calls are not remembered.
  func endSignature() -> UInt32? {
    guard key.isWhole, let (number, isNew) = memory.signatures.number(of: key.words, guess: 0) else {
      return nil
    }
    if isNew { memory.patience.append(Self.mostNew) }
    return UInt32(number)
  }

  // While a plan is run

  /// Starts a call; its computed arguments are then added to ``key``.
  ///
  /// - Returns: whether calls of this signature are still remembered.
  func start(_ signature: UInt32, _ mode: FakeTensorMode) -> Bool {
    if isFirstRun, memory.patience[Int(signature)] == 0 { return false }
    key.start(UInt64(signature) << 1 | (mode.isGradEnabled ? 1 : 0))
    return true
  }

  /// Looks up the current call, which `node` makes.
  func find(_ signature: UInt32, of node: Node, _ mode: FakeTensorMode) -> Search {
    key.end(mode.shapes)
    guard key.isWhole, let number = number(of: node) else { return .hopeless }
    if let entry = memory.entries[number],
      entry.lesson.map({ canRepeat(memory.lessons[$0], mode.shapes) }) ?? true
    {
      if isFirstRun { memory.patience[Int(signature)] = Self.mostNew }
      return .found(number, needsArguments: entry.result.needsArguments)
    }
    if isFirstRun { memory.patience[Int(signature)] -= 1 }
    return .new(
      Pending(
        number: number, version: mode.shapes.version, storages: mode.storageCount,
        memoUses: mode.memoUses, writes: mode.writes))
  }

  /// The number of the current call; most nodes make the same call in each run.
  private func number(of node: Node) -> Int? {
    let index = Int(node.index)
    guard let (number, isNew) = memory.calls.number(of: key.words, guess: Int(memory.lastCalls[index])) else {
      return nil
    }
    if isNew { memory.entries.append(nil) }
    memory.lastCalls[index] = UInt32(number)
    return number
  }

  private func canRepeat(_ lesson: Lesson, _ shapes: ShapeEnv) -> Bool {
    lesson.origin == shapes.origin && !shapes.hasPendingFresh
  }

  /// Starts a list of the call's arguments.
  func startArguments() {
    while memory.arguments.popLast() != nil {}
  }

  /// Adds the tensors of an argument.
  func addArgument(_ value: FakeValue) {
    switch value {
    case .tensor(let tensor): memory.arguments.append(tensor)
    case .list(let items), .tuple(let items): for item in items { addArgument(item) }
    default: break
    }
  }

  /// The result with this number; arguments that it needs must have been added.
  func value(_ number: Int, _ mode: FakeTensorMode) -> FakeValue? {
    guard let entry = memory.entries[number], let value = value(entry.result, mode) else { return nil }
    if let lesson = entry.lesson { mode.shapes.restore(memory.lessons[lesson].state) }
    return value
  }

  private func value(_ result: Result, _ mode: FakeTensorMode) -> FakeValue? {
    switch result {
    case .tensor(let metadata): return .tensor(mode.tensor(metadata: metadata))
    case .view(let metadata, let position):
      guard position < memory.arguments.count else { return nil }
      return .tensor(mode.tensor(metadata: metadata, sharing: memory.arguments[Int(position)]))
    case .argument(let position):
      return position < memory.arguments.count ? .tensor(memory.arguments[Int(position)]) : nil
    case .written:
      guard let target = memory.arguments.first, targetIsAlone else { return nil }
      mode.noteMutation(of: target)
      return .tensor(target)
    case .plain(let value): return value
    case .tuple(let items): return values(items, mode).map { .tuple($0) }
    case .list(let items):
      // Remembered pieces are tensors, too; the rule refuses those beyond the limit.
      guard mode.allowsPieces(items.count) else { return nil }
      return values(items, mode).map { .list($0) }
    }
  }

  private func values(_ results: [Result], _ mode: FakeTensorMode) -> [FakeValue]? {
    var values: [FakeValue] = []
    values.reserveCapacity(results.count)
    for result in results {
      guard let value = value(result, mode) else { return nil }
      values.append(value)
    }
    return values
  }

  /// Whether no other argument shares the storage of the first one.
  private var targetIsAlone: Bool {
    !memory.arguments.dropFirst().contains { $0.storage == memory.arguments.first?.storage }
  }

  /// Remembers the result of the current call, unless the call did more than add facts or write to its first argument.
  func note(_ value: FakeValue, _ pending: Pending, _ mode: FakeTensorMode) {
    let isLesson = mode.shapes.version != pending.version
    if mode.writes != pending.writes {
      if !isLesson, wroteToTarget(value, pending, mode) {
        memory.entries[pending.number] = Entry(.written)
      }
      return
    }
    guard mode.memoUses == pending.memoUses, key.isSymbolic || !value.isSymbolic else { return }
    if isLesson,
      isFirstRun || !key.isSymbolic || memory.lessons.count == Self.mostLessons || mode.shapes.hasPendingFresh
    {
      return
    }
    var maker = ResultMaker(storages: pending.storages, arguments: memory.arguments, mode: mode)
    guard let result = maker.result(value) else { return }
    guard isLesson else {
      memory.entries[pending.number] = Entry(result)
      return
    }
    let lesson = Lesson(origin: mode.shapes.origin, state: mode.shapes.checkpoint())
    if let old = memory.entries[pending.number]?.lesson {
      memory.lessons[old] = lesson
      memory.entries[pending.number] = Entry(result, lesson: old)
    } else {
      memory.entries[pending.number] = Entry(result, lesson: memory.lessons.count)
      memory.lessons.append(lesson)
    }
  }

  /// Whether a call only wrote to its first argument, whose metadata is unchanged.
  private func wroteToTarget(_ value: FakeValue, _ pending: Pending, _ mode: FakeTensorMode) -> Bool {
    guard mode.memoUses == pending.memoUses, mode.writes == pending.writes + 1,
      let target = memory.arguments.first, case .tensor(let result) = value, result === target
    else { return false }
    // The metadata can be the same although the tensor has a new storage.
    return targetIsAlone && Int(target.storage.index) < pending.storages
      && mode.metadataNumber(of: target) == key.firstMetadata
  }

  /// Turns a value into the information needed to create it again.
  private struct ResultMaker {
    /// How many storages there were before the call.
    let storages: Int
    let arguments: ContiguousArray<FakeTensor>
    let mode: FakeTensorMode
    private var owned: [Storage] = []

    init(storages: Int, arguments: ContiguousArray<FakeTensor>, mode: FakeTensorMode) {
      self.storages = storages
      self.arguments = arguments
      self.mode = mode
    }

    mutating func result(_ value: FakeValue) -> Result? {
      switch value {
      case .tensor(let tensor): return result(tensor)
      case .symInt, .symFloat, .symBool, .bool, .float, .none: return .plain(value)
      case .tuple(let items): return results(items).map { .tuple($0) }
      case .list(let items): return results(items).map { .list($0) }
      default: return nil
      }
    }

    private mutating func results(_ items: [FakeValue]) -> [Result]? {
      var results: [Result] = []
      for item in items {
        guard let result = result(item) else { return nil }
        results.append(result)
      }
      return results
    }

    private mutating func result(_ tensor: FakeTensor) -> Result? {
      if let found = argument(where: { $0 === tensor }) {
        return found.isOnly ? .argument(found.position) : nil
      }
      let metadata = mode.metadataNumber(of: tensor)
      if metadata == 0 { return nil }
      if Int(tensor.storage.index) >= storages {
        // Results that share a new storage cannot be created again.
        if owned.contains(tensor.storage) { return nil }
        owned.append(tensor.storage)
        return .tensor(metadata: metadata)
      }
      // When two arguments share the storage, it is unknown whose view this is.
      guard let base = argument(where: { $0.storage == tensor.storage }), base.isOnly else { return nil }
      return .view(metadata: metadata, argument: base.position)
    }

    /// The first argument that is wanted, and whether it is the only one.
    private func argument(where isWanted: (FakeTensor) -> Bool) -> (position: UInt32, isOnly: Bool)? {
      arguments.firstIndex(where: isWanted).map {
        (UInt32(truncatingIfNeeded: $0), !arguments[($0 + 1)...].contains(where: isWanted))
      }
    }
  }
}
