/// Remembers what requests of two operands were answered, so that laws run once for each.
///
/// An open-addressing table of sixteen-byte entries; it doubles when half full.
struct RequestMemo {
  private struct Entry {
    var request: UInt32
    var lhs: UInt32
    var rhs: UInt32
    var result: UInt32
  }

  /// What was asked: arithmetic, a relation or a function.
  struct Request {
    let code: UInt32
    static let add = Request(code: 1)
    static let mul = Request(code: 2)
    static let sub = Request(code: 3)
    static let solve = Request(code: 4)
    static let solveExactly = Request(code: 5)
    static func relation(_ kind: RelationKind) -> Request { Request(code: 8 + UInt32(kind.rawValue)) }
    static func function(_ function: SymFunction) -> Request { Request(code: 16 + UInt32(function.rawValue)) }
  }

  private var entries = ContiguousArray<Entry>(
    repeating: Entry(request: 0, lhs: 0, rhs: 0, result: 0), count: 1 << 9)
  private var used = 0
  /// How many requests there were, and how many of them were answered.
  private(set) var asked = 0
  private(set) var found = 0

  private func slot(_ request: Request, _ lhs: UInt32, _ rhs: UInt32) -> Int {
    var hash = (UInt64(lhs) | UInt64(rhs) << 32) ^ (UInt64(request.code) &* 0xD6E8_FEB8_6659_FD93)
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    var probe = ProbeSequence(
      near: ProbeSequence.place(lhs, rhs), hash: Int(truncatingIfNeeded: hash ^ hash >> 29), in: entries.count
    )
    while true {
      let entry = entries[probe.slot]
      if entry.request == 0 { break }
      if entry.lhs == lhs, entry.rhs == rhs, entry.request == request.code { break }
      probe.advance()
    }
    return probe.slot
  }

  mutating func answer(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr) -> SymExpr? {
    asked &+= 1
    let entry = entries[slot(request, lhs.bits, rhs.bits)]
    guard entry.request != 0 else { return nil }
    found &+= 1
    return SymExpr(bits: entry.result)
  }

  mutating func remember(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr, _ result: SymExpr) {
    if (used + 1) * 2 > entries.count { grow() }
    let slot = slot(request, lhs.bits, rhs.bits)
    if entries[slot].request == 0 { used += 1 }
    entries[slot] = Entry(request: request.code, lhs: lhs.bits, rhs: rhs.bits, result: result.bits)
  }

  private mutating func grow() {
    let old = entries
    entries = ContiguousArray(repeating: Entry(request: 0, lhs: 0, rhs: 0, result: 0), count: old.count * 2)
    for entry in old where entry.request != 0 {
      entries[slot(Request(code: entry.request), entry.lhs, entry.rhs)] = entry
    }
  }
}
