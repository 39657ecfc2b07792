import TensorVocabulary
import ZipArchives

/// The elements of stored tensors, to compare them.
extension StoredTensor {
  /// Whether both tensors look alike and have the same elements, bit by bit.
  public func hasEqualContents(_ other: StoredTensor) -> Bool {
    guard dtype == other.dtype, sizes == other.sizes else { return false }
    guard let bytes, let others = other.bytes else { return (bytes == nil) == (other.bytes == nil) }
    if strides == other.strides, storageOffset == other.storageOffset, bytes.hasSameBytes(as: others) {
      return true
    }
    return elements == other.elements
  }

  /// The bytes of the elements in order; empty when the file holds none.
  ///
  /// A dim of stride 0 may repeat its elements beyond all memory: such a tensor is its storage.
  var elements: [UInt8] {
    guard let bytes, let count = Self.elementCount(sizes), count > 0 else { return [] }
    let (size, overflows) = count.multipliedReportingOverflow(by: dtype.itemSize)
    let isRepeated = overflows || size > max(bytes.count, 1 << 24)
    return bytes.withUnsafeBytes { bytes in
      var elements: [UInt8] = []
      if isRepeated { return Array(bytes) }
      elements.reserveCapacity(size)
      gather(bytes, dim: 0, storageOffset, isDense: strides == Self.contiguousStrides(sizes), into: &elements)
      return elements
    }
  }

  /// Appends the elements from `dim` on, the first of which is element `offset` of the storage.
  private func gather(
    _ bytes: UnsafeRawBufferPointer, dim: Int, _ offset: Int, isDense: Bool, into elements: inout [UInt8]
  ) {
    func append(_ count: Int) {
      // Bound: every element lies within `bytes`, or making the tensor would have thrown.
      elements += bytes[offset * dtype.itemSize..<(offset + count) * dtype.itemSize]
    }
    if isDense { return append(Self.elementCount(sizes) ?? 0) }
    if dim == sizes.count { return append(1) }
    // Bound: a size is not negative.
    for index in 0..<sizes[dim] {
      // Bound: the place of an element of the storage.
      gather(bytes, dim: dim + 1, offset + index * strides[dim], isDense: false, into: &elements)
    }
  }
}
