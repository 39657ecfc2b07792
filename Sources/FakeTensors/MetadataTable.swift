import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Numbers for what tensors look like: two tensors have equal metadata exactly when they have equal numbers.
///
/// Metadata is everything but the memory: sizes, strides, offset, dtype, layout, device, and what automatic
/// differentiation and lazy views need to know.
struct MetadataTable {
  /// Beyond this many kinds of tensors no further ones are numbered, so that memory stays bounded.
  private static var mostNumbers: Int { 1 << 16 }
  private static var free: UInt32 { 0 }

  /// By number; the first stands for none.
  private var prototypes: ContiguousArray<FakeTensor.Fields> = []
  private var hashes: ContiguousArray<UInt64> = []
  private var slots = ContiguousArray<UInt32>(repeating: MetadataTable.free, count: 1 << 8)

  /// The number of `fields`; 0 when there is no room for more.
  mutating func number(of fields: borrowing FakeTensor.Fields) -> UInt32 {
    let hash = Self.hash(fields)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let number = slots[slot]
      if hashes[Int(number)] == hash, prototypes[Int(number)].hasSameMetadata(as: fields) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    if prototypes.count > Self.mostNumbers { return 0 }
    if prototypes.isEmpty { add(fields, 0) }
    let number = UInt32(prototypes.count)
    add(fields, hash)
    slots[slot] = number
    if prototypes.count * 2 > slots.count { rebuild() }
    return number
  }

  /// A tensor's fields without its memory.
  func fields(_ number: UInt32) -> FakeTensor.Fields { prototypes[Int(number)] }

  private mutating func add(_ fields: borrowing FakeTensor.Fields, _ hash: UInt64) {
    var prototype = copy fields
    prototype.metadataNumber = UInt32(prototypes.count)
    prototypes.append(prototype)
    hashes.append(hash)
  }

  private mutating func rebuild() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for number in 1..<prototypes.count {
      var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number)
    }
  }

  private static func hash(_ fields: borrowing FakeTensor.Fields) -> UInt64 {
    var hash = UInt64(fields.dtype.rawValue) << 32 | UInt64(fields.layout.rawValue) << 24
    hash |=
      UInt64(fields.device.type.rawValue) << 16 | (fields.requiresGrad ? 1 : 0) | (fields.isLeaf ? 2 : 0)
    mix(&hash, UInt64(fields.sizes.count))
    for position in 0..<fields.sizes.count { mix(&hash, fields.sizes[position]) }
    for position in 0..<fields.strides.count { mix(&hash, fields.strides[position]) }
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

extension FakeTensor.Fields {
  /// Whether everything but the memory, and what is known of it, is equal.
  borrowing func hasSameMetadata(as other: borrowing FakeTensor.Fields) -> Bool {
    dtype == other.dtype && sizes == other.sizes && strides == other.strides
      && storageOffset == other.storageOffset && layout == other.layout && device == other.device
      && requiresGrad == other.requiresGrad && isLeaf == other.isLeaf && isConjugate == other.isConjugate
      && isNegative == other.isNegative
  }
}

extension FakeTensorMode {
  /// The number of what `tensor` looks like, which tensors of equal metadata share; 0 when there is none, as for a
  /// tensor that was written to.
  public func metadataNumber(of tensor: FakeTensor) -> UInt32 {
    if tensor.fields.metadataNumber != 0 { return tensor.fields.metadataNumber }
    if tensor.wasWritten || tensor.constant != nil { return 0 }
    let number = metadata.number(of: tensor.fields)
    tensor.fields.metadataNumber = number
    return number
  }

  /// A tensor that looks as the number says, in memory of its own or in that of `base`.
  public func tensor(metadata number: UInt32, sharing base: FakeTensor? = nil) -> FakeTensor {
    var fields = metadata.fields(number)
    fields.storage = base?.storage ?? newStorage()
    return FakeTensor(fields)
  }
}
