public import SymbolicShapes
public import TensorVocabulary

/// Names the memory that a tensor and its views share, within one ``FakeTensorMode``.
@frozen
public struct Storage: Hashable, Sendable {
  /// The memory's number in its mode.
  public let index: UInt32

  @inlinable
  init(index: UInt32) { self.index = index }
}

/// A tensor without data: dtype, sizes, strides, offset, device and layout, and whose memory it shares.
///
/// A class, because operators may change the metadata of their argument (`unsqueeze_`, `resize_`) and
/// because data-dependent results are remembered by object: `nonzero` of the same tensor is the same symbol.
///
/// Fields are not checked for exclusive access: see `Documentation/tuning.md`. (The compiler ignores the attribute in
/// other modules, hence the accessors.)
///
/// Source: `torch._subclasses.fake_tensor.FakeTensor`.
public final class FakeTensor {
  /// What the tensor looks like, shared with those that look alike.
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

  /// How far apart neighbours lie along each dim, in elements.
  public var strides: Sizes {
    @inlinable _read { yield metadata.looks.strides }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.strides
    }
  }

  /// Where the first element lies in the memory, in elements.
  public var storageOffset: SymInt {
    @inlinable _read { yield metadata.looks.storageOffset }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.storageOffset
    }
  }

  /// The memory that the tensor and its views share.
  public var storage: Storage {
    @inlinable _read { yield memory }
    @inlinable _modify { yield &memory }
  }

  /// The type of the elements.
  public var dtype: ScalarType {
    @inlinable _read { yield metadata.looks.dtype }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.dtype
    }
  }

  /// Strided, or one of the sparse forms.
  public var layout: Layout {
    @inlinable _read { yield metadata.looks.layout }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.layout
    }
  }

  /// Where the memory is.
  public var device: Device {
    @inlinable _read { yield metadata.looks.device }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.device
    }
  }

  /// Whether gradients flow into the tensor.
  public var requiresGrad: Bool {
    @inlinable _read { yield metadata.looks.requiresGrad }
    @inlinable _modify {
      takeOwnMetadata()
      yield &metadata.looks.requiresGrad
    }
  }

  /// Whether the tensor is no operator's result for automatic differentiation: an input, a parameter.
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

  /// Whether an operator changed the tensor's elements or metadata after it was made, or its elements are known.
  ///
  /// Such an object is another thing at every node; a run that repeats another in part makes it anew.
  public internal(set) var wasWritten: Bool {
    @inlinable get { isChanged }
    set { isChanged = newValue }
  }

  /// The tensor's values, when propagation knows them.
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

  /// A tensor that looks as `metadata` says.
  init(_ metadata: TensorMetadata, in storage: Storage) {
    self.metadata = metadata.isShared ? metadata : TensorMetadata(metadata.looks, in: metadata.identity)
    memory = storage
  }

  /// Makes the metadata this tensor's own, to be changed.
  @inlinable
  func takeOwnMetadata() {
    if metadata.isShared { metadata = TensorMetadata(metadata.looks, in: metadata.identity) }
  }

  /// The number of dims.
  @inlinable
  public var rank: Int { sizes.count }
}

/// What is known of one tensor's elements; nothing of most, so it does not widen them.
@usableFromInline
final class TensorKnowledge {
  /// The values, when propagation knows them.
  @usableFromInline var constant: TensorConstant?
  /// What depends on the values and was asked for.
  var memos: [(key: MemoKey, memo: RememberedValue)] = []

  init() {}
}

/// The values of a small CPU tensor, in the order of its elements.
public struct TensorConstant: Sendable {
  /// The elements in order.
  public var values: [Scalar]

  /// Makes a constant of these elements.
  public init(_ values: [Scalar]) { self.values = values }
}

/// A data-dependent result, with the versions of the tensor's memory and of the mode that it belongs to.
struct RememberedValue {
  var value: FakeValue
  var version: UInt32
  var epoch: UInt32
}

/// Which operator's result is remembered.
public enum MemoKey: UInt8, Sendable { case nonzero, item, unique, uniqueConsecutive }
