public import FX
public import TensorVocabulary

extension RecordedTensor {
  /// Makes the metadata of a tensor.
  ///
  /// - Parameters:
  ///   - dtype: the type of its elements.
  ///   - sizes: its sizes; at most 255 of them are kept.
  ///   - strides: its strides, as many as there are sizes; `nil` when they are not known.
  ///   - storageOffset: where its storage starts.
  ///   - device: its device; `nil` when it is not known.
  ///   - requiresGrad: whether autograd tracks it.
  public init(
    dtype: ScalarType, sizes: [RecordedInt], strides: [RecordedInt]?, storageOffset: RecordedInt? = nil,
    device: Device?, requiresGrad: Bool = false
  ) {
    self.init(
      dtype: dtype, sizes: sizes.prefix(Int(UInt8.max)), strides: strides?.prefix(Int(UInt8.max)),
      storageOffset: storageOffset ?? .zero, device: device, layout: .strided,
      requiresGrad: requiresGrad)
  }
}

extension RecordedValues {
  /// Records the value of a node, which must have none yet.
  ///
  /// Tuples, objects and constants are not recorded.
  public mutating func setValue(_ value: RecordedValue, of node: Node, in graph: Graph) {
    if let record = record(of: value) {
      _ = set(record, for: graph.nameID(of: node))
    } else if case .none = value {
      setStructure(.none, of: node)
    }
  }

  /// Records that the value of a node is a tuple of the values of other nodes; `nil` for an element that no node has.
  public mutating func setTuple(_ elements: [Node?], of node: Node, in graph: Graph) {
    // The name of a node without a value of its own stands for an element that nothing is recorded of.
    let unknown = graph.nameID(of: node)
    setStructure(.tuple(elements.map { .name($0.map { graph.nameID(of: $0) } ?? unknown) }), of: node)
  }

  /// Records another value of a node that has one.
  public mutating func replaceValue(_ value: RecordedValue, of node: Node, in graph: Graph) {
    if let record = record(of: value) { replace(record, for: graph.nameID(of: node)) }
  }

  private mutating func record(of value: RecordedValue) -> Record? {
    switch value {
    case .tensor(let tensor): return record(of: tensor)
    case .symInt(let value): return Record(kind: .symInt, sizes: append(value))
    case .float(let value): return Record(kind: .float, sizes: append(value))
    case .symFloat(let id): return Record(kind: .symFloat, sizes: append(RecordedInt(id)))
    case .bool(let value): return Record(kind: .bool, sizes: value ? 1 : 0)
    case .symBool(let id): return Record(kind: .symBool, sizes: append(RecordedInt(id)))
    case .customObject, .none, .constant, .tuple: return nil
    }
  }

  /// Sizes, strides and offset lie side by side.
  private mutating func record(of tensor: RecordedTensor) -> Record {
    var record = Record(kind: .tensor)
    record.dtype = tensor.dtype
    record.layout = tensor.layout
    record.requiresGrad = tensor.requiresGrad
    record.hasStrides = tensor.strides?.count == tensor.sizes.count
    record.hasDevice = tensor.device != nil
    record.device = tensor.device ?? .cpu
    record.rank = UInt8(clamping: tensor.sizes.count)
    record.sizes = UInt32(truncatingIfNeeded: integers.count)
    for size in tensor.sizes { _ = append(size) }
    record.strides = UInt32(truncatingIfNeeded: integers.count)
    for stride in record.hasStrides ? tensor.strides ?? [] : tensor.sizes { _ = append(stride) }
    record.storageOffset = append(tensor.storageOffset)
    return record
  }
}
