/// The checksum of ZIP entries: CRC-32 with the reflected polynomial 0xEDB88320.
///
/// Short inputs use tables, eight bytes at a time ("slicing by 8"). Long ones are folded first: the program
/// of a large model is megabytes of JSON, and checking it must not cost more than reading it.
public enum CRC32 {
  /// Returns the CRC-32 of `bytes`.
  ///
  /// - Complexity: O(n).
  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard bytes.count >= Fold.threshold else { return ~advance(.max, over: bytes) }
    // The folded rest starts from zero, as folding has already consumed the initial state.
    return ~Fold.withFolded(bytes) { rest in advance(0, over: rest) }
  }

  private static let polynomial: UInt32 = 0xEDB8_8320

  /// `tables[256 * k + b]` is the checksum state after byte `b` and `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { state, _ in
        state & 1 == 1 ? state >> 1 ^ polynomial : state >> 1
      }
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  private static func advance(_ initial: UInt32, over bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      guard let base = bytes.baseAddress, let table = tables.baseAddress else { return initial }
      var state = initial
      let whole = bytes.count & ~7
      for offset in stride(from: 0, to: whole, by: 8) { state = step(base + offset, state, table) }
      for byte in bytes[whole...] { state = state >> 8 ^ table[Int((state ^ UInt32(byte)) & 0xFF)] }
      return state
    }
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
}

/// Folding: replaces a long input by one of about three thousand bytes with the same remainder.
///
/// With P the polynomial of the checksum (the relation was found by search):
///
///     x^(8·3006) + x^(8·2866) + x^(8·2215) + 1 ≡ 0   (mod P)
///
/// So the first byte of a message may be dropped if it is XORed into the bytes 140, 791 and 3006 places after it:
/// `3006 − 2866`, `3006 − 2215` and `3006`. Going through the message from the front,
/// `v[p] = m[p] ^ v[p−140] ^ v[p−791] ^ v[p−3006]` is the value of each byte when its turn comes: three XORs per byte
/// and no table, 64 bytes at a time, since every distance is at least 64.
private enum Fold {
  /// The three distances; the last is also the number of bytes kept.
  private static let near = 140
  private static let middle = 791
  private static let far = 3_006

  /// Smaller inputs are not worth the scratch memory.
  static let threshold = 1 << 14

  private typealias Block = SIMD8<UInt64>
  private static let width = MemoryLayout<Block>.size
  /// The number of bytes of history kept before each chunk: `far`, rounded up to blocks.
  private static let history = 48 * 64
  private static let chunk = 128 * 64

  /// Calls `body` with a short message that has the remainder of `bytes`, including the initial state.
  static func withFolded(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> UInt32
  ) -> UInt32 {
    // Bound: dropped is a multiple of the width, and dropped + far ≤ count.
    let dropped = (bytes.count - far) / width * width
    return withUnsafeTemporaryAllocation(byteCount: history + chunk, alignment: width) { scratch in
      guard let values = scratch.baseAddress, let message = bytes.baseAddress else { return 0 }
      values.initializeMemory(as: UInt8.self, repeating: 0, count: history)
      // The initial state is all ones, which equals inverting the first 32 bits of the message.
      var inversion = Block(repeating: 0)
      inversion[0] = UInt64(UInt32.max)

      var start = 0
      var end = history
      while start < dropped {
        let length = min(chunk, dropped - start)
        for offset in stride(from: 0, to: length, by: width) {
          // Bound: far ≤ history, so no load is before `values`; offset + width ≤ chunk.
          let place = values + history + offset
          let old =
            (place - near).loadUnaligned(as: Block.self) ^ (place - middle).loadUnaligned(as: Block.self)
            ^ (place - far).loadUnaligned(as: Block.self)
          let new = (message + start + offset).loadUnaligned(as: Block.self)
          place.storeBytes(of: old ^ new ^ inversion, as: Block.self)
          inversion = Block(repeating: 0)
        }
        start += length
        end = history + length
        if start < dropped {
          // The latest bytes become the history of the next chunk. Source and destination may overlap.
          values.copyMemory(from: values + end - history, byteCount: history)
        }
      }
      return withRest(message + dropped, bytes.count - dropped, values + end, body)
    }
  }

  /// Adds the pending contributions of the dropped bytes, which end at `values`, to the kept bytes.
  private static func withRest(
    _ message: UnsafeRawPointer, _ count: Int, _ values: UnsafeRawPointer,
    _ body: (UnsafeRawBufferPointer) -> UInt32
  ) -> UInt32 {
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { rest in
      rest.copyMemory(from: UnsafeRawBufferPointer(start: message, count: count))
      // Bound: each distance is at most `far`, which is at most `count` and at most the history.
      for distance in [near, middle, far] {
        for index in 0..<distance {
          rest[index] ^= (values - distance + index).load(as: UInt8.self)
        }
      }
      return body(UnsafeRawBufferPointer(rest))
    }
  }
}
