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
/// Swift's run-time check of exclusive access is off for the fields, here and in ``OperatorCall`` and
/// ``FakeTensorMode``: it took a seventh of a run. An access lasts no longer than the read or the write of one
/// field, so there is nothing it could overlap with; objects belong to one task.
///
/// Source: `torch._subclasses.fake_tensor.FakeTensor`.
public final class FakeTensor {
  /// The number of elements along each dim.
  @exclusivity(unchecked) public var sizes: Sizes
  /// How far apart neighbours lie along each dim, in elements.
  @exclusivity(unchecked) public var strides: Sizes
  /// Where the first element lies in the memory, in elements.
  @exclusivity(unchecked) public var storageOffset: SymInt
  /// The memory that the tensor and its views share.
  @exclusivity(unchecked) public var storage: Storage
  /// The type of the elements.
  @exclusivity(unchecked) public var dtype: ScalarType
  /// Strided, or one of the sparse forms.
  @exclusivity(unchecked) public var layout: Layout
  /// Where the memory is.
  @exclusivity(unchecked) public var device: Device
  /// Whether gradients flow into the tensor.
  @exclusivity(unchecked) public var requiresGrad = false
  /// Whether the tensor is no operator's result for automatic differentiation: an input, a parameter.
  @exclusivity(unchecked) public var isLeaf = true
  /// The lazy conjugate bit.
  @exclusivity(unchecked) public var isConjugate = false
  /// The lazy negative bit.
  @exclusivity(unchecked) public var isNegative = false
  /// The tensor's values, when propagation knows them.
  @exclusivity(unchecked) public var constant: TensorConstant?
  @exclusivity(unchecked) var memos: Memos?

  init(
    sizes: Sizes, strides: Sizes, storageOffset: SymInt, storage: Storage, dtype: ScalarType, layout: Layout,
    device: Device
  ) {
    self.sizes = sizes
    self.strides = strides
    self.storageOffset = storageOffset
    self.storage = storage
    self.dtype = dtype
    self.layout = layout
    self.device = device
  }

  /// The number of dims.
  @inlinable
  public var rank: Int { sizes.count }
}

/// The values of a small CPU tensor, in the order of its elements.
public struct TensorConstant: Sendable {
  /// The elements in order.
  public var values: [Scalar]

  /// Makes a constant of these elements.
  public init(_ values: [Scalar]) { self.values = values }
}

/// Data-dependent results remembered by a tensor, with the state they belong to.
struct Memos {
  /// One remembered value and the version of the tensor's memory and of the mode it was made in.
  struct Entry {
    var value: FakeValue
    var version: UInt32
    var epoch: UInt32
  }

  var entries: [(key: MemoKey, entry: Entry)] = []
}

/// Which operator's result is remembered.
public enum MemoKey: UInt8, Sendable { case nonzero, item, unique, uniqueConsecutive }
