public import FX
public import TensorVocabulary

/// Recording what the nodes of an edited graph are.
extension RecordedValues {
  /// Records the value of a node; `nil` records nothing.
  ///
  /// - Precondition: nothing has been recorded for the node's name.
  public mutating func record(_ value: RecordedValue?, for node: Node, in graph: Graph) {
    switch value {
    case nil: break
    case RecordedValue.none?: setStructure(.none, of: node)
    case .constant(let argument)?: setStructure(.constant(argument), of: node)
    case .tuple(let items)?: setStructure(.tuple(items.map(Self.structure)), of: node)
    case let value?:
      let isNew = record(of: value).map { set($0, for: graph.nameID(of: node)) }
      precondition(isNew != false, "'\(graph.name(of: node))' has a value already")
    }
  }

  private static func structure(_ value: RecordedValue?) -> Structure {
    switch value {
    case nil, RecordedValue.none?: .none
    case .constant(let argument)?: .constant(argument)
    case .tuple(let items)?: .tuple(items.map(structure))
    case let value?: .value(value)
    }
  }

  private mutating func record(of value: RecordedValue) -> Record? {
    switch value {
    case .tensor(let tensor):
      var record = Record(
        kind: .tensor, dtype: tensor.dtype, layout: tensor.layout, device: tensor.device,
        requiresGrad: tensor.requiresGrad, rank: UInt8(clamping: tensor.sizes.count))
      record.sizes = append(tensor.sizes)
      record.strides = append(tensor.strides)
      record.storageOffset = append(tensor.storageOffset)
      return record
    case .symInt(let integer): return Record(kind: .symInt, sizes: append(integer))
    case .symFloat(let id): return Record(kind: .symFloat, sizes: append(RecordedInt(id)))
    case .symBool(let id): return Record(kind: .symBool, sizes: append(RecordedInt(id)))
    case .float(let number): return Record(kind: .float, sizes: append(number))
    case .bool(let truth): return Record(kind: .bool, sizes: truth ? 1 : 0)
    case .customObject(let name): return Record(kind: .customObject, sizes: append(className: name))
    case .none, .constant, .tuple: return nil
    }
  }

  /// Adds integers to the pool and returns the place of the first.
  private mutating func append(_ integers: ArraySlice<RecordedInt>) -> UInt32 {
    let start = UInt32(truncatingIfNeeded: self.integers.count)
    for integer in integers { _ = append(integer) }
    return start
  }
}

extension RecordedTensor {
  /// Makes it from its parts; sizes and strides are as many, and at most 255.
  public init(
    dtype: ScalarType, sizes: [RecordedInt], strides: [RecordedInt], storageOffset: RecordedInt,
    device: Device, layout: Layout, requiresGrad: Bool
  ) {
    precondition(sizes.count == strides.count && sizes.count <= Int(UInt8.max), "as many strides as sizes")
    self.dtype = dtype
    self.sizes = sizes[...]
    self.strides = strides[...]
    self.storageOffset = storageOffset
    self.device = device
    self.layout = layout
    self.requiresGrad = requiresGrad
  }
}
