/// Counters of the work that an arena has done so far.
///
/// They are the same in every run of the same program. Counting costs about a hundredth of the work counted.
public struct ArenaWork: Hashable, Sendable {
  /// Memo look-ups for sums, products, relations and calls.
  public internal(set) var requests = 0
  /// Memo look-ups that found an answer.
  public internal(set) var hits = 0
  /// Operands of all sums, products and wide calls built, whether or not the result was new.
  public internal(set) var operands = 0
  /// Laws tried on calls.
  public internal(set) var laws = 0
  /// Ranges derived for expressions.
  public internal(set) var ranges = 0
  /// Subexpressions rebuilt with other operands.
  public internal(set) var rebuilds = 0
}
