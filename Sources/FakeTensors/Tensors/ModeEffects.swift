/// What the steps of a run did to their ``FakeTensorMode`` beside making results.
///
/// A step that did nothing of the kind, and taught the ``ShapeEnv`` nothing, is a function of its arguments and
/// of what is known about their symbols.
public struct ModeEffects {
  /// A result that a tensor was told to remember.
  public struct Memo {
    /// The tensor that remembers.
    public let tensor: FakeTensor
    /// What it remembers.
    public let key: MemoKey
    /// The result.
    public let value: FakeValue
  }

  /// How often a memo was asked for or made.
  var memoUses = 0
  /// How often a tensor was written to or its elements became known.
  var writes = 0
  /// The memos made since they were taken last, in order, while ``keepsMemos``.
  public internal(set) var memos: [Memo] = []
  /// Whether memos are listed.
  public var keepsMemos = false

  /// Returns the memos made since the last call.
  public mutating func takeMemos() -> [Memo] {
    defer { if !memos.isEmpty { memos = [] } }
    return memos
  }

  mutating func noteMemo(_ key: MemoKey, of tensor: FakeTensor, _ value: FakeValue) {
    memoUses += 1
    if keepsMemos { memos.append(Memo(tensor: tensor, key: key, value: value)) }
  }
}
