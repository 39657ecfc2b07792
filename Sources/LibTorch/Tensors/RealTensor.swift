public import TensorVocabulary

/// A tensor of PyTorch's library, with its elements.
///
/// The object owns a handle, and frees it when it goes; the memory goes with the last tensor that views it.
///
/// Not for several tasks at once: PyTorch's tensors are mutable.
public final class RealTensor {
  /// The library that the tensor belongs to.
  public let library: TorchLibrary
  let handle: TorchHandle

  /// Takes over a handle.
  init(owning handle: TorchHandle, _ library: TorchLibrary) {
    self.handle = handle
    self.library = library
  }

  deinit {
    // Nobody can be told; deleting fails for no tensor.
    _ = library.functions.deleteTensor(handle)
  }
}

extension RealTensor {
  /// The number of dims.
  public var rank: Int {
    get throws(LibTorchError) { Int(try ask(library.functions.dim, 0)) }
  }

  /// The number of elements.
  public var elementCount: Int {
    get throws(LibTorchError) { Int(try ask(library.functions.numel, 0)) }
  }

  /// The sizes, outermost dim first.
  public var sizes: [Int] {
    get throws(LibTorchError) { try integers(library.functions.sizes) }
  }

  /// The strides, in elements.
  public var strides: [Int] {
    get throws(LibTorchError) { try integers(library.functions.strides) }
  }

  /// The place of the first element in the storage, in elements.
  public var storageOffset: Int {
    get throws(LibTorchError) { Int(try ask(library.functions.storageOffset, 0)) }
  }

  /// The dtype of the elements.
  public var dtype: ScalarType {
    get throws(LibTorchError) { try library.codes.dtype(try ask(library.functions.dtype, 0)) }
  }

  /// The layout.
  public var layout: Layout {
    get throws(LibTorchError) { try library.codes.layout(try ask(library.functions.layout, 0)) }
  }

  /// The device.
  public var device: Device {
    get throws(LibTorchError) {
      let type = try library.codes.device(try ask(library.functions.deviceType, 0))
      let index = try ask(library.functions.deviceIndex, 0)
      return Device(type, index: type == .cpu || index < 0 ? nil : Int16(clamping: index))
    }
  }

  /// The first element's address, in the memory of the device.
  var data: UnsafeMutableRawPointer? {
    get throws(LibTorchError) { try ask(library.functions.data, nil) }
  }

  /// Another handle of the same tensor, for a callee that frees it.
  func newHandle() throws(LibTorchError) -> TorchHandle {
    var copy: TorchHandle?
    try library.check(library.functions.copyHandle(handle, &copy))
    guard let copy else { throw LibTorchError(.raised("no handle came back")) }
    return copy
  }

  private func ask<Value>(
    _ function: (TorchHandle, UnsafeMutablePointer<Value>) -> Int32, _ initial: Value
  ) throws(LibTorchError) -> Value {
    var value = initial
    try library.check(function(handle, &value))
    return value
  }

  private func integers(
    _ function: (TorchHandle, UnsafeMutablePointer<UnsafeMutablePointer<Int64>?>) -> Int32
  ) throws(LibTorchError) -> [Int] {
    let rank = try rank
    // Bound: PyTorch holds one for each dim.
    return UnsafeBufferPointer(start: try ask(function, nil), count: rank).map { Int($0) }
  }
}

extension RealTensor {
  /// The dtype and the sizes in PyTorch's short form, such as `f32[8, 5]`.
  public var shortText: String {
    get throws(LibTorchError) {
      "\(try dtype.shortName)[\(try sizes.map { "\($0)" }.joined(separator: ", "))]"
    }
  }
}

extension RealTensor: CustomStringConvertible {
  /// The ``shortText``.
  public var description: String { (try? shortText) ?? "tensor" }
}
