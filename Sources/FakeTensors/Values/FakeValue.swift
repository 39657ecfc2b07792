public import SymbolicShapes
public import TensorVocabulary

/// The value of a node: a tensor, a number, a structure of these, or something opaque.
///
/// Rare cases wider than eight bytes are boxed: every node of a run has one of these values.
public enum FakeValue {
  case tensor(FakeTensor)
  case symInt(SymInt)
  case symFloat(SymFloat)
  case symBool(SymBool)
  case float(Double)
  case bool(Bool)
  indirect case complex(Double, Double)
  indirect case string(String)
  case none
  case dtype(ScalarType)
  case device(Device)
  case layout(Layout)
  case memoryFormat(MemoryFormat)
  case list([FakeValue])
  case tuple([FakeValue])
  case dictionary([(key: DictionaryKey, value: FakeValue)])
  /// Python's `slice`: start, stop and step.
  case slice([FakeValue])
  /// The values of an argument of type `int[]` or `SymInt[]`.
  indirect case sizes(Sizes)
  /// A subgraph, by the path of its module.
  indirect case submodule(String)
  /// A value that is passed through without being interpreted: a ScriptObject, a token, a generator.
  indirect case opaque(String)

  /// A concrete integer.
  @inlinable
  public static func int(_ value: Int) -> FakeValue { .symInt(SymInt(value)) }
}

extension FakeValue {
  /// The tensor, if the value is one.
  @inlinable
  public var tensor: FakeTensor? {
    if case .tensor(let tensor) = self { return tensor }
    return nil
  }

  /// Whether the value is Python's `None`.
  @inlinable
  public var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  /// The elements of a list, tuple or integer list.
  public var elements: [FakeValue]? {
    switch self {
    case .list(let items), .tuple(let items): items
    case .sizes(let sizes): sizes.map { .symInt($0) }
    default: nil
    }
  }
}
