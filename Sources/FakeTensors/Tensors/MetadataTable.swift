import DenseTables

/// Numbers the metadata of tensors: two tensors have equal metadata exactly when they have equal numbers.
///
/// Symbolic metadata has odd numbers.
struct MetadataTable {
  /// No more than this many kinds of metadata are numbered, so that memory stays bounded.
  private static var mostNumbers: Int { 1 << 18 }

  /// Indexed by the upper bits of the numbers, which start at 1.
  private var kinds: ContiguousArray<TensorMetadata> = []
  private var hashes: ContiguousArray<WordHash> = []
  private var index = HashIndex(for: 1 << 7)

  /// The shared metadata equal to `metadata`; `nil` if the table is full.
  ///
  /// The first of a kind is numbered and shared from then on.
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

  /// The metadata with this number.
  subscript(number: UInt32) -> TensorMetadata { kinds[Int(number >> 1) - 1] }
}

extension FakeTensorMode {
  /// The number of the tensor's metadata, equal for equal metadata; 0 if there is none, as for a tensor whose elements
  /// are known or that hides a dim.
  public func metadataNumber(of tensor: FakeTensor) -> UInt32 {
    if let knowledge = tensor.knowledge, knowledge.constant != nil || !knowledge.hiddenDims.isEmpty {
      return 0
    }
    if !owns(tensor) { return 0 }
    if !tensor.metadata.isShared, let shared = metadata.shared(tensor.metadata) { tensor.metadata = shared }
    return tensor.metadata.number
  }

  /// Whether metadata with this number depends on symbols.
  public static func isSymbolic(metadata number: UInt32) -> Bool { number & 1 == 1 }

  /// A new object for an input of a run, with the same storage and unknown elements.
  public func inputCopy(of tensor: FakeTensor) -> FakeTensor {
    // Numbered metadata can be shared.
    _ = metadataNumber(of: tensor)
    let copy = FakeTensor(tensor.metadata, in: tensor.storage)
    // Setting the same value would still copy the metadata.
    if !copy.isLeaf { copy.isLeaf = true }
    return copy
  }

  /// A tensor with the metadata of this number, with its own storage or that of `base`.
  public func tensor(metadata number: UInt32, sharing base: FakeTensor? = nil) -> FakeTensor {
    FakeTensor(metadata[number], in: base?.storage ?? newStorage())
  }
}
