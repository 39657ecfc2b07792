/// The checksum of ZIP entries: CRC-32 with the reflected polynomial 0xEDB88320.
///
/// Eight bytes a step by tables ("slicing by 8"); long inputs are cut into four parts that run side by
/// side, because one part alone waits for its own table look-ups, and are joined algebraically.
public enum CRC32 {
  private static let polynomial: UInt32 = 0xEDB8_8320

  /// `tables[256 * k + b]` is the checksum state that byte `b` followed by `k` zero bytes leaves.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { state, _ in halved(state) }
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  /// Returns the CRC-32 of `bytes`.
  ///
  /// - Complexity: O(n).
  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      guard let base = bytes.baseAddress, let table = tables.baseAddress else { return 0 }
      let part = bytes.count / 4 & ~7
      guard part >= 1 << 12 else { return ~sequential(base, bytes.count, ~0, table) }

      // Bound: 4 × part ≤ count, and every step of eight bytes stays inside its part.
      var states = (UInt32.max, UInt32.max, UInt32.max, UInt32.max)
      for offset in stride(from: 0, to: part, by: 8) {
        let position = base + offset
        states.0 = step(position, states.0, table)
        states.1 = step(position + part, states.1, table)
        states.2 = step(position + 2 * part, states.2, table)
        states.3 = step(position + 3 * part, states.3, table)
      }
      let last = ~sequential(base + 4 * part, bytes.count - 4 * part, states.3, table)
      let shift = power(8 * part)
      let firstThree = join(join(~states.0, ~states.1, shift), ~states.2, shift)
      return join(firstThree, last, power(8 * (bytes.count - 3 * part)))
    }
  }

  private static func sequential(
    _ base: UnsafeRawPointer, _ count: Int, _ initial: UInt32, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    var state = initial
    let whole = count & ~7
    for offset in stride(from: 0, to: whole, by: 8) { state = step(base + offset, state, table) }
    for offset in whole..<count {
      let byte = base.load(fromByteOffset: offset, as: UInt8.self)
      state = state >> 8 ^ table[Int((state ^ UInt32(byte)) & 0xFF)]
    }
    return state
  }

  /// Advances `state` over the eight bytes at `position`.
  ///
  /// Table indices are bytes, so below 8 × 256.
  @inline(__always)
  private static func step(
    _ position: UnsafeRawPointer, _ state: UInt32, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    let word = UInt64(littleEndian: position.loadUnaligned(as: UInt64.self)) ^ UInt64(state)
    let low =
      table[Int(word & 0xFF) | 7 << 8] ^ table[Int(word >> 8 & 0xFF) | 6 << 8]
      ^ table[Int(word >> 16 & 0xFF) | 5 << 8] ^ table[Int(word >> 24 & 0xFF) | 4 << 8]
    let high =
      table[Int(word >> 32 & 0xFF) | 3 << 8] ^ table[Int(word >> 40 & 0xFF) | 2 << 8]
      ^ table[Int(word >> 48 & 0xFF) | 1 << 8] ^ table[Int(word >> 56)]
    return low ^ high
  }

  /// The checksum of A followed by B, from those of A and B and x to the number of bits of B.
  private static func join(_ first: UInt32, _ second: UInt32, _ shift: UInt32) -> UInt32 {
    product(shift, first) ^ second
  }

  /// `x^exponent` modulo the polynomial, by repeated squaring; bit 31 is the coefficient of x⁰.
  private static func power(_ exponent: Int) -> UInt32 {
    var result: UInt32 = 1 << 31
    var square: UInt32 = 1 << 30
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(square, result) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }

  /// The product of two polynomials over GF(2), modulo the polynomial.
  private static func product(_ lhs: UInt32, _ rhs: UInt32) -> UInt32 {
    var sum: UInt32 = 0
    var term = rhs
    for bit in (0..<32).reversed() {
      if lhs >> UInt32(bit) & 1 == 1 { sum ^= term }
      term = halved(term)
    }
    return sum
  }

  /// `x` times the polynomial that `value` stands for.
  private static func halved(_ value: UInt32) -> UInt32 {
    value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
  }
}
