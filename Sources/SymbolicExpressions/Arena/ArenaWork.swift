/// How much an arena has done so far, counted by itself.
///
/// The numbers are the same in every run of the same program. Each counter is an addition beside work that takes
/// a hundred times as long.
public struct ArenaWork: Hashable, Sendable {
  /// Requests for sums, products, relations and calls that the memo was asked about.
  public internal(set) var requests = 0
  /// Requests that the memo answered.
  public internal(set) var hits = 0
  /// Operands of sums, products and wide calls put together, whether the result was new or not.
  public internal(set) var operands = 0
  /// Laws tried on calls.
  public internal(set) var laws = 0
  /// Ranges derived for expressions.
  public internal(set) var ranges = 0
  /// Parts of expressions built anew from other operands.
  public internal(set) var rebuilds = 0
}
