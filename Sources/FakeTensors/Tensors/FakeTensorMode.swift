public import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// The world that fake tensors live in: their symbols, memories and memos.
///
/// Source: `torch._subclasses.fake_tensor.FakeTensorMode`.
public final class FakeTensorMode {
  /// The symbols of all tensors of this mode.
  public let shapes: ShapeEnv
  /// What this mode's tensors know of it.
  let identity: ModeIdentity
  /// Whether operators may make sizes that only a run knows.
  ///
  /// Without a shape environment PyTorch refuses them with `DynamicOutputShapeException` and
  /// `DataDependentOutputException`.
  public let allowsDynamicOutputs: Bool
  /// Whether `nonzero` lays its indices out by rows, as fake tensors of PyTorch 2.5 did.
  public var nonzeroIsRowMajor = false
  /// Whether `native_group_norm` and its gradient have the memory format of the input on every device, as since
  /// PyTorch 2.15.
  public var groupNormKeepsFormat = false
  /// Whether results of tensors that require grad do so too.
  public var isGradEnabled: Bool {
    get { gradIsEnabled }
    set { gradIsEnabled = newValue }
  }
  @exclusivity(unchecked) private var gradIsEnabled = true
  /// Memos of an earlier epoch do not count.
  ///
  /// Advanced at the start of every run.
  public var epoch: UInt32 = 0
  /// What the steps of a run did beside their results.
  @exclusivity(unchecked) public var effects = ModeEffects()
  /// What tensors look like, by number.
  @exclusivity(unchecked) var metadata = MetadataTable()
  /// How often each memory was written to.
  @exclusivity(unchecked) var versions: ContiguousArray<UInt32> = []
  /// Tensors with known values, by memory, to be forgotten when it is written to.
  @exclusivity(unchecked) var constants: [Storage: [FakeTensor]] = [:]

  /// How many operator rules were run.
  @exclusivity(unchecked) public internal(set) var ruleCount = 0

  /// Makes a mode without tensors.
  public init(shapes: ShapeEnv = ShapeEnv(), allowsDynamicOutputs: Bool = true) {
    self.shapes = shapes
    identity = ModeIdentity(shapes: shapes)
    self.allowsDynamicOutputs = allowsDynamicOutputs
  }

  /// How often a memo was asked for or made.
  public var memoUses: Int { effects.memoUses }
  /// How often a tensor was written to or its elements became known.
  public var writes: Int { effects.writes }

  /// How many memories there are; those made later have higher numbers.
  public var storageCount: Int { versions.count }

  /// Memory that no tensor shares yet.
  public func newStorage() -> Storage {
    versions.append(0)
    return Storage(index: UInt32(truncatingIfNeeded: versions.count - 1))
  }

  /// The memories and known values of one moment.
  package struct Memories {
    /// How many memories there were.
    package let count: Int
    fileprivate let constants: [Storage: [FakeTensor]]
  }

  /// The memories and known values that there are now.
  package var memories: Memories { Memories(count: versions.count, constants: constants) }

  /// Forgets the memories that were made since; tensors in them must not be used any more.
  package func restore(_ memories: Memories) {
    guard memories.count <= versions.count else { return }
    versions.removeSubrange(memories.count...)
    constants = memories.constants
  }

  /// A size with an example value, such as `mode.size("s0", hint: 8)`.
  ///
  /// The symbol is made when the name is new; one that is known stays what it is, and `hint` and `range` are not
  /// looked at.
  public func size(
    _ name: String, hint: Int? = nil, range: IntRange = IntRange(lower: 2, upper: .max)
  ) -> SymInt {
    if let known = shapes.symbol(named: name) { return known }
    return shapes.symInt(shapes.createBackedSymbol(name, hint: hint.map { .int($0) }, range: range))
  }

  /// A size that only a run knows, such as `mode.unbackedSize("u0")`, which is at least 0.
  ///
  /// The symbol is made when the name is new.
  public func unbackedSize(
    _ name: String, range: IntRange = IntRange(lower: 0, upper: .max)
  ) -> SymInt {
    if let known = shapes.symbol(named: name) { return known }
    let size = shapes.symInt(
      shapes.declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil))
    shapes.constrainRangeForSize(size, range)
    return size
  }

  /// A tensor in memory of its own, contiguous unless `strides` says otherwise, on the device that ``Device/indexed``
  /// says.
  public func tensor(
    _ sizes: Sizes, strides: Sizes? = nil, dtype: ScalarType = .float32, device: Device = .cpu,
    layout: Layout = .strided
  ) -> FakeTensor {
    FakeTensor(
      sizes: sizes, strides: strides ?? shapes.contiguousStrides(sizes), storageOffset: 0,
      storage: newStorage(),
      dtype: dtype, layout: layout, device: device.indexed, in: identity)
  }

  /// A tensor that shares the memory of `base`.
  public func view(
    of base: FakeTensor, sizes: Sizes, strides: Sizes, offset: SymInt? = nil, dtype: ScalarType? = nil
  ) -> FakeTensor {
    let view = FakeTensor(
      sizes: sizes, strides: strides, storageOffset: offset ?? base.storageOffset, storage: base.storage,
      dtype: dtype ?? base.dtype, layout: base.layout, device: base.device,
      in: base.metadata.identity)
    view.isConjugate = base.isConjugate
    view.isNegative = base.isNegative
    view.requiresGrad = base.requiresGrad
    return view
  }

  /// Notes that the memory of `tensor` was written to: memos and known values end.
  public func noteMutation(of tensor: FakeTensor) {
    let index = Int(tensor.storage.index)
    if index < versions.count { versions[index] &+= 1 }
    tensor.wasWritten = true
    effects.writes += 1
    guard !constants.isEmpty, let known = constants.removeValue(forKey: tensor.storage) else { return }
    for tensor in known { tensor.constant = nil }
  }

  /// Whether any tensor's elements are known.
  var hasConstants: Bool { !constants.isEmpty }

  /// Makes `tensor` known to hold `constant`.
  public func setConstant(_ constant: TensorConstant, of tensor: FakeTensor) {
    tensor.constant = constant
    tensor.wasWritten = true
    effects.writes += 1
    constants[tensor.storage, default: []].append(tensor)
  }

  // Memos

  /// What `key` gave for this very tensor, if nothing was written to it since and the epoch is the same.
  public func memo(_ key: MemoKey, of tensor: FakeTensor) -> FakeValue? {
    effects.memoUses += 1
    guard let memo = tensor.knowledge?.memos.first(where: { $0.key == key })?.memo,
      memo.epoch == epoch, memo.version == version(of: tensor)
    else { return nil }
    return memo.value
  }

  /// Remembers what `key` gave for this very tensor.
  public func setMemo(_ key: MemoKey, of tensor: FakeTensor, to value: FakeValue) {
    let knowledge = tensor.knowledge ?? TensorKnowledge()
    knowledge.memos.removeAll { $0.key == key }
    knowledge.memos.append((key, RememberedValue(value: value, version: version(of: tensor), epoch: epoch)))
    tensor.knowledge = knowledge
    effects.noteMemo(key, of: tensor, value)
  }

  private func version(of tensor: FakeTensor) -> UInt32 {
    let index = Int(tensor.storage.index)
    return index < versions.count ? versions[index] : 0
  }
}
