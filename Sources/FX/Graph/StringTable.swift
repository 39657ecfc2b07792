import DenseTables

/// A number for a string interned in a ``StringTable``; equal numbers are equal strings.
@frozen
public struct NameID: Hashable, Sendable {
  /// The position of the string in its table.
  public let index: UInt32

  /// Creates the handle of the string at `index`.
  @inlinable
  public init(index: UInt32) { self.index = index }
}

/// Strings, each stored once and numbered from zero in the order of insertion.
///
/// All bytes are in one pool and are found by hash, so a JSON scanner can turn the bytes of a name into its number
/// without creating a `String`.
///
///     bytes   | x | a d d | r e l u |     ends   1, 4, 8     hashes   h₀, h₁, h₂
public struct StringTable: Sendable {
  private var bytes: ContiguousArray<UInt8> = []
  private var ends: ContiguousArray<UInt32> = []
  private var hashes: ContiguousArray<UInt32> = []
  /// Without room as long as there are no strings: most tables of a loaded program are replaced before they get one.
  private var index = HashIndex()

  /// Creates an empty table.
  public init() {}

  /// The number of strings: every number below it is a valid ``NameID``.
  public var count: Int { ends.count }

  private var isEmpty: Bool { ends.isEmpty }

  /// Reserves room for `strings` strings of `bytes` bytes in total.
  public mutating func reserveCapacity(_ strings: Int, bytes byteCount: Int) {
    bytes.reserveCapacity(byteCount)
    ends.reserveCapacity(strings)
    hashes.reserveCapacity(strings)
    if isEmpty {
      index = HashIndex(for: strings)
    } else {
      while index.isCrowded(by: strings) { growIndex() }
    }
  }

  /// Returns the number of the string with these UTF-8 bytes, adding it if it is new.
  ///
  /// - Complexity: O(*n*) expected, for *n* bytes.
  public mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> NameID {
    if !index.hasRoom { reserveCapacity(1 << 3, bytes: 1 << 6) }
    let hash = Self.hash(of: text)
    let place = place(of: text, hash)
    if let number = place.number { return NameID(index: UInt32(truncatingIfNeeded: number)) }
    index.enter(ends.count, at: place)
    bytes.append(contentsOf: text)
    ends.append(UInt32(bytes.count))
    hashes.append(hash)
    if index.isCrowded(by: ends.count) { growIndex() }
    return NameID(index: UInt32(ends.count - 1))
  }

  /// Returns the number of the string with these UTF-8 bytes, adding it if it is new.
  public mutating func intern(_ text: Span<UInt8>) -> NameID {
    text.withUnsafeBufferPointer { intern($0) }
  }

  /// Returns the number of `text`, adding it if it is new.
  public mutating func intern(_ text: String) -> NameID {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  /// Returns the number of the string with these UTF-8 bytes, or `nil` if the table does not contain it.
  public func find(_ text: UnsafeBufferPointer<UInt8>) -> NameID? {
    guard !isEmpty else { return nil }
    return place(of: text, Self.hash(of: text)).number.map { NameID(index: UInt32(truncatingIfNeeded: $0)) }
  }

  /// Returns the number of `text`, or `nil` if the table does not contain it.
  public func find(_ text: String) -> NameID? {
    var text = text
    return text.withUTF8 { find($0) }
  }

  private func place(of text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> HashIndex.Place {
    index.find(HashKey(hash)) { hashes[$0] == hash && isEqual($0, text) }
  }

  private mutating func growIndex() {
    index = index.doubled(for: hashes.indices) { HashKey(hashes[$0]) }
  }

  /// The string with this number.
  public subscript(id: NameID) -> String {
    String(decoding: bytes[range(of: Int(id.index))], as: UTF8.self)
  }

  /// Calls `body` with the UTF-8 bytes of a string, without copying them.
  public func withBytes<Result>(of id: NameID, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let range = range(of: Int(id.index))
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private func range(of number: Int) -> Range<Int> {
    let start = number == 0 ? 0 : Int(ends[number - 1])
    return start..<Int(ends[number])
  }

  private func isEqual(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let range = range(of: number)
    guard range.count == text.count else { return false }
    return bytes.withUnsafeBytes { pool in
      let known = UnsafeRawBufferPointer(rebasing: pool[range])
      let text = UnsafeRawBufferPointer(text)
      var offset = 0
      while offset + 8 < text.count {
        guard
          known.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        else { return false }
        offset += 8
      }
      return Self.lastWord(known) == Self.lastWord(text)
    }
  }
}

extension StringTable {
  /// Differs in each process, so no archive can contain names chosen to collide.
  private static let seed = UInt64.random(in: .min ... .max)

  /// Multiplies and folds eight bytes at a time.
  private static func hash(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var state = seed ^ UInt64(truncatingIfNeeded: text.count)
    let raw = UnsafeRawBufferPointer(text)
    var offset = 0
    while offset + 8 < raw.count {
      state = fold(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    return UInt32(truncatingIfNeeded: fold(state ^ lastWord(raw)))
  }

  /// The last eight bytes; for a shorter text all of them, some twice.
  ///
  /// Bound: no load starts before the first byte.
  @inline(__always)
  private static func lastWord(_ text: UnsafeRawBufferPointer) -> UInt64 {
    let count = text.count
    if count >= 8 { return text.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) }
    if count >= 4 {
      return UInt64(text.loadUnaligned(as: UInt32.self))
        | UInt64(text.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 32
    }
    return text.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
