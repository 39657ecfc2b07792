public import ExportedPrograms
import TensorVocabulary
import ZipArchives

/// Tensors made of Swift memory and of files.
extension TorchLibrary {
  /// A contiguous tensor with these elements, which are copied.
  ///
  /// - Throws: ``LibTorchError/Kind/argument(_:)`` unless there is one element for each place.
  public func tensor<Element: TorchElement>(
    _ elements: [Element], sizes: [Int]
  ) throws(LibTorchError) -> RealTensor {
    guard StoredTensor.elementCount(sizes) == elements.count else {
      throw LibTorchError(.argument("\(elements.count) elements do not fill the sizes \(sizes)"))
    }
    let tensor = try empty(Element.scalarType, sizes: sizes)
    let target = try tensor.data
    elements.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress, bytes.count > 0 {
        target?.copyMemory(from: source, byteCount: bytes.count)
      }
    }
    return tensor
  }

  /// A contiguous tensor of these sizes whose elements `element` makes, one after the other.
  ///
  /// - Throws: ``LibTorchError/Kind/input(_:)`` for sizes that no tensor has.
  public func tensor<Element: TorchElement>(
    sizes: [Int], _ element: () -> Element
  ) throws(LibTorchError) -> RealTensor {
    guard StoredTensor.elementCount(sizes) != nil else {
      throw LibTorchError(.input("no tensor has the sizes \(sizes)"))
    }
    return try tensor(sizes: sizes) { (_: Int) in element() }
  }

  /// A contiguous tensor of `Element`'s dtype whose elements `element` makes, given their numbers.
  func tensor<Element: TorchElement>(
    sizes: [Int], _ element: (Int) -> Element
  ) throws(LibTorchError) -> RealTensor {
    let tensor = try empty(Element.scalarType, sizes: sizes)
    let count = try tensor.elementCount
    if count > 0, let start = try tensor.data?.assumingMemoryBound(to: Element.self) {
      // Bound: the library made room for `count` elements.
      for number in 0..<count { (start + number).initialize(to: element(number)) }
    }
    return tensor
  }

  /// A tensor whose elements are not initialised yet; contiguous unless there are `strides`.
  func empty(
    _ dtype: ScalarType, sizes: [Int], strides: [Int]? = nil, device: Device = .cpu
  ) throws(LibTorchError) -> RealTensor {
    guard let strides = strides ?? StoredTensor.contiguousStrides(sizes), strides.count == sizes.count else {
      throw LibTorchError(.argument("no tensor has the sizes \(sizes)"))
    }
    let (dtypeCode, deviceCode) = (try codes.code(of: dtype), try codes.code(of: device.type))
    var handle: TorchHandle?
    let code = Self.withDims(sizes, strides) { sizes, strides in
      functions.makeEmpty(
        Int64(sizes.count), sizes.baseAddress, strides.baseAddress, dtypeCode, deviceCode,
        Int32(device.index ?? -1), &handle)
    }
    try check(code)
    return try owned(handle)
  }

  /// The tensor that a file holds: a view of its bytes where they are aligned, otherwise a copy.
  ///
  /// What is written to a view goes to the memory of the file, which must be copied on write.
  public func tensor(_ stored: StoredTensor) throws(LibTorchError) -> RealTensor {
    guard let bytes = stored.bytes else {
      let tensor = try empty(stored.dtype, sizes: stored.sizes, strides: stored.strides)
      let size = (stored.storageExtent) * stored.dtype.itemSize
      try tensor.data?.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      return tensor
    }
    let owner = BlobOwner(bytes)
    let isAligned = bytes.withUnsafeBytes { bytes in
      UInt(bitPattern: bytes.baseAddress) % UInt(max(1, stored.dtype.itemSize)) == 0
    }
    if !isAligned { owner.copy() }
    let (dtype, device) = (try codes.code(of: stored.dtype), try codes.code(of: DeviceType.cpu))
    let layout = try codes.code(of: Layout.strided)
    let context = Unmanaged.passRetained(owner)
    var handle: TorchHandle?
    let code = Self.withDims(stored.sizes, stored.strides) { sizes, strides in
      functions.makeBlob(
        owner.address, Int64(sizes.count), sizes.baseAddress, strides.baseAddress,
        Int64(stored.storageOffset),
        dtype, device, -1, &handle, layout, nil, 0,
        { _, context in
          if let context { Unmanaged<BlobOwner>.fromOpaque(context).release() }
        }, context.toOpaque())
    }
    do throws(LibTorchError) { try check(code) } catch {
      context.release()
      throw error
    }
    return try owned(handle)
  }

  func owned(_ handle: TorchHandle?) throws(LibTorchError) -> RealTensor {
    guard let handle else { throw LibTorchError(.raised("no tensor came back")) }
    return RealTensor(owning: handle, self)
  }

  private static func withDims<Result>(
    _ sizes: [Int], _ strides: [Int],
    _ body: (UnsafeBufferPointer<Int64>, UnsafeBufferPointer<Int64>) -> Result
  ) -> Result {
    let (sizes, strides) = (sizes.map { Int64($0) }, strides.map { Int64($0) })
    return sizes.withUnsafeBufferPointer { sizes in strides.withUnsafeBufferPointer { body(sizes, $0) } }
  }
}

/// What keeps the memory of a tensor alive that the library does not own.
private final class BlobOwner {
  private let bytes: MappedBytes
  private var own: UnsafeMutableRawBufferPointer?

  init(_ bytes: MappedBytes) { self.bytes = bytes }

  deinit { own?.deallocate() }

  /// Copies the bytes to memory that is aligned for every dtype.
  func copy() {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    bytes.withUnsafeBytes { copy.copyBytes(from: $0) }
    own = copy
  }

  var address: UnsafeMutableRawPointer? {
    if let own { return own.baseAddress }
    // Valid for as long as `bytes` is.
    return bytes.withUnsafeBytes { UnsafeMutableRawPointer(mutating: $0.baseAddress) }
  }
}
