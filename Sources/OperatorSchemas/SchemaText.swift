/// The schema lines of one namespace.
///
/// The text is static data: its bytes live as long as the process, and each access is checked against their
/// count.
struct SchemaText {
  private let text: UnsafeBufferPointer<UInt8>
  private let index: SchemaIndex?

  init?(namespace: String) {
    guard let literal = Self.literal(of: namespace) else { return nil }
    text = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    index = namespace == "aten" ? SchemaIndex(SchemaTable.atenIndex) : nil
  }

  private static func literal(of namespace: String) -> StaticString? {
    switch namespace {
    case "_c10d_functional": SchemaTable.c10dFunctional
    case "_c10d_functional_autograd": SchemaTable.c10dFunctionalAutograd
    case "_dtensor": SchemaTable.dtensor
    case "_quantized": SchemaTable.innerQuantized
    case "aten": SchemaTable.aten
    case "c10d_functional": SchemaTable.legacyC10dFunctional
    case "flex_gemm": SchemaTable.flexGEMM
    case "flex_lib": SchemaTable.flexLibrary
    case "fsdp": SchemaTable.fullyShardedDataParallel
    case "inductor": SchemaTable.inductor
    case "inductor_prims": SchemaTable.inductorPrims
    case "mkl": SchemaTable.mkl
    case "mkldnn": SchemaTable.mkldnn
    case "onednn": SchemaTable.oneDNN
    case "prims": SchemaTable.prims
    case "quantized": SchemaTable.quantized
    case "quantized_decomposed": SchemaTable.quantizedDecomposed
    case "rngprims": SchemaTable.randomPrims
    case "symm_mem": SchemaTable.symmetricMemory
    case "torch_attn": SchemaTable.torchAttention
    case "torch_nn": SchemaTable.torchNetworks
    case "torchao": SchemaTable.torchao
    case "torchvision": SchemaTable.torchvision
    case "transformers": SchemaTable.transformers
    default: nil
    }
  }

  /// The line of the operator with the schema name `name`.
  func line(of name: String) -> Range<Int>? {
    var key = name + "("
    guard let index else {
      return firstLine(from: key).flatMap { line in
        key.withUTF8 { begins($0, at: line.lowerBound) } ? line : nil
      }
    }
    return key.withUTF8 { key in
      index.start(of: key) { begins(key, at: $0) }.map { start in start..<end(after: start) }
    }
  }

  /// Whether the text at `start` begins with `key`.
  private func begins(_ key: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start <= text.count - key.count else { return false }
    for index in key.indices where text[start + index] != key[index] { return false }
    return true
  }

  /// The first line that does not sort before `key`, or `nil` if all do.
  func firstLine(from key: String) -> Range<Int>? {
    var key = key
    return key.withUTF8 { key in
      var (low, high) = (0, text.count)
      while low < high {
        let start = start(before: low + (high - low) / 2)
        if isLine(at: start, before: key) {
          low = end(after: start) + 1
        } else {
          high = start
        }
      }
      return low < text.count ? line(around: low) : nil
    }
  }

  /// Whether the text at `start` sorts before `key`; the end of a line sorts before every byte of a key.
  private func isLine(at start: Int, before key: UnsafeBufferPointer<UInt8>) -> Bool {
    let (bytes, key) = (UnsafeRawBufferPointer(text), UnsafeRawBufferPointer(key))
    let count = min(key.count, bytes.count - start)
    var index = 0
    // Big-endian words compare as their bytes do. Bound: a word is loaded only when both have eight bytes
    // left.
    while index + 8 <= count {
      let left = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + index, as: UInt64.self))
      let right = UInt64(bigEndian: key.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      if left != right { return left < right }
      index += 8
    }
    while index < count {
      if bytes[start + index] != key[index] { return bytes[start + index] < key[index] }
      index += 1
    }
    return count < key.count
  }

  func line(after line: Range<Int>) -> Range<Int>? {
    line.upperBound + 1 < text.count ? self.line(around: line.upperBound + 1) : nil
  }

  /// The bytes of a line, which live as long as the process.
  func bytes(of line: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: text[line]) }

  /// The name at the start of a line.
  func name(of line: Range<Int>) -> OperatorName? {
    OperatorName(bytes: UnsafeBufferPointer(rebasing: text[line].prefix { $0 != UInt8(ascii: "(") }))
  }

  /// The names of all lines.
  var names: [OperatorName] {
    var names: [OperatorName] = []
    var line = text.isEmpty ? nil : line(around: 0)
    while let current = line {
      if let name = name(of: current) { names.append(name) }
      line = self.line(after: current)
    }
    return names
  }

  /// The line that contains `position`, without its newline.
  private func line(around position: Int) -> Range<Int> { start(before: position)..<end(after: position) }

  /// The start of the line that contains `position`.
  ///
  /// Reads eight bytes at a time while none is a newline; ``end(after:)`` does the same. Bound: a word is loaded only
  /// if the text has eight bytes there.
  private func start(before position: Int) -> Int {
    var start = position
    while start >= 8, !hasLineFeed(start - 8) { start -= 8 }
    while start > 0, text[start - 1] != Self.lineFeed { start -= 1 }
    return start
  }

  private func end(after position: Int) -> Int {
    var end = position
    while end + 8 <= text.count, !hasLineFeed(end) { end += 8 }
    while end < text.count, text[end] != Self.lineFeed { end += 1 }
    return end
  }

  /// Whether one of eight bytes is a newline: `x &- 0x01… & ~x & 0x80…` is nonzero if a byte of `x` is zero.
  private func hasLineFeed(_ offset: Int) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let word = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let zero = word ^ (ones &* UInt64(Self.lineFeed))
    return (zero &- ones) & ~zero & (ones &* 0x80) != 0
  }

  private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
}
