import DenseTables
import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// Everything about a tensor except its storage and its known elements.
@usableFromInline
struct TensorLooks: Equatable {
  @usableFromInline var dtype: ScalarType
  @usableFromInline var layout: Layout
  @usableFromInline var requiresGrad = false
  @usableFromInline var isLeaf = true
  @usableFromInline var isConjugate = false
  @usableFromInline var isNegative = false
  @usableFromInline var device: Device
  @usableFromInline var storageOffset: SymInt
  @usableFromInline var sizes: Sizes
  @usableFromInline var strides: Sizes

  init(
    sizes: Sizes, strides: Sizes, storageOffset: SymInt, dtype: ScalarType, layout: Layout, device: Device
  ) {
    self.sizes = sizes
    self.strides = strides
    self.storageOffset = storageOffset
    self.dtype = dtype
    self.layout = layout
    self.device = device
  }

  /// Whether a size, a stride or the offset depends on symbols.
  var isSymbolic: Bool {
    if storageOffset.isSymbolic { return true }
    for position in 0..<sizes.count where sizes[position].isSymbolic { return true }
    for position in 0..<strides.count where strides[position].isSymbolic { return true }
    return false
  }

  /// A hash of the sizes, the strides, the offset, the type and the flags.
  var wordHash: WordHash {
    var kind = UInt64(dtype.rawValue) << 32 | UInt64(layout.rawValue) << 24
    kind |=
      UInt64(device.type.rawValue) << 16 | (requiresGrad ? 1 : 0) | (isLeaf ? 2 : 0) | (isConjugate ? 4 : 0)
      | (isNegative ? 8 : 0)
    var hash = WordHash(seed: kind)
    hash.add(storageOffset.word)
    hash.add(UInt64(sizes.count))
    for position in 0..<sizes.count { hash.add(sizes[position].word) }
    for position in 0..<strides.count { hash.add(strides[position].word) }
    return hash
  }
}

/// The metadata of one tensor, or of several that have the same.
///
/// Most tensors of a program have the same metadata as another one. They share one of these objects, so a tensor is
/// small and metadata is compared by identity. Shared metadata has a number, by which ``MetadataTable`` finds it, and
/// never changes; metadata without a number belongs to one tensor.
///
/// Fields are not checked for exclusive access: see `Documentation/tuning.md`.
@usableFromInline
final class TensorMetadata {
  /// The number in the mode's table; 0 while the metadata belongs to one tensor.
  @exclusivity(unchecked) @usableFromInline var number: UInt32 = 0
  @exclusivity(unchecked) @usableFromInline var looks: TensorLooks
  /// The mode of the tensors.
  @usableFromInline let identity: ModeIdentity

  @usableFromInline
  init(_ looks: TensorLooks, in identity: ModeIdentity) {
    self.looks = looks
    self.identity = identity
  }

  @inlinable var isShared: Bool { number != 0 }

  /// Whether the two are equal.
  func isSame(as other: TensorMetadata) -> Bool { self === other || looks == other.looks }
}
