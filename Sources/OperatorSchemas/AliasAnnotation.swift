/// The alias annotation of an argument or a result: the `(a!)` of `Tensor(a!)`.
///
/// Values with a common alias set may share memory; `!` means that the operator writes to it. `(a -> *)` means that
/// after the call, the value may be part of anything, such as the returned list.
public struct AliasAnnotation: Hashable, Sendable {
  /// The alias sets before the call: `["a"]`; `["*"]` is any memory.
  public var before: [String]
  /// The alias sets after the call; the same as before unless the schema says otherwise.
  public var after: [String]
  /// Whether the operator writes to the memory.
  public var isWrite: Bool
  /// The number of `[]` and `?` to the right of the annotation: 1 in `Tensor(a!)[]`, 0 in `t[](a!)`.
  var depth = 0
}

extension AliasAnnotation: CustomStringConvertible {
  /// The annotation in PyTorch's schema language: `(a!)`, `(a -> *)`, `(b|a)`.
  public var description: String {
    let sets = before.joined(separator: "|") + (isWrite ? "!" : "")
    return after == before ? "(\(sets))" : "(\(sets) -> \(after.joined(separator: "|")))"
  }
}
