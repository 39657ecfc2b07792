public import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// Owns the symbols, storages and memos of a set of fake tensors.
///
/// Source: `torch._subclasses.fake_tensor.FakeTensorMode`.
public final class FakeTensorMode {
  /// The symbols of all tensors in this mode.
  public let shapes: ShapeEnv
  /// The part of the mode that its tensors refer to.
  let identity: ModeIdentity
  /// Whether operators may create unbacked symbols.
  ///
  /// Without a shape environment, PyTorch refuses them with `DynamicOutputShapeException` and
  /// `DataDependentOutputException`.
  public let allowsDynamicOutputs: Bool
  /// Whether results of tensors that require grad do so too.
  public var isGradEnabled: Bool {
    get { gradIsEnabled }
    set { gradIsEnabled = newValue }
  }
  @exclusivity(unchecked) private var gradIsEnabled = true
  /// The current epoch; memos of earlier epochs are not valid.
  ///
  /// Advanced at the start of every run.
  public var epoch: UInt32 = 0 {
    didSet { depth = 0 }
  }
  /// How many maps over a batch dim (`torch.vmap`) the step at hand is in.
  ///
  /// Calls that read or change it are not remembered.
  public var mapDepth: Int {
    get {
      effects.memoUses += 1
      return depth
    }
    set { depth = newValue }
  }
  private var depth = 0
  /// Whether the step at hand is in such a map.
  var isMapping: Bool { depth > 0 }
  /// What the steps of a run did besides computing results.
  @exclusivity(unchecked) public var effects = ModeEffects()
  /// Whether a program is being propagated; its rules may not start again.
  package var isPropagating = false
  /// The maximum number of pieces into which the operators of one run split tensors; see ``mostPieces(nodes:)``.
  ///
  /// Each piece is a tensor, however few bytes of a file demand it. One of many dims counts once more for each eight of
  /// them, and so does every result of more than 64 dims.
  public var mostPieces = 1 << 18

  /// The limit for a program of so many nodes: memory in proportion to it, and room for small programs.
  ///
  /// PyTorch writes a node for each piece that a program uses, and for each piece into an archive.
  public static func mostPieces(nodes: Int) -> Int {
    let (pieces, overflow) = max(0, nodes).multipliedReportingOverflow(by: 4)
    return overflow ? .max : max(1 << 14, pieces)
  }
  /// The pieces of the current epoch.
  private var pieces: (epoch: UInt32, count: Int) = (0, 0)
  /// The metadata of tensors, by number.
  @exclusivity(unchecked) var metadata = MetadataTable()
  /// How often each storage was written to.
  @exclusivity(unchecked) var versions: ContiguousArray<UInt32> = []
  /// Tensors with known values, by storage; the values are dropped when it is written to.
  @exclusivity(unchecked) var constants: [Storage: [FakeTensor]] = [:]

  /// How many operator rules were run.
  @exclusivity(unchecked) public internal(set) var ruleCount = 0

  /// Creates a mode without tensors.
  public init(shapes: ShapeEnv = ShapeEnv(), allowsDynamicOutputs: Bool = true) {
    self.shapes = shapes
    identity = ModeIdentity(shapes: shapes)
    self.allowsDynamicOutputs = allowsDynamicOutputs
  }

  /// How often a memo was read or set.
  public var memoUses: Int { effects.memoUses }
  /// How often a tensor was written to or its elements became known.
  public var writes: Int { effects.writes }

  /// Counts `count` pieces of `rank` dims that an operator is about to make; false if the run would make too many.
  public func allowsPieces(_ count: Int, rank: Int = 0) -> Bool {
    if pieces.epoch != epoch { pieces = (epoch, 0) }
    let (total, overflow) = count.multipliedReportingOverflow(by: 1 + max(0, rank) / 8)
    guard count >= 0, !overflow, total <= mostPieces - pieces.count else { return false }
    pieces.count += total
    return true
  }

  /// The number of storages; later ones have higher numbers.
  public var storageCount: Int { versions.count }

  /// Creates a storage that no tensor uses yet.
  public func newStorage() -> Storage {
    versions.append(0)
    return Storage(index: UInt32(truncatingIfNeeded: versions.count - 1))
  }

  /// The storages and known values at one moment.
  package struct Memories {
    /// How many storages there were.
    package let count: Int
    fileprivate let constants: [Storage: [FakeTensor]]
  }

  /// The current storages and known values.
  package var memories: Memories { Memories(count: versions.count, constants: constants) }

  /// Forgets the storages created since; their tensors must not be used any more.
  package func restore(_ memories: Memories) {
    guard memories.count <= versions.count else { return }
    versions.removeSubrange(memories.count...)
    constants = memories.constants
  }

  /// A size with a hint, such as `mode.size("s0", hint: 8)`.
  ///
  /// Creates the symbol if the name is new; otherwise returns the known one and ignores `hint` and `range`.
  public func size(
    _ name: String, hint: Int? = nil, range: IntRange = IntRange(lower: 2, upper: .max)
  ) -> SymInt {
    if let known = shapes.symbol(named: name) { return known }
    return shapes.symInt(shapes.createBackedSymbol(name, hint: hint.map { .int($0) }, range: range))
  }

  /// An unbacked size, such as `mode.unbackedSize("u0")`, which is at least 0.
  ///
  /// Creates the symbol if the name is new.
  public func unbackedSize(
    _ name: String, range: IntRange = IntRange(lower: 0, upper: .max)
  ) -> SymInt {
    if let known = shapes.symbol(named: name) { return known }
    let size = shapes.symInt(
      shapes.declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil))
    shapes.constrainRangeForSize(size, range)
    return size
  }

  /// A tensor with its own storage, contiguous unless `strides` is given, on ``Device/indexed`` of `device`.
  public func tensor(
    _ sizes: Sizes, strides: Sizes? = nil, dtype: ScalarType = .float32, device: Device = .cpu,
    layout: Layout = .strided
  ) -> FakeTensor {
    FakeTensor(
      sizes: sizes, strides: strides ?? shapes.geometry.contiguousStrides(sizes), storageOffset: 0,
      storage: newStorage(),
      dtype: dtype, layout: layout, device: device.indexed, in: identity)
  }

  /// A tensor that shares the storage of `base`.
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

  /// Records a write to the storage of `tensor`: its memos and known values become invalid.
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

  /// Sets the known values of `tensor`.
  public func setConstant(_ constant: TensorConstant, of tensor: FakeTensor) {
    tensor.constant = constant
    tensor.wasWritten = true
    effects.writes += 1
    constants[tensor.storage, default: []].append(tensor)
  }

  // Memos

  /// The result memoized under `key` for this tensor, if it was not written to since and the epoch is the same.
  public func memo(_ key: MemoKey, of tensor: FakeTensor) -> FakeValue? {
    effects.memoUses += 1
    guard let memo = tensor.knowledge?.memos.first(where: { $0.key == key })?.memo,
      memo.epoch == epoch, memo.version == version(of: tensor)
    else { return nil }
    return memo.value
  }

  /// Memoizes the result of `key` for this tensor.
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
