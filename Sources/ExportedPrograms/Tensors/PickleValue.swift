public import TensorVocabulary

/// A Python object of the few kinds that are read from pickles.
public indirect enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case dtype(ScalarType)
  case device(String)
  case tensor(StoredTensor)
  case tuple([PickleValue])
  case list([PickleValue])
  /// A dictionary, in its order.
  case dict([(key: PickleValue, value: PickleValue)])
  /// A class or function by its name, or an object of a class that is not read.
  case object(String)

  /// The leaves in PyTorch's order of flattening: containers are gone into, `None` is a leaf.
  public var leaves: [PickleValue] {
    switch self {
    case .tuple(let items), .list(let items): items.flatMap(\.leaves)
    case .dict(let entries): entries.flatMap(\.value.leaves)
    default: [self]
    }
  }

  /// The value of a dictionary's text key.
  public subscript(key: String) -> PickleValue? {
    guard case .dict(let entries) = self else { return nil }
    return entries.first { if case .string(key) = $0.key { true } else { false } }?.value
  }
}
