public import SymbolicShapes
public import TensorVocabulary

/// Identifies the memory that a tensor and its views share, within one ``FakeTensorMode``.
@frozen
public struct Storage: Hashable, Sendable {
  /// The storage's number in its mode.
  public let index: UInt32

  @inlinable
  init(index: UInt32) { self.index = index }
}

/// A tensor without data: dtype, sizes, strides, offset, device, layout and shared storage.
///
/// A class, because operators may change the metadata of an argument (`unsqueeze_`, `resize_`), and because
/// data-dependent results are memoized per object: `nonzero` of the same tensor gives the same symbol.
///
/// Fields are not checked for exclusive access: see `Documentation/tuning.md`. (The compiler ignores the attribute in
/// other modules, hence the accessors.)
///
/// Source: `torch._subclasses.fake_tensor.FakeTensor`.
public final class FakeTensor {
  /// The metadata, shared with tensors that have the same.
  @exclusivity(unchecked) @usableFromInline var metadata: TensorMetadata
  @exclusivity(unchecked) @usableFromInline var memory: Storage
  @exclusivity(unchecked) @usableFromInline var isChanged = false
  @exclusivity(unchecked) @usableFromInline var knowledge: TensorKnowledge?

  /// The number of elements along each dim.
  public var sizes: Sizes {
    @inlinable _read { yield metadata.looks.sizes }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.sizes
    }
  }

  /// The distance between neighbours along each dim, in elements.
  public var strides: Sizes {
    @inlinable _read { yield metadata.looks.strides }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.strides
    }
  }

  /// The position of the first element in the storage, in elements.
  public var storageOffset: SymInt {
    @inlinable _read { yield metadata.looks.storageOffset }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.storageOffset
    }
  }

  /// The storage that the tensor and its views share.
  public var storage: Storage {
    @inlinable _read { yield memory }
    @inlinable _modify { yield &memory }
  }

  /// The dtype of the elements.
  public var dtype: ScalarType {
    @inlinable _read { yield metadata.looks.dtype }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.dtype
    }
  }

  /// Strided, or a sparse layout.
  public var layout: Layout {
    @inlinable _read { yield metadata.looks.layout }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.layout
    }
  }

  /// The device of the storage.
  public var device: Device {
    @inlinable _read { yield metadata.looks.device }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.device
    }
  }

  /// Whether the tensor requires grad.
  public var requiresGrad: Bool {
    @inlinable _read { yield metadata.looks.requiresGrad }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.requiresGrad
    }
  }

  /// Whether the tensor is a leaf of autograd, such as an input or a parameter.
  public var isLeaf: Bool {
    @inlinable _read { yield metadata.looks.isLeaf }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.isLeaf
    }
  }

  /// The lazy conjugate bit.
  public var isConjugate: Bool {
    @inlinable _read { yield metadata.looks.isConjugate }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.isConjugate
    }
  }

  /// The lazy negative bit.
  public var isNegative: Bool {
    @inlinable _read { yield metadata.looks.isNegative }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.isNegative
    }
  }

  /// Whether an operator changed the tensor's elements or metadata after it was created, or its elements are known.
  ///
  /// Such an object can differ from node to node, so an incremental run creates it again.
  public internal(set) var wasWritten: Bool {
    @inlinable get { isChanged }
    set { isChanged = newValue }
  }

  /// The tensor's values, if propagation knows them.
  public var constant: TensorConstant? {
    @inlinable get { knowledge?.constant }
    set {
      if knowledge == nil, newValue != nil { knowledge = TensorKnowledge() }
      knowledge?.constant = newValue
    }
  }

  init(
    sizes: Sizes, strides: Sizes, storageOffset: SymInt, storage: Storage, dtype: ScalarType, layout: Layout,
    device: Device, in identity: ModeIdentity
  ) {
    metadata = TensorMetadata(
      TensorLooks(
        sizes: sizes, strides: strides, storageOffset: storageOffset, dtype: dtype, layout: layout,
        device: device), in: identity)
    memory = storage
  }

  /// Creates a tensor with this metadata.
  init(_ metadata: TensorMetadata, in storage: Storage) {
    self.metadata = metadata.isShared ? metadata : TensorMetadata(metadata.looks, in: metadata.identity)
    memory = storage
  }

  /// Makes a private copy of shared metadata before it is changed.
  @inlinable
  func takeOwnMetadata() {
    if metadata.isShared { metadata = TensorMetadata(metadata.looks, in: metadata.identity) }
  }

  /// The number of dims.
  @inlinable
  public var rank: Int { sizes.count }
}

/// What is known about one tensor besides its metadata; stored separately because most tensors have none.
@usableFromInline
final class TensorKnowledge {
  /// The values, if propagation knows them.
  @usableFromInline var constant: TensorConstant?
  /// Memoized data-dependent results.
  var memos: [(key: MemoKey, memo: RememberedValue)] = []
  /// The dims that maps hide, outer maps first.
  var hiddenDims: [HiddenDim] = []

  init() {}
}

/// The values of a small CPU tensor, in the order of its elements.
public struct TensorConstant: Sendable {
  /// The elements in order.
  public var values: [Scalar]

  /// Creates a constant from its elements.
  public init(_ values: [Scalar]) { self.values = values }
}

/// A data-dependent result, with the versions of the storage and of the mode for which it is valid.
struct RememberedValue {
  var value: FakeValue
  var version: UInt32
  var epoch: UInt32
}

/// The operators whose results are memoized.
public enum MemoKey: UInt8, Sendable { case nonzero, item, unique, uniqueConsecutive }
