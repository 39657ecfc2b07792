public import TensorVocabulary
public import ZipArchives

/// A parameter, buffer or constant as an archive stores it: a strided view of a storage.
///
/// The bytes stay in the archive until they are asked for.
public struct ArchivedTensor: Sendable {
  /// The dtype of the elements.
  public let dtype: ScalarType
  /// The sizes, outermost dim first.
  public let sizes: [Int]
  /// The strides, in elements.
  public let strides: [Int]
  /// Where the first element lies in the storage, in elements.
  public let storageOffset: Int
  /// The bytes of the storage; fewer than the tensor needs when the archive keeps none for it.
  public let storage: MappedBytes

  /// Whether both tensors look alike and have the same elements, bit by bit.
  public func hasEqualContents(_ other: ArchivedTensor) -> Bool {
    guard dtype == other.dtype, sizes == other.sizes else { return false }
    if strides == other.strides, storageOffset == other.storageOffset, storage.count == other.storage.count {
      let isSame = storage.withUnsafeBytes { mine in
        other.storage.withUnsafeBytes { $0.elementsEqual(mine) }
      }
      if isSame { return true }
    }
    return elements == other.elements
  }

  /// The bytes of the elements in order; empty when the archive keeps none, or too few.
  public var elements: [UInt8] {
    guard let place = checkedPlace else { return [] }
    return storage.withUnsafeBytes { bytes in
      var elements: [UInt8] = []
      elements.reserveCapacity(place.bytes)
      Self.gather(
        bytes, sizes[...], strides[...], storageOffset, dtype.itemSize, isDense: place.isDense,
        into: &elements)
      return elements
    }
  }

  /// How many bytes the elements take, and whether they lie one after the other; `nil` when they are not all there.
  private var checkedPlace: (bytes: Int, isDense: Bool)? {
    var (count, last, dense, isDense) = (1, storageOffset, 1, true)
    guard sizes.count == strides.count, storageOffset >= 0 else { return nil }
    for (size, stride) in zip(sizes, strides).reversed() {
      guard size >= 0, stride >= 0 else { return nil }
      if size != 1, stride != dense { isDense = false }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      let (reach, tooFar) = stride.multipliedReportingOverflow(by: max(size - 1, 0))
      let (end, beyond) = last.addingReportingOverflow(reach)
      let (next, wide) = dense.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, !tooFar, !beyond, !wide else { return nil }
      (count, last, dense) = (product, end, next)
    }
    if count == 0 { return (0, true) }
    let (end, overflow) = last.addingReportingOverflow(1)
    let (bytes, tooMany) = end.multipliedReportingOverflow(by: dtype.itemSize)
    guard !overflow, !tooMany, bytes <= storage.count else { return nil }
    // A dim of stride 0 may repeat its elements beyond all memory.
    let (all, beyond) = count.multipliedReportingOverflow(by: dtype.itemSize)
    guard !beyond, all <= max(storage.count, 1 << 24) else { return nil }
    return (all, isDense)
  }

  /// Bound: the caller has checked that the last element ends in `bytes`.
  private static func gather(
    _ bytes: UnsafeRawBufferPointer, _ sizes: ArraySlice<Int>, _ strides: ArraySlice<Int>, _ offset: Int,
    _ itemSize: Int, isDense: Bool, into elements: inout [UInt8]
  ) {
    if isDense {
      let count = sizes.reduce(1, *) * itemSize
      elements.append(contentsOf: bytes[offset * itemSize..<offset * itemSize + count])
      return
    }
    guard let size = sizes.first, let stride = strides.first else {
      elements.append(contentsOf: bytes[offset * itemSize..<(offset + 1) * itemSize])
      return
    }
    for index in 0..<size {
      gather(
        bytes, sizes.dropFirst(), strides.dropFirst(), offset + index * stride, itemSize, isDense: false,
        into: &elements)
    }
  }
}
