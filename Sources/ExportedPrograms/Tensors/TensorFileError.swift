/// Why a tensor, or a file of tensors, cannot be read.
public struct TensorFileError: Error, Equatable, Sendable {
  /// What went wrong, for code that handles some of the cases itself.
  public enum Kind: Equatable, Sendable {
    /// The file or one of its parts is not in the format that it should have.
    case malformed(String)
    /// The sizes or strides are negative, or their product does not fit 64 bits.
    case impossibleSizes([Int], [Int])
    /// The tensor has more elements than bytes are there.
    case tooFewBytes(Int, held: Int)
    /// A dtype that this reader does not know.
    case unknownDtype(String)
    /// An object that is neither a tensor nor a plain container; it would have to be executed.
    case refusedObject(String)
    /// The file has nothing of this name.
    case missing(String)
  }

  /// What went wrong.
  public let kind: Kind
  /// The file, or the entry of an archive.
  public var file: String?
  /// The name of the tensor concerned.
  public var tensor: String?

  /// Makes an error whose place is not known yet.
  public init(_ kind: Kind, file: String? = nil, tensor: String? = nil) {
    self.kind = kind
    self.file = file
    self.tensor = tensor
  }

  /// The same error with its place, as far as it was not known.
  func at(file: String? = nil, tensor: String? = nil) -> TensorFileError {
    TensorFileError(kind, file: self.file ?? file, tensor: self.tensor ?? tensor)
  }
}

extension TensorFileError: CustomStringConvertible {
  /// Where, then what is wrong.
  public var description: String {
    let place = [file, tensor.map { "'\($0)'" }].compactMap { $0 }.map { "\($0): " }.joined()
    switch kind {
    case .malformed(let what): return place + what
    case .impossibleSizes(let sizes, let strides):
      return "\(place)no tensor has the sizes \(sizes)"
        + (strides.isEmpty ? ", whose elements cannot be counted" : " with the strides \(strides)")
    case .tooFewBytes(let needed, let held): return "\(place)\(needed) bytes are needed, \(held) are there"
    case .unknownDtype(let name): return "\(place)the dtype '\(name)' is not known"
    case .refusedObject(let name):
      return "\(place)'\(name)' is not read: only tensors, numbers, texts and plain containers are"
    case .missing(let what): return "\(place)it holds no \(what)"
    }
  }
}
