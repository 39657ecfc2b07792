import DenseTables
import SymbolicExpressions
public import SymbolicShapes
public import TensorVocabulary

/// What a tensor looks like: everything but its memory and what is known of its elements.
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

/// The looks of one tensor, or of several that look alike.
///
/// Most tensors of a program look like some other. They share one of these, so a tensor is small, and two of them are
/// compared by identity. Shared looks have a number, by which ``MetadataTable`` finds them, and never change; looks
/// without a number belong to one tensor.
///
/// Fields are not checked for exclusive access: see `Documentation/tuning.md`.
@usableFromInline
final class TensorMetadata {
  /// The number in the mode's table; 0 while the looks belong to one tensor.
  @exclusivity(unchecked) @usableFromInline var number: UInt32 = 0
  @exclusivity(unchecked) @usableFromInline var looks: TensorLooks
  /// The mode that the tensors live in.
  @usableFromInline let identity: ModeIdentity

  @usableFromInline
  init(_ looks: TensorLooks, in identity: ModeIdentity) {
    self.looks = looks
    self.identity = identity
  }

  @inlinable var isShared: Bool { number != 0 }

  /// Whether tensors of these two look alike.
  func isSame(as other: TensorMetadata) -> Bool { self === other || looks == other.looks }
}
