/// The premises that a derived row rests on, as sorted numbers.
struct PremiseSet {
  private(set) var members: ContiguousArray<UInt16>

  init() { members = [] }

  init(_ premise: UInt16) { members = [premise] }

  /// The premises of both.
  func union(_ other: PremiseSet) -> PremiseSet {
    if other.members.isEmpty || members == other.members { return self }
    if members.isEmpty { return other }
    var result = PremiseSet()
    result.members.reserveCapacity(members.count + other.members.count)
    var (i, j) = (0, 0)
    while i < members.count || j < other.members.count {
      let x = i < members.count ? members[i] : .max
      let y = j < other.members.count ? other.members[j] : .max
      result.members.append(min(x, y))
      if x <= y { i += 1 }
      if y <= x { j += 1 }
    }
    return result
  }
}

/// Numbers the premises of one proof.
final class PremiseTable {
  private(set) var premises: ContiguousArray<Premise> = []
  private var numbers: [Premise: UInt16] = [:]

  func number(of premise: Premise) -> UInt16 {
    if let known = numbers[premise] { return known }
    let number = UInt16(truncatingIfNeeded: premises.count)
    premises.append(premise)
    numbers[premise] = number
    return number
  }

  /// The premises in `set`.
  func premises(in set: PremiseSet) -> [Premise] { set.members.map { premises[Int($0)] } }
}
