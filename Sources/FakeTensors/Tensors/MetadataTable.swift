import DenseTables

/// Numbers for what tensors look like: two tensors have equal metadata exactly when they have equal numbers.
///
/// The numbers of symbolic metadata are odd.
struct MetadataTable {
  /// Beyond this many kinds of tensors no further ones are numbered, so that memory stays bounded.
  private static var mostNumbers: Int { 1 << 18 }

  /// By the upper bits of their numbers, from 1 on.
  private var kinds: ContiguousArray<TensorMetadata> = []
  private var hashes: ContiguousArray<WordHash> = []
  private var index = HashIndex(for: 1 << 7)

  /// What all tensors share that look like this one; `nil` when there is no room for more.
  ///
  /// The first of a kind is numbered and is what is shared from then on.
  mutating func shared(_ metadata: TensorMetadata) -> TensorMetadata? {
    let hash = metadata.looks.wordHash
    let place = index.find(HashKey(hash)) { hashes[$0] == hash && metadata.isSame(as: kinds[$0]) }
    if let position = place.number { return kinds[position] }
    guard kinds.count < Self.mostNumbers else { return nil }
    index.enter(kinds.count, at: place)
    kinds.append(metadata)
    hashes.append(hash)
    metadata.number = UInt32(kinds.count) << 1 | (metadata.looks.isSymbolic ? 1 : 0)
    if index.isCrowded(by: kinds.count) {
      index = index.doubled(for: hashes.indices) { HashKey(hashes[$0]) }
    }
    return metadata
  }

  /// What has this number.
  subscript(number: UInt32) -> TensorMetadata { kinds[Int(number >> 1) - 1] }
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
