/// Numbers for what tensors look like: two tensors have equal metadata exactly when they have equal numbers.
///
/// The numbers of symbolic metadata are odd.
struct MetadataTable {
  /// Beyond this many kinds of tensors no further ones are numbered, so that memory stays bounded.
  private static var mostNumbers: Int { 1 << 18 }
  private static var free: UInt32 { 0 }

  /// By the upper bits of their numbers, from 1 on.
  private var kinds: ContiguousArray<TensorMetadata> = []
  private var hashes: ContiguousArray<UInt64> = []
  private var slots = ContiguousArray<UInt32>(repeating: MetadataTable.free, count: 1 << 8)

  /// What all tensors share that look like this one; `nil` when there is no room for more.
  ///
  /// The first of a kind is numbered and is what is shared from then on.
  mutating func shared(_ metadata: TensorMetadata) -> TensorMetadata? {
    let hash = metadata.hash
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let index = Self.index(slots[slot])
      if hashes[index] == hash, metadata.isSame(as: kinds[index]) { return kinds[index] }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard kinds.count < Self.mostNumbers else { return nil }
    kinds.append(metadata)
    hashes.append(hash)
    metadata.number = UInt32(kinds.count) << 1 | (metadata.isSymbolic ? 1 : 0)
    slots[slot] = metadata.number
    if kinds.count * 2 > slots.count { rebuild() }
    return metadata
  }

  /// What has this number.
  subscript(number: UInt32) -> TensorMetadata { kinds[Self.index(number)] }

  private static func index(_ number: UInt32) -> Int { Int(number >> 1) - 1 }

  private mutating func rebuild() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for index in kinds.indices {
      var slot = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = kinds[index].number
    }
  }
}

extension FakeTensorMode {
  /// The number of what `tensor` looks like, which tensors of equal metadata share; 0 when there is none, as for a
  /// tensor whose elements are known.
  public func metadataNumber(of tensor: FakeTensor) -> UInt32 {
    if tensor.constant != nil || !owns(tensor) { return 0 }
    if !tensor.metadata.isShared, let shared = metadata.shared(tensor.metadata) { tensor.metadata = shared }
    return tensor.metadata.number
  }

  /// Whether metadata of this number depends on symbols.
  public static func isSymbolic(metadata number: UInt32) -> Bool { number & 1 == 1 }

  /// Another object for an input of a run, in the same memory and with unknown elements.
  public func inputCopy(of tensor: FakeTensor) -> FakeTensor {
    // With a number, its metadata can be shared.
    _ = metadataNumber(of: tensor)
    let copy = FakeTensor(tensor.metadata, in: tensor.storage)
    // Setting what is so already would take a copy of it.
    if !copy.isLeaf { copy.isLeaf = true }
    return copy
  }

  /// A tensor that looks as the number says, in memory of its own or in that of `base`.
  public func tensor(metadata number: UInt32, sharing base: FakeTensor? = nil) -> FakeTensor {
    FakeTensor(metadata[number], in: base?.storage ?? newStorage())
  }
}
