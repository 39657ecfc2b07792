#if DEBUG
  import Synchronization
#endif

/// Identifies the arena that made a handle, in debug builds; empty in release builds, where it costs nothing.
///
/// A handle created from its bits alone has no mark and is accepted by every arena.
@frozen
public struct ArenaMark: Sendable {
  #if DEBUG
    /// The number of the arena, or 0 for none.
    public internal(set) var number: UInt8 = 0
  #endif

  /// No mark.
  @inlinable
  init() {}

  /// The mark of a new arena.
  static func next() -> ArenaMark {
    var mark = ArenaMark()
    #if DEBUG
      mark.number = arenaCount.wrappingAdd(1, ordering: .relaxed).newValue % 255 + 1
    #endif
    return mark
  }

  /// Whether both may belong to the same arena.
  @inlinable
  func fits(_ other: ArenaMark) -> Bool {
    #if DEBUG
      number == other.number || number == 0 || other.number == 0
    #else
      true
    #endif
  }
}

#if DEBUG
  /// How many arenas were created.
  private let arenaCount = Atomic<UInt8>(0)
#endif

extension ExprArena {
  /// The handle of the record with this number.
  func handle(ofRecord number: Int) -> SymExpr { handle(UInt32(truncatingIfNeeded: number)) }

  /// The handle with these bits; integers and constants belong to every arena.
  @inline(__always)
  private func handle(_ bits: UInt32) -> SymExpr {
    SymExpr(bits: bits, (8..<SymExpr.smallFlag).contains(bits) ? mark : ArenaMark())
  }

  /// In debug builds, refuses a handle that another arena made.
  @inline(__always)
  public func check(_ e: SymExpr) {
    precondition(e.mark.fits(mark), "an expression of one arena was used in another")
  }

  /// The record of an expression that is no small integer.
  @inline(__always)
  func record(of e: SymExpr) -> Record {
    check(e)
    return records[e.index]
  }

  /// The remembered result of an operation.
  @inline(__always)
  mutating func answer(_ request: RequestMemo.Request, _ a: SymExpr, _ b: SymExpr) -> SymExpr? {
    check(a)
    check(b)
    return memo.answer(request, a, b).map { handle($0.bits) }
  }
}
