import TensorVocabulary

/// Tensors without dims that numbers of calls became, each made once.
///
/// They are only read: a call that may write to its argument, or return it, is given a tensor of its own.
struct NumberTensors {
  private struct Key: Hashable {
    /// The bits, so that the two zeros differ and a NaN is itself.
    let bits: UInt64
    let category: ScalarCategory
    let dtype: ScalarType
  }

  /// How many are kept; a program that computes its numbers has new ones in every run.
  private static let most = 256
  private var tensors: [Key: RealTensor] = [:]

  /// The tensor of `number` in `dtype`, made by `library` unless it is there.
  mutating func tensor(
    _ number: Scalar, _ dtype: ScalarType, _ library: TorchLibrary
  ) throws(LibTorchError) -> RealTensor {
    guard let bits = number.bits else { return try library.tensor(number, dtype) }
    let key = Key(bits: bits, category: number.category, dtype: dtype)
    if let known = tensors[key] { return known }
    let tensor = try library.tensor(number, dtype)
    if tensors.count >= Self.most { tensors.removeAll(keepingCapacity: true) }
    tensors[key] = tensor
    return tensor
  }
}

extension Scalar {
  /// The bits of a real number; `nil` for complex ones.
  fileprivate var bits: UInt64? {
    switch self {
    case .int(let value): UInt64(bitPattern: Int64(value))
    case .float(let value): value.bitPattern
    case .bool(let value): value ? 1 : 0
    case .complex: nil
    }
  }
}
