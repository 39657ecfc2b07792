/// Remembers what requests of two operands were answered, so that laws run once for each.
///
/// Entries lie in the order of asking; an open-addressing table of their numbers, which doubles when half full, finds
/// them. Who asks once more asks in the same order, so the entry that followed the last time is looked at first.
struct RequestMemo {
  private struct Entry {
    var request: UInt32
    var lhs: UInt32
    var rhs: UInt32
    var result: UInt32
    /// The entry that was asked for after this one.
    var next: UInt32 = 0
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

  private static var free: UInt32 { .max }

  private var entries: ContiguousArray<Entry> = []
  private var slots = ContiguousArray<UInt32>(repeating: RequestMemo.free, count: 1 << 9)
  /// The entry that was asked for last.
  private var last = 0
  /// How many requests there were, and how many of them were answered.
  private(set) var asked = 0
  private(set) var found = 0

  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  /// The slots of a request, from the first on.
  private func probe(_ request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> ProbeSequence {
    var hash = (UInt64(lhs) | UInt64(rhs) << 32) ^ (UInt64(request) &* 0xD6E8_FEB8_6659_FD93)
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    return ProbeSequence(
      near: ProbeSequence.place(lhs, rhs), hash: Int(truncatingIfNeeded: hash ^ hash >> 29), in: slots.count)
  }

  /// The slot of a request, or the free one where it belongs.
  private func slot(_ request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> Int {
    var probe = probe(request, lhs, rhs)
    while slots[probe.slot] != Self.free {
      if isEntry(Int(slots[probe.slot]), request, lhs, rhs) { break }
      probe.advance()
    }
    return probe.slot
  }

  mutating func answer(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr) -> SymExpr? {
    asked &+= 1
    let next = last < entries.count ? Int(entries[last].next) : 0
    if isEntry(next, request.code, lhs.bits, rhs.bits) {
      last = next
    } else {
      let number = slots[slot(request.code, lhs.bits, rhs.bits)]
      guard number != Self.free else { return nil }
      follow(with: number)
    }
    found &+= 1
    return SymExpr(bits: entries[last].result)
  }

  private mutating func follow(with number: UInt32) {
    entries[last].next = number
    last = Int(number)
  }

  private func isEntry(_ number: Int, _ request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> Bool {
    guard number < entries.count else { return false }
    let entry = entries[number]
    return entry.lhs == lhs && entry.rhs == rhs && entry.request == request
  }

  mutating func remember(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr, _ result: SymExpr) {
    let slot = slot(request.code, lhs.bits, rhs.bits)
    if slots[slot] != Self.free {
      entries[Int(slots[slot])].result = result.bits
      return
    }
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    entries.append(Entry(request: request.code, lhs: lhs.bits, rhs: rhs.bits, result: result.bits))
    follow(with: slots[slot])
    if entries.count * 2 > slots.count { growSlots() }
  }

  private mutating func growSlots() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for (number, entry) in entries.enumerated() {
      var probe = probe(entry.request, entry.lhs, entry.rhs)
      while slots[probe.slot] != Self.free { probe.advance() }
      slots[probe.slot] = UInt32(truncatingIfNeeded: number)
    }
  }
}
