import ExportedPrograms

/// Strides as far as they say where elements lie.
enum StoredStrides {
  /// The strides of a contiguous tensor.
  static func contiguous(_ sizes: [Int]) -> [Int] {
    // A tensor of these sizes exists, so nothing overflows.
    StoredTensor.contiguousStrides(sizes) ?? sizes
  }

  /// Whether both place each element alike: dims of size one, and tensors without elements, do not count.
  static func agree(_ a: [Int], _ b: [Int], sizes: [Int]) -> Bool {
    if sizes.contains(0) { return true }
    return zip(zip(a, b), sizes).allSatisfy { $0.0 == $0.1 || $1 == 1 }
  }
}
