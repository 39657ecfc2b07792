import FX
public import TensorVocabulary

/// Elements in Swift's memory.
extension RealTensor {
  /// The elements in order of the dims, converted to `Element`'s dtype where the tensor has another one.
  ///
  /// ```swift
  /// let values = try tensor.elements(as: Float.self)
  /// ```
  public func elements<Element: TorchElement>(as: Element.Type) throws(LibTorchError) -> [Element] {
    let tensor = try readable(as: Element.scalarType)
    let count = try tensor.elementCount
    guard count > 0, let start = try tensor.data else { return [] }
    // Bound: the tensor is contiguous, in this process's memory, and has `count` elements of this type.
    return [Element](UnsafeBufferPointer(start: start.assumingMemoryBound(to: Element.self), count: count))
  }

  /// At most the first `count` elements, as doubles.
  public func firstElements(_ count: Int) throws(LibTorchError) -> [Double] {
    let dispatcher = Dispatcher(library)
    let flat = try dispatcher.tensor("aten::reshape", .value(self), .list([.constant(.int(-1))]))
    let zero = PyTree<RealTensor>.constant(.int(0))
    return try dispatcher.tensor("aten::slice.Tensor", .value(flat), zero, zero, .constant(.int(count)))
      .elements(as: Double.self)
  }

  /// Calls `body` with the bytes of the elements in order of the dims.
  func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let tensor = try readable(as: try dtype)
    let count = try tensor.elementCount * (try tensor.dtype.itemSize)
    return try body(UnsafeRawBufferPointer(start: count == 0 ? nil : try tensor.data, count: count))
  }

  /// The one element as a number of Python.
  ///
  /// - Throws: ``LibTorchError/Kind/argument(_:)`` unless there is exactly one.
  public var item: Scalar {
    get throws(LibTorchError) {
      let count = try elementCount
      guard count == 1 else {
        throw LibTorchError(.argument("a Tensor with \(count) elements cannot be converted to Scalar"))
      }
      switch try dtype.category {
      case .bool: return .bool(try elements(as: Bool.self)[0])
      case .int: return .int(try elements(as: Int.self)[0])
      case .float: return .float(try elements(as: Double.self)[0])
      case .complex:
        return try withComplex { .complex($0, $1) }
      case nil: throw LibTorchError(.unsupported("a number of dtype \(try dtype)"))
      }
    }
  }

  private func withComplex(_ make: (Double, Double) -> Scalar) throws(LibTorchError) -> Scalar {
    let wide = try readable(as: .complex128)
    guard let start = try wide.data?.assumingMemoryBound(to: Double.self) else {
      throw LibTorchError(.argument("the tensor has no element"))
    }
    return make(start[0], start[1])
  }

  /// The same values, contiguous on the CPU, in `dtype`, with no operation on them put off.
  private func readable(as wanted: ScalarType) throws(LibTorchError) -> RealTensor {
    let dispatcher = Dispatcher(library)
    var tensor = self
    guard try layout == .strided else {
      throw LibTorchError(.unsupported("the elements of a tensor with layout \(try layout)"))
    }
    let (own, place) = (try dtype, try device)
    if own.isComplex { tensor = try dispatcher.tensor("aten::resolve_conj", .value(tensor)) }
    if own.isComplex || own.isFloatingPoint {
      tensor = try dispatcher.tensor("aten::resolve_neg", .value(tensor))
    }
    if place != .cpu || own != wanted {
      tensor = try dispatcher.tensor(
        "aten::to.device", .value(tensor), .constant(.device(.cpu)), .constant(.dtype(wanted)))
    }
    return try dispatcher.tensor("aten::contiguous", .value(tensor))
  }
}

extension TorchLibrary {
  /// A tensor without dims that holds `number`.
  func tensor(_ number: Scalar, _ dtype: ScalarType) throws(LibTorchError) -> RealTensor {
    let wide: RealTensor
    switch number {
    case .bool(let value): wide = try tensor([value], sizes: [])
    case .int(let value): wide = try tensor([value], sizes: [])
    case .float(let value):
      wide = dtype == .float32 ? try tensor([Float(value)], sizes: []) : try tensor([value], sizes: [])
    case .complex(let real, let imaginary):
      let parts = try tensor([real, imaginary], sizes: [2])
      wide = try Dispatcher(self).tensor("aten::view_as_complex", .value(parts))
    }
    if try wide.dtype == dtype { return wide }
    return try Dispatcher(self).tensor("aten::to.dtype", .value(wide), .constant(.dtype(dtype)))
  }
}
