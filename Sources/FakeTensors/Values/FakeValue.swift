public import SymbolicShapes
public import TensorVocabulary

/// Whatever a node of a program can hold: a tensor, a number, a structure of them, or something opaque.
///
/// What is wider than eight bytes and rare lies in a box: every node of a run has one of these.
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
  case dictionary([(key: String, value: FakeValue)])
  /// Python's `slice`: start, stop and step.
  case slice([FakeValue])
  /// The values of an argument of type `int[]` or `SymInt[]`.
  indirect case sizes(Sizes)
  /// A subgraph, by the path under which its module is found.
  indirect case submodule(String)
  /// Something that flows through without being understood: a ScriptObject, a token, a generator.
  indirect case opaque(String)

  /// An integer that is known.
  @inlinable
  public static func int(_ value: Int) -> FakeValue { .symInt(SymInt(value)) }
}

extension FakeValue {
  /// The tensor, when the value is one.
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
