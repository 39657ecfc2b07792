import FX
import FakeTensors
import SymbolicShapes

/// Results of calls by operator and what the arguments look like, for the calls of one graph.
///
/// Programs are made of layers: the same operator meets tensors of the same sizes again and again, in one run and
/// in the next. A result holds for the facts from which it was found; one of numbers alone holds always. Calls
/// that did anything but make a result are not remembered.
///
/// Where a call is met that is new each time, remembering it is given up.
///
/// - Source: the cache of `torch._subclasses.fake_tensor.FakeTensorMode`.
final class CallMemo {
  /// A result whose tensors are still to be made.
  private indirect enum Result {
    /// A tensor in memory of its own.
    case tensor(metadata: UInt32)
    /// A tensor in the memory of an argument.
    case view(metadata: UInt32, argument: Int)
    /// A tensor of the arguments.
    case argument(Int)
    case plain(FakeValue)
    case tuple([Result])
    case list([Result])
  }

  private struct Entry {
    /// The facts from which the result was found.
    var version: UInt64
    var result: Result?
  }

  /// How things stood before a call that is to be remembered.
  struct Pending {
    fileprivate let number: Int
    fileprivate let version: UInt64
    fileprivate let storages: Int
    fileprivate let memoUses: Int
    fileprivate let writes: Int
  }

  /// The version of results that follow from no facts.
  private static var always: UInt64 { 0 }
  /// How many misses without a hit are one too many.
  private static var patience: Int8 { 8 }

  @exclusivity(unchecked) private var signatures = WordTable()
  /// By signature: how often it may miss before it is given up.
  @exclusivity(unchecked) private var patience: ContiguousArray<Int8> = []
  @exclusivity(unchecked) private var calls = WordTable()
  @exclusivity(unchecked) private var entries: ContiguousArray<Entry> = []
  @exclusivity(unchecked) var key = CallKey()

  // While a plan is made

  /// Starts the signature of a call: its operator and constant arguments, added to ``key``.
  func startSignature(operator index: UInt32) { key.start(UInt64(index)) }

  /// The number of the signature; `nil` when such calls are not remembered.
  func endSignature() -> UInt32? {
    guard key.isWhole, let (number, isNew) = signatures.number(of: key.words) else { return nil }
    if isNew { patience.append(Self.patience) }
    return UInt32(number)
  }

  // While a plan is run

  /// Starts a call; its arguments that are not constant are added to ``key``.
  ///
  /// - Returns: whether calls of this signature are worth remembering.
  func start(_ signature: UInt32, _ mode: FakeTensorMode) -> Bool {
    guard patience[Int(signature)] > 0 else { return false }
    key.start(UInt64(signature) << 1 | (mode.isGradEnabled ? 1 : 0))
    return true
  }

  /// The result of the call that was started last, or what is needed to remember it.
  func find(_ signature: UInt32, _ mode: FakeTensorMode) -> (known: FakeValue?, pending: Pending?) {
    guard key.isWhole, let (number, isNew) = calls.number(of: key.words) else { return (nil, nil) }
    if isNew { entries.append(Entry(version: 0, result: nil)) }
    let entry = entries[number]
    let version = mode.shapes.version
    if let result = entry.result, entry.version == version || entry.version == Self.always {
      if patience[Int(signature)] < Self.patience { patience[Int(signature)] += 1 }
      return (value(result, mode), nil)
    }
    if !isNew || number >= Int(Self.patience) { patience[Int(signature)] -= 1 }
    return (
      nil,
      Pending(
        number: number, version: version, storages: mode.storageCount, memoUses: mode.effects.memoUses,
        writes: mode.effects.writes)
    )
  }

  /// Remembers the result of the call that was started last, when the call did nothing else.
  func note(_ value: FakeValue, _ pending: Pending, _ mode: FakeTensorMode) {
    guard mode.shapes.version == pending.version, mode.effects.memoUses == pending.memoUses,
      mode.effects.writes == pending.writes
    else { return }
    var owned: [Storage] = []
    guard let result = result(value, pending, mode, &owned) else { return }
    let isStatic = !key.isSymbolic && !value.isSymbolic
    entries[pending.number] = Entry(version: isStatic ? Self.always : pending.version, result: result)
  }

  private func result(
    _ value: FakeValue, _ pending: Pending, _ mode: FakeTensorMode, _ owned: inout [Storage]
  ) -> Result? {
    switch value {
    case .tensor(let tensor):
      let selves = key.tensors.indices.filter { key.tensors[$0] === tensor }
      if !selves.isEmpty { return selves.count == 1 ? .argument(selves[0]) : nil }
      let metadata = mode.metadataNumber(of: tensor)
      if metadata == 0 { return nil }
      if Int(tensor.storage.index) >= pending.storages {
        // Two results in one new memory are a pair that this does not know how to make.
        if owned.contains(tensor.storage) { return nil }
        owned.append(tensor.storage)
        return .tensor(metadata: metadata)
      }
      let bases = key.tensors.indices.filter { key.tensors[$0].storage == tensor.storage }
      // With two arguments in one memory it cannot be told whose view this is.
      guard bases.count == 1 else { return nil }
      return .view(metadata: metadata, argument: bases[0])
    case .symInt, .symFloat, .symBool, .bool, .float, .none: return .plain(value)
    case .tuple(let items):
      let results = items.compactMap { result($0, pending, mode, &owned) }
      return results.count == items.count ? .tuple(results) : nil
    case .list(let items):
      let results = items.compactMap { result($0, pending, mode, &owned) }
      return results.count == items.count ? .list(results) : nil
    default: return nil
    }
  }

  private func value(_ result: Result, _ mode: FakeTensorMode) -> FakeValue {
    switch result {
    case .tensor(let metadata): .tensor(mode.tensor(metadata: metadata))
    case .view(let metadata, let argument):
      .tensor(mode.tensor(metadata: metadata, sharing: key.tensors[argument]))
    case .argument(let position): .tensor(key.tensors[position])
    case .plain(let value): value
    case .tuple(let items): .tuple(items.map { value($0, mode) })
    case .list(let items): .list(items.map { value($0, mode) })
    }
  }
}
