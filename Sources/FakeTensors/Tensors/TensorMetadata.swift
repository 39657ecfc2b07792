import DenseTables
import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// What a tensor looks like: everything but its memory and what is known of its elements.
///
/// Most tensors of a program look like some other, so they share one of these: a tensor is small, and two that share
/// look alike without a comparison. What is shared has a number, by which ``MetadataTable`` finds it, and is never
/// changed again; what has none belongs to one tensor.
@usableFromInline
final class TensorMetadata {
  /// What the mode's table calls it; 0 while it is one tensor's own.
  @exclusivity(unchecked) @usableFromInline var number: UInt32 = 0
  /// The mode that the tensors live in.
  @usableFromInline let identity: ModeIdentity
  @exclusivity(unchecked) @usableFromInline var dtype: ScalarType
  @exclusivity(unchecked) @usableFromInline var layout: Layout
  @exclusivity(unchecked) @usableFromInline var requiresGrad = false
  @exclusivity(unchecked) @usableFromInline var isLeaf = true
  @exclusivity(unchecked) @usableFromInline var isConjugate = false
  @exclusivity(unchecked) @usableFromInline var isNegative = false
  @exclusivity(unchecked) @usableFromInline var device: Device
  @exclusivity(unchecked) @usableFromInline var storageOffset: SymInt
  @exclusivity(unchecked) @usableFromInline var sizes: Sizes
  @exclusivity(unchecked) @usableFromInline var strides: Sizes

  init(
    sizes: Sizes, strides: Sizes, storageOffset: SymInt, dtype: ScalarType, layout: Layout, device: Device,
    in identity: ModeIdentity
  ) {
    self.identity = identity
    self.sizes = sizes
    self.strides = strides
    self.storageOffset = storageOffset
    self.dtype = dtype
    self.layout = layout
    self.device = device
  }

  /// The same, to be changed.
  @usableFromInline
  init(copying other: TensorMetadata) {
    identity = other.identity
    dtype = other.dtype
    layout = other.layout
    requiresGrad = other.requiresGrad
    isLeaf = other.isLeaf
    isConjugate = other.isConjugate
    isNegative = other.isNegative
    device = other.device
    storageOffset = other.storageOffset
    sizes = other.sizes
    strides = other.strides
  }

  @inlinable var isShared: Bool { number != 0 }

  /// Whether a size, a stride or the offset depends on symbols.
  var isSymbolic: Bool {
    if storageOffset.isSymbolic { return true }
    for position in 0..<sizes.count where sizes[position].isSymbolic { return true }
    for position in 0..<strides.count where strides[position].isSymbolic { return true }
    return false
  }

  /// Whether tensors of these two look alike.
  func isSame(as other: TensorMetadata) -> Bool {
    self === other
      || dtype == other.dtype && sizes == other.sizes && strides == other.strides
        && storageOffset == other.storageOffset && layout == other.layout && device == other.device
        && requiresGrad == other.requiresGrad && isLeaf == other.isLeaf && isConjugate == other.isConjugate
        && isNegative == other.isNegative
  }

  /// Of everything that ``isSame(as:)`` compares.
  var hash: WordHash {
    var looks = UInt64(dtype.rawValue) << 32 | UInt64(layout.rawValue) << 24
    looks |=
      UInt64(device.type.rawValue) << 16 | (requiresGrad ? 1 : 0) | (isLeaf ? 2 : 0) | (isConjugate ? 4 : 0)
      | (isNegative ? 8 : 0)
    var hash = WordHash(seed: looks)
    hash.add(storageOffset)
    hash.add(UInt64(sizes.count))
    for position in 0..<sizes.count { hash.add(sizes[position]) }
    for position in 0..<strides.count { hash.add(strides[position]) }
    return hash
  }
}

extension WordHash {
  fileprivate mutating func add(_ size: SymInt) { add(size.word) }
}
