public import FX
public import TensorVocabulary

/// What PyTorch recorded for one node.
public enum RecordedValue: Sendable {
  case tensor(RecordedTensor)
  case symInt(RecordedInt)
  case float(Double)
  case symFloat(RecordedExpressionID)
  case bool(Bool)
  case symBool(RecordedExpressionID)
  /// A script object of this class.
  case customObject(className: String)
  case none
  /// A constant input of the exported program.
  case constant(Node.Argument)
  /// The results of an operator with several results; `nil` for a result without a recorded value.
  case tuple([RecordedValue?])
}

/// The recorded metadata of a tensor.
public struct RecordedTensor: Hashable, Sendable {
  /// The dtype of the elements.
  public let dtype: ScalarType
  /// The sizes, outermost dim first.
  public let sizes: ArraySlice<RecordedInt>
  /// The strides, in elements; `nil` when the source does not say them.
  public let strides: ArraySlice<RecordedInt>?
  /// The storage offset; PyTorch records zero for most views.
  public let storageOffset: RecordedInt
  /// The device of the tensor; `nil` when the source does not say it.
  public var device: Device?
  /// The layout of the tensor.
  public let layout: Layout
  /// Whether autograd tracks the tensor; lost for values that depend on parameters.
  public var requiresGrad: Bool

  init(
    dtype: ScalarType, sizes: ArraySlice<RecordedInt>, strides: ArraySlice<RecordedInt>?,
    storageOffset: RecordedInt,
    device: Device?, layout: Layout, requiresGrad: Bool
  ) {
    self.dtype = dtype
    self.sizes = sizes
    self.strides = strides
    self.storageOffset = storageOffset
    self.device = device
    self.layout = layout
    self.requiresGrad = requiresGrad
  }
}

/// What PyTorch recorded for the nodes of one graph, in dense columns.
///
/// Values are stored by name, as in the archive, so it does not matter whether the archive lists nodes or
/// values first:
///
///     slots     record of each name        by NameID, sparse
///     records   kind, dtype, device, …     one for each value
///     integers  sizes, strides, offset     ranges of the records
public struct RecordedValues: Sendable {
  enum Kind: UInt8 { case tensor, symInt, symFloat, symBool, float, bool, customObject }

  struct Record: Sendable {
    var kind: Kind
    var dtype = ScalarType.float32
    var layout = Layout.strided
    var device = Device.cpu
    var requiresGrad = false
    /// Whether the source says strides and device.
    var hasStrides = true
    var hasDevice = true
    var rank: UInt8 = 0
    /// The index of the sizes in `integers`; for other kinds, the index of the number or the name, or a bool.
    var sizes: UInt32 = 0
    var strides: UInt32 = 0
    var storageOffset: UInt32 = 0
  }

  /// The results of an operator with several results.
  indirect enum Structure: Sendable {
    case none
    case name(NameID)
    case constant(Node.Argument)
    /// A result that has no name.
    case value(RecordedValue)
    case tuple([Structure])
  }

  private static let absent = UInt32.max

  /// What the source leaves out for some of the tensors.
  public var omissions: Omissions = []

  private var slots: ContiguousArray<UInt32> = []
  private var records: ContiguousArray<Record> = []
  private(set) var integers: ContiguousArray<RecordedInt> = []
  private var floats: ContiguousArray<Double> = []
  private var classNames: ContiguousArray<String> = []
  private var structures: ContiguousArray<Structure> = []
  /// The index into `structures` by node number, for the few nodes that have one.
  private var structureSlots: ContiguousArray<UInt32> = []

  /// Creates an empty collection.
  public init() {}

  /// What a source may leave out.
  public struct Omissions: OptionSet, Sendable {
    /// The options as bits.
    public let rawValue: UInt8

    /// Makes options of bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Strides.
    public static let strides = Omissions(rawValue: 1)
    /// Devices.
    public static let devices = Omissions(rawValue: 2)
  }

  /// The recorded value of a node; `nil` if the archive has none.
  public func value(of node: Node, in graph: Graph) -> RecordedValue? {
    if let structure = structure(of: node) { return value(structure) }
    return value(graph.nameID(of: node))
  }

  /// The recorded value that the archive has under a name.
  func value(named name: String, in graph: Graph) -> RecordedValue? {
    graph.names.find(name).flatMap { value($0) }
  }

  /// The integers of a node's value: sizes, strides and offset of a tensor, or the number itself.
  ///
  /// Empty for nodes with several results; see their `getitem` nodes.
  public func integers(of node: Node, in graph: Graph) -> ArraySlice<RecordedInt> {
    guard let record = record(graph.nameID(of: node)) else { return [] }
    switch record.kind {
    case .tensor:
      let start = min(record.sizes, record.strides, record.storageOffset)
      return integers[Int(start)..<Int(start) + 2 * Int(record.rank) + 1]
    case .symInt, .symFloat, .symBool: return integers[Int(record.sizes)..<Int(record.sizes) + 1]
    case .float, .bool, .customObject: return []
    }
  }

  private func record(_ name: NameID) -> Record? {
    let index = Int(name.index)
    guard index < slots.count, slots[index] != Self.absent else { return nil }
    return records[Int(slots[index])]
  }

  private func value(_ name: NameID) -> RecordedValue? {
    guard let record = record(name) else { return nil }
    let first = Int(record.sizes)
    switch record.kind {
    case .tensor:
      let rank = Int(record.rank)
      return .tensor(
        RecordedTensor(
          dtype: record.dtype, sizes: integers[first..<first + rank],
          strides: record.hasStrides ? integers[Int(record.strides)..<Int(record.strides) + rank] : nil,
          storageOffset: integers[Int(record.storageOffset)], device: record.hasDevice ? record.device : nil,
          layout: record.layout,
          requiresGrad: record.requiresGrad))
    case .symInt: return .symInt(integers[first])
    case .symFloat: return integers[first].expression.map { .symFloat($0) }
    case .symBool: return integers[first].expression.map { .symBool($0) }
    case .float: return .float(floats[first])
    case .bool: return .bool(first != 0)
    case .customObject: return .customObject(className: classNames[first])
    }
  }

  private func value(_ structure: Structure) -> RecordedValue? {
    switch structure {
    case .none: .some(.none)
    case .name(let name): value(name)
    case .constant(let argument): .constant(argument)
    case .value(let value): value
    case .tuple(let items): .tuple(items.map(value))
    }
  }
}

extension RecordedValues {
  /// Reserves capacity for the values of `count` nodes.
  mutating func reserveCapacity(_ count: Int) {
    slots.reserveCapacity(count)
    records.reserveCapacity(count)
    integers.reserveCapacity(8 * count)
  }

  /// Adds an integer to the pool and returns its index.
  mutating func append(_ integer: RecordedInt) -> UInt32 {
    integers.append(integer)
    return UInt32(truncatingIfNeeded: integers.count - 1)
  }

  /// Adds a float to its pool and returns its index.
  mutating func append(_ float: Double) -> UInt32 {
    floats.append(float)
    return UInt32(truncatingIfNeeded: floats.count - 1)
  }

  /// Sets the value of `name`; returns whether it had none.
  mutating func set(_ record: Record, for name: NameID) -> Bool {
    let index = Int(name.index)
    while slots.count <= index { slots.append(Self.absent) }
    guard slots[index] == Self.absent else { return false }
    slots[index] = UInt32(truncatingIfNeeded: records.count)
    records.append(record)
    return true
  }

  /// Replaces the value of `name`, if it has one.
  mutating func replace(_ record: Record, for name: NameID) {
    let index = Int(name.index)
    guard index < slots.count, slots[index] != Self.absent else { return }
    records[Int(slots[index])] = record
  }

  /// Adds the name of a class and returns its index.
  mutating func append(className: String) -> UInt32 {
    classNames.append(className)
    return UInt32(truncatingIfNeeded: classNames.count - 1)
  }

  mutating func setStructure(_ structure: Structure, of node: Node) {
    let index = Int(node.index)
    while structureSlots.count <= index { structureSlots.append(Self.absent) }
    if structureSlots[index] == Self.absent {
      structureSlots[index] = UInt32(truncatingIfNeeded: structures.count)
      structures.append(structure)
    } else {
      structures[Int(structureSlots[index])] = structure
    }
  }

  func structure(of node: Node) -> Structure? {
    let index = Int(node.index)
    guard index < structureSlots.count, structureSlots[index] != Self.absent else { return nil }
    return structures[Int(structureSlots[index])]
  }
}
