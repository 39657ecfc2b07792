import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Numbers for what tensors look like: two tensors have equal metadata exactly when they have equal numbers.
///
/// Metadata is everything but the memory: sizes, strides, offset, dtype, layout, device, and what automatic
/// differentiation and lazy views need to know. The numbers of symbolic metadata are odd.
struct MetadataTable {
  /// Beyond this many kinds of tensors no further ones are numbered, so that memory stays bounded.
  private static var mostNumbers: Int { 1 << 18 }
  private static var free: UInt32 { 0 }

  /// By number; the first stands for none.
  private var prototypes: ContiguousArray<FakeTensor.Fields> = []
  private var hashes: ContiguousArray<UInt64> = []
  private var slots = ContiguousArray<UInt32>(repeating: MetadataTable.free, count: 1 << 8)

  /// The number of what `tensor` looks like; 0 when there is no room for more.
  mutating func number(of tensor: FakeTensor) -> UInt32 {
    let hash = Self.hash(tensor)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let number = slots[slot]
      let index = Int(number >> 1)
      if hashes[index] == hash, tensor.hasSameMetadata(as: prototypes[index]) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    if prototypes.count > Self.mostNumbers { return 0 }
    if prototypes.isEmpty { add(tensor, 0, hash: 0) }
    let number = UInt32(prototypes.count) << 1 | (tensor.isSymbolic ? 1 : 0)
    add(tensor, number, hash: hash)
    slots[slot] = number
    if prototypes.count * 2 > slots.count { rebuild() }
    return number
  }

  /// A tensor that looks as the number says.
  func tensor(_ number: UInt32, in storage: Storage) -> FakeTensor {
    FakeTensor(like: prototypes[Int(number >> 1)], in: storage)
  }

  private mutating func add(_ tensor: FakeTensor, _ number: UInt32, hash: UInt64) {
    var prototype = tensor.fields
    prototype.metadataNumber = number
    prototype.wasWritten = false
    prototypes.append(prototype)
    hashes.append(hash)
  }

  private mutating func rebuild() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for index in 1..<prototypes.count {
      var slot = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = prototypes[index].metadataNumber
    }
  }

  private static func hash(_ tensor: FakeTensor) -> UInt64 {
    var hash = UInt64(tensor.dtype.rawValue) << 32 | UInt64(tensor.layout.rawValue) << 24
    hash |=
      UInt64(tensor.device.type.rawValue) << 16 | (tensor.requiresGrad ? 1 : 0) | (tensor.isLeaf ? 2 : 0)
      | (tensor.isConjugate ? 4 : 0) | (tensor.isNegative ? 8 : 0)
    mix(&hash, tensor.storageOffset)
    mix(&hash, UInt64(tensor.sizes.count))
    for position in 0..<tensor.sizes.count { mix(&hash, tensor.sizes[position]) }
    for position in 0..<tensor.strides.count { mix(&hash, tensor.strides[position]) }
    return hash
  }

  private static func mix(_ hash: inout UInt64, _ size: SymInt) {
    mix(
      &hash,
      size.symbolicExpression.map { UInt64($0.bits) << 32 } ?? UInt64(bitPattern: Int64(size.constant ?? 0)))
  }

  private static func mix(_ hash: inout UInt64, _ value: UInt64) {
    hash = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
  }
}

extension FakeTensor {
  /// Whether a size, a stride or the offset depends on symbols.
  fileprivate var isSymbolic: Bool {
    if storageOffset.isSymbolic { return true }
    for position in 0..<sizes.count where sizes[position].isSymbolic { return true }
    for position in 0..<strides.count where strides[position].isSymbolic { return true }
    return false
  }

  /// Whether everything but the memory, and what is known of it, is equal.
  func hasSameMetadata(as other: borrowing Fields) -> Bool {
    dtype == other.dtype && sizes == other.sizes && strides == other.strides
      && storageOffset == other.storageOffset && layout == other.layout && device == other.device
      && requiresGrad == other.requiresGrad && isLeaf == other.isLeaf && isConjugate == other.isConjugate
      && isNegative == other.isNegative
  }
}

extension FakeTensorMode {
  /// The number of what `tensor` looks like, which tensors of equal metadata share; 0 when there is none, as for a
  /// tensor whose elements are known.
  public func metadataNumber(of tensor: FakeTensor) -> UInt32 {
    if tensor.constant != nil { return 0 }
    if tensor.fields.metadataNumber != 0 { return tensor.fields.metadataNumber }
    let number = metadata.number(of: tensor)
    tensor.fields.metadataNumber = number
    return number
  }

  /// Whether metadata of this number depends on symbols.
  public static func isSymbolic(metadata number: UInt32) -> Bool { number & 1 == 1 }

  /// Another object for an input of a run, in the same memory and with unknown elements.
  public func inputCopy(of tensor: FakeTensor) -> FakeTensor {
    let number = metadataNumber(of: tensor)
    let copy = FakeTensor(like: tensor.fields, in: tensor.storage)
    copy.fields.metadataNumber = tensor.isLeaf ? number : 0
    copy.fields.isLeaf = true
    copy.fields.wasWritten = false
    copy.fields.constant = nil
    return copy
  }

  /// A tensor that looks as the number says, in memory of its own or in that of `base`.
  public func tensor(metadata number: UInt32, sharing base: FakeTensor? = nil) -> FakeTensor {
    metadata.tensor(number, in: base?.storage ?? newStorage())
  }
}
