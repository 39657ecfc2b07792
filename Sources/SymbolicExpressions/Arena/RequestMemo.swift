import DenseTables

/// The memo of operations on two operands, so that laws run only once for each.
///
/// Entries are in the order of the first requests. Requests tend to repeat in the same order, so the entry that
/// followed the previous one last time is tried first.
struct RequestMemo {
  private struct Entry {
    var request: UInt32
    var lhs: UInt32
    var rhs: UInt32
    var result: UInt32
    /// The entry that was requested after this one.
    var next: UInt32 = 0
  }

  /// The operation: arithmetic, a relation or a function.
  struct Request {
    let code: UInt32
    static let add = Request(code: 1)
    static let mul = Request(code: 2)
    static let sub = Request(code: 3)
    static let solve = Request(code: 4)
    static let solveExactly = Request(code: 5)
    static let expand = Request(code: 6)
    static func relation(_ kind: RelationKind) -> Request { Request(code: 8 + UInt32(kind.rawValue)) }
    static func function(_ function: SymFunction) -> Request { Request(code: 16 + UInt32(function.rawValue)) }
  }

  private var entries: ContiguousArray<Entry> = []
  private var index = HashIndex(for: 1 << 8)
  /// The entry that was requested last.
  private var last = 0
  /// The number of look-ups, and of those that found an entry.
  private(set) var asked = 0
  private(set) var found = 0

  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  private static func key(_ request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> HashKey {
    var hash = WordHash(seed: UInt64(request) &* 0xD6E8_FEB8_6659_FD93)
    hash.add(UInt64(lhs) | UInt64(rhs) << 32)
    return HashKey(hash, near: SymExpr.place(lhs, rhs))
  }

  private func place(of request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> HashIndex.Place {
    index.find(Self.key(request, lhs, rhs)) { isEntry($0, request, lhs, rhs) }
  }

  mutating func answer(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr) -> SymExpr? {
    asked &+= 1
    let next = last < entries.count ? Int(entries[last].next) : 0
    if isEntry(next, request.code, lhs.bits, rhs.bits) {
      last = next
    } else {
      guard let number = place(of: request.code, lhs.bits, rhs.bits).number else { return nil }
      follow(with: number)
    }
    found &+= 1
    return SymExpr(bits: entries[last].result)
  }

  private mutating func follow(with number: Int) {
    entries[last].next = UInt32(truncatingIfNeeded: number)
    last = number
  }

  private func isEntry(_ number: Int, _ request: UInt32, _ lhs: UInt32, _ rhs: UInt32) -> Bool {
    guard number < entries.count else { return false }
    let entry = entries[number]
    return entry.lhs == lhs && entry.rhs == rhs && entry.request == request
  }

  mutating func remember(_ request: Request, _ lhs: SymExpr, _ rhs: SymExpr, _ result: SymExpr) {
    let place = place(of: request.code, lhs.bits, rhs.bits)
    if let number = place.number {
      entries[number].result = result.bits
      return
    }
    index.enter(entries.count, at: place)
    entries.append(Entry(request: request.code, lhs: lhs.bits, rhs: rhs.bits, result: result.bits))
    follow(with: entries.count - 1)
    if index.isCrowded(by: entries.count) {
      index = index.doubled(for: entries.indices) { number in
        Self.key(entries[number].request, entries[number].lhs, entries[number].rhs)
      }
    }
  }
}
