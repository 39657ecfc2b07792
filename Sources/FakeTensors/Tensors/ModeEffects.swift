/// What the steps of a run did to their ``FakeTensorMode`` besides computing results.
///
/// A step without such effects that taught the ``ShapeEnv`` nothing is a function of its arguments and of what is known
/// about their symbols.
public struct ModeEffects {
  /// A result memoized on a tensor.
  public struct Memo {
    /// The tensor that holds the memo.
    public let tensor: FakeTensor
    /// The operator whose result it is.
    public let key: MemoKey
    /// The result.
    public let value: FakeValue
  }

  /// How often a memo was read or set.
  var memoUses = 0
  /// How often a tensor was written to or its elements became known.
  var writes = 0
  /// The memos set since they were last taken, in order, while ``keepsMemos``.
  public internal(set) var memos: [Memo] = []
  /// Whether memos are recorded.
  public var keepsMemos = false

  /// Returns the memos set since the last call.
  public mutating func takeMemos() -> [Memo] {
    defer { if !memos.isEmpty { memos = [] } }
    return memos
  }

  mutating func noteMemo(_ key: MemoKey, of tensor: FakeTensor, _ value: FakeValue) {
    memoUses += 1
    if keepsMemos { memos.append(Memo(tensor: tensor, key: key, value: value)) }
  }
}
