public import TensorVocabulary
public import ZipArchives

/// A tensor as a file holds it: its metadata, and a view of the bytes of its storage.
///
/// Every element lies within the bytes, or making one would have thrown.
public struct StoredTensor: Sendable {
  /// The dtype of the elements.
  public let dtype: ScalarType
  /// The sizes, outermost dim first.
  public let sizes: [Int]
  /// The strides, in elements.
  public let strides: [Int]
  /// The first element's place in the storage, in elements.
  public let storageOffset: Int
  /// The storage; `nil` for a tensor of zeros that has none.
  public let bytes: MappedBytes?

  /// Makes a view of a storage.
  ///
  /// - Throws: ``TensorFileError`` when some element lies outside `bytes`, or a size is negative.
  public init(
    _ dtype: ScalarType, sizes: [Int], strides: [Int], storageOffset: Int = 0, bytes: MappedBytes?
  ) throws(TensorFileError) {
    guard sizes.count == strides.count else {
      throw TensorFileError(.malformed("\(sizes.count) sizes, but \(strides.count) strides"))
    }
    guard let extent = Self.extent(sizes, strides, storageOffset),
      case let (needed, isTooLarge) = extent.multipliedReportingOverflow(by: dtype.itemSize), !isTooLarge
    else { throw TensorFileError(.impossibleSizes(sizes, strides)) }
    if let bytes, needed > bytes.count { throw TensorFileError(.tooFewBytes(needed, held: bytes.count)) }
    self.dtype = dtype
    self.sizes = sizes
    self.strides = strides
    self.storageOffset = storageOffset
    self.bytes = bytes
  }

  /// How many elements of the storage the view reaches, or `nil` when sizes, strides or offset are negative or their
  /// product does not fit 64 bits.
  private static func extent(_ sizes: [Int], _ strides: [Int], _ offset: Int) -> Int? {
    guard offset >= 0, elementCount(sizes) != nil, strides.allSatisfy({ $0 >= 0 }) else { return nil }
    if sizes.contains(0) { return 0 }
    var last = offset
    for (size, stride) in zip(sizes, strides) {
      let (step, overflows) = (size - 1).multipliedReportingOverflow(by: stride)
      let (next, overflowsToo) = last.addingReportingOverflow(step)
      if overflows || overflowsToo { return nil }
      last = next
    }
    return last == .max ? nil : last + 1
  }

  /// The number of elements of a tensor of these sizes; `nil` when a size is negative or the product does not fit 64
  /// bits.
  public static func elementCount(_ sizes: [Int]) -> Int? {
    var count = 1
    var isEmpty = false
    for size in sizes {
      guard size >= 0 else { return nil }
      if size == 0 {
        isEmpty = true
        continue
      }
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      if overflows { return nil }
      count = product
    }
    return isEmpty ? 0 : count
  }

  /// The strides of a contiguous tensor, as PyTorch has them: sizes of zero count as one; `nil` on overflow.
  public static func contiguousStrides(_ sizes: [Int]) -> [Int]? {
    // Bound: as many as sizes that are in memory.
    var strides = [Int](repeating: 1, count: sizes.count)
    var stride = 1
    for dim in sizes.indices.reversed() {
      strides[dim] = stride
      let (next, overflows) = stride.multipliedReportingOverflow(by: max(sizes[dim], 1))
      if overflows { return nil }
      stride = next
    }
    return strides
  }
}

extension StoredTensor {
  /// How many elements of the storage the view reaches.
  public var storageExtent: Int {
    // It fits 64 bits, or making the tensor would have thrown.
    Self.extent(sizes, strides, storageOffset) ?? 0
  }
}
