/// Creates unique names that are Python identifiers.
///
/// `add` is followed by `add_1`, `add_2`, …; a name that Python or the generated code already uses, such as `input`,
/// starts at `input_1`. Names stay taken after their node is erased.
///
/// - Source: `_Namespace` in `torch/fx/graph.py`, v2.13.
public struct Namespace: Sendable {
  /// All names ever seen, taken or not.
  public private(set) var strings = StringTable()

  private struct State {
    var isTaken = false
    /// The number last given to a name with this base.
    var lastNumber = 0
  }

  private var states: ContiguousArray<State> = []
  /// Names that were taken as they are, whose numbers count from the next created name on.
  private var loaded: ContiguousArray<NameID> = []

  /// Creates a namespace in which every legal name is free.
  public init() {}

  /// Reserves room for `count` names of `bytes` bytes in total.
  public mutating func reserveCapacity(_ count: Int, bytes: Int) {
    strings.reserveCapacity(count, bytes: bytes)
    states.reserveCapacity(count)
  }

  /// Returns the number of a name without taking it.
  public mutating func intern(_ name: UnsafeBufferPointer<UInt8>) -> NameID {
    let id = strings.intern(name)
    if states.count <= Int(id.index) { states.append(State()) }
    return id
  }

  /// Returns the number of a name without taking it.
  public mutating func intern(_ name: String) -> NameID {
    var name = name
    return name.withUTF8 { intern($0) }
  }

  /// Frees every name; the numbers of the names are kept.
  mutating func releaseAll() {
    for index in states.indices { states[index] = State() }
    loaded = []
  }

  /// Takes exactly this name; returns whether it was free.
  public mutating func claim(_ id: NameID) -> Bool {
    defer { states[Int(id.index)].isTaken = true }
    return !states[Int(id.index)].isTaken
  }

  /// Takes exactly this name as that of a node that is created; returns whether it was free.
  ///
  /// As if ``createName(_:isBuiltin:)`` had made it: the next name with its base has a higher number.
  mutating func claimCreated(_ id: NameID) -> Bool {
    loaded.append(id)
    return claim(id)
  }

  private mutating func countLoaded() {
    for id in loaded {
      let counted = strings.withBytes(of: id) { name -> (base: NameID?, number: Int)? in
        guard let (underscore, number) = Self.number(endOf: name) else { return nil }
        return (strings.find(UnsafeBufferPointer(rebasing: name[..<underscore])), number)
      }
      guard let (known, number) = counted else { continue }
      let base = known ?? intern(Self.splitNumber(strings[id]).base)
      states[Int(base.index)].lastNumber = number
    }
    loaded = []
  }

  /// Takes `candidate`, or the next free name derived from it.
  ///
  /// - Parameters:
  ///   - candidate: the desired name.
  ///   - isBuiltin: whether the name will refer to the object that Python or the generated code already calls by this
  ///     name. Such a name is allowed although it is reserved.
  /// - Returns: the number of the name that was taken.
  public mutating func createName(_ candidate: String, isBuiltin: Bool = false) -> NameID {
    var name = Self.identifier(from: candidate)
    let (base, suffix) = Self.splitNumber(name)
    // A free name without a number neither needs the numbers of others nor changes them.
    if suffix == nil, !isTaken(name), isBuiltin || !PythonNames.isReserved(name) {
      let id = intern(name)
      states[Int(id.index)].isTaken = true
      return id
    }
    if !loaded.isEmpty { countLoaded() }
    let baseID = intern(base)
    var number: Int
    if let suffix, !isTaken(name) {
      number = suffix
    } else {
      number = states[Int(baseID.index)].lastNumber
      if !isBuiltin, PythonNames.isReserved(name) {
        number += 1
        name = "\(base)_\(number)"
      }
    }
    while isTaken(name) {
      number &+= 1
      name = "\(base)_\(number)"
    }
    states[Int(baseID.index)].lastNumber = number
    let id = intern(name)
    states[Int(id.index)].isTaken = true
    return id
  }

  private func isTaken(_ name: String) -> Bool {
    guard let id = strings.find(name) else { return false }
    return states[Int(id.index)].isTaken
  }
}

extension Namespace {
  /// Replaces each run of characters that a Python identifier cannot hold by one `_`.
  private static func identifier(from candidate: String) -> String {
    if let first = candidate.utf8.first, first > UInt8(ascii: "9"), candidate.utf8.allSatisfy(isLegal) {
      return candidate
    }
    var result: [UInt8] = []
    var inIllegalRun = false
    for byte in candidate.utf8 {
      if isLegal(byte) {
        result.append(byte)
        inIllegalRun = false
      } else {
        if !inIllegalRun { result.append(UInt8(ascii: "_")) }
        inIllegalRun = true
      }
    }
    if result.isEmpty { return "_unnamed" }
    if result[0] <= UInt8(ascii: "9") { result.insert(UInt8(ascii: "_"), at: 0) }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a byte may be in an identifier.
  private static func isLegal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Splits `add_12` into `add` and 12; the base has at least one character.
  private static func splitNumber(_ name: String) -> (base: String, number: Int?) {
    guard let (underscore, number) = number(endOf: name.utf8) else { return (name, nil) }
    return (String(name[..<underscore]), number)
  }

  /// The number at the end of a name and the underscore before it, which is not the first character.
  private static func number<Bytes: BidirectionalCollection<UInt8>>(
    endOf bytes: Bytes
  ) -> (underscore: Bytes.Index, number: Int)? {
    var (start, number, scale) = (bytes.endIndex, 0, 1)
    while start > bytes.startIndex {
      let index = bytes.index(before: start)
      let byte = bytes[index]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
        guard byte == UInt8(ascii: "_"), start < bytes.endIndex, index > bytes.startIndex else { break }
        return (index, number)
      }
      let digit = Int(byte - UInt8(ascii: "0"))
      let (value, isTooLarge) = digit.multipliedReportingOverflow(by: scale)
      let (sum, overflows) = number.addingReportingOverflow(value)
      // A scale of 0 stands for one beyond 64 bits, where only zeros may be.
      if isTooLarge || overflows || scale == 0 && digit != 0 { break }
      (number, start) = (sum, index)
      let (next, isBeyond) = scale.multipliedReportingOverflow(by: 10)
      scale = isBeyond ? 0 : next
    }
    return nil
  }
}
