public import TensorVocabulary
public import ZipArchives

/// A file in the safetensors format: tensors by name, and texts by name.
///
/// ```
/// 8 bytes   n, little-endian
/// n bytes   {"x": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"k": "…"}}
/// the rest  the tensors, contiguous, one after the other
/// ```
///
/// The tensors must cover the rest of the file without gap and overlap.
public struct SafetensorsFile: Sendable {
  /// The tensors, in the order of the header.
  public private(set) var tensors: [(name: String, tensor: StoredTensor)] = []
  /// The texts of `__metadata__`, in the order of the header.
  public private(set) var metadata: [(name: String, text: String)] = []

  /// The longest header that is read, as in the reference implementation.
  static let headerLimit = 100_000_000

  /// Reads the header of the file at `path`; tensors stay mapped.
  ///
  /// - Throws: ``TensorFileError``, or `ZipError` when the file cannot be mapped.
  public init(path: String) throws {
    let file: MappedFile
    do throws(ZipError) { file = try MappedFile(path: path, isCopiedOnWrite: true) } catch {
      guard error.kind == .emptyFile else { throw error }
      throw TensorFileError(.malformed("cut short: it is empty"), file: path)
    }
    do throws(TensorFileError) { try self.init(file.bytes) } catch { throw error.at(file: path) }
  }

  /// Reads a file held in memory.
  public init(_ file: MappedBytes) throws(TensorFileError) {
    guard file.count >= 8 else { throw TensorFileError(.malformed("cut short: it has no header")) }
    let size = file.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard size <= UInt64(Self.headerLimit) else {
      throw TensorFileError(.malformed("its header of \(size) bytes is longer than \(Self.headerLimit)"))
    }
    let start = 8 + Int(size)
    // Bound: `start` is at least 8; where it is beyond the file there is no header, and the data is not asked for.
    guard let header = file.slice(8..<start), let data = file.slice(start..<file.count) else {
      throw TensorFileError(
        .malformed("cut short: the header says \(size) bytes, \(file.count - 8) are there"))
    }
    let entries: [Entry] = try header.withUnsafeBytes { (bytes) throws(TensorFileError) in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self))
      do throws(JSONFailure) { return try readHeader(&scanner) } catch {
        throw TensorFileError(
          .malformed("the header is damaged: \(ArchiveError(error.kind, offset: error.offset))"))
      }
    }
    try Self.checkCover(entries, data.count)
    for entry in entries { tensors.append((entry.name, try entry.tensor(in: data))) }
  }

  /// The tensor called `name`.
  public func tensor(_ name: String) -> StoredTensor? { tensors.first { $0.name == name }?.tensor }

  /// The number, text or `None` that `__metadata__` holds as JSON text under `name`; `nil` when there is none.
  ///
  /// - Throws: ``TensorFileError`` when the text is no JSON of that kind.
  public func value(_ name: String) throws(TensorFileError) -> PickleValue? {
    guard let text = metadata.first(where: { $0.name == name })?.text else { return nil }
    switch text {
    case "null": return PickleValue.none
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN": return .float(.nan)
    case "Infinity": return .float(.infinity)
    case "-Infinity": return .float(-.infinity)
    default: break
    }
    if let value = Int(text) { return .int(value) }
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { (bytes) throws(TensorFileError) in
      var scanner = JSONScanner(bytes)
      do throws(JSONFailure) {
        let value: PickleValue =
          scanner.peek() == UInt8(ascii: "\"")
          ? .string(try scanner.string().text) : .float(try scanner.double())
        try scanner.finish()
        return value
      } catch {
        throw TensorFileError(.malformed("'\(text)' is neither a number nor a quoted string"), tensor: name)
      }
    }
  }

  private mutating func readHeader(_ scanner: inout JSONScanner) throws(JSONFailure) -> [Entry] {
    var entries: [Entry] = []
    var names: Set<String> = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      let name = key.text
      guard names.insert(name).inserted else { throw scanner.failure(.duplicateName(name), at: key) }
      if name == "__metadata__" {
        try scanner.beginObject()
        while let entry = try scanner.nextKey() { metadata.append((entry.text, try scanner.string().text)) }
      } else {
        entries.append(try Entry(name, &scanner))
      }
    }
    try scanner.finish()
    return entries
  }

  /// - Throws: ``TensorFileError`` unless the ranges cover `count` bytes, each once.
  private static func checkCover(_ entries: [Entry], _ count: Int) throws(TensorFileError) {
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == end, entry.end >= entry.begin else {
        let what = entry.begin < end ? "overlaps another tensor" : "leaves a gap before it"
        throw TensorFileError(
          .malformed("the range \(entry.begin)..<\(entry.end) \(what)"), tensor: entry.name)
      }
      end = entry.end
    }
    guard end == count else {
      throw TensorFileError(
        .malformed("cut short or too long: the tensors take \(end) bytes, \(count) are there"))
    }
  }
}

extension SafetensorsFile {
  /// What the header says about one tensor.
  private struct Entry {
    let name: String
    var dtype = ""
    var sizes: [Int] = []
    var begin = -1
    var end = -1

    init(_ name: String, _ scanner: inout JSONScanner) throws(JSONFailure) {
      self.name = name
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        switch key {
        case "dtype": dtype = try scanner.string().text
        case "shape": sizes = try scanner.integers()
        case "data_offsets":
          let range = try scanner.integers()
          guard range.count == 2 else {
            throw scanner.failure(.unexpected(expected: "two offsets", found: "\(range.count)"))
          }
          (begin, end) = (range[0], range[1])
        default: try scanner.skipValue()
        }
      }
    }

    func tensor(in data: MappedBytes) throws(TensorFileError) -> StoredTensor {
      guard let type = ScalarType(safetensorsName: dtype) else {
        throw TensorFileError(.unknownDtype(dtype), tensor: name)
      }
      // Bound: the ranges of the header were checked to follow each other.
      guard let strides = StoredTensor.contiguousStrides(sizes), let bytes = data.slice(begin..<end) else {
        throw TensorFileError(.impossibleSizes(sizes, []), tensor: name)
      }
      do throws(TensorFileError) {
        let tensor = try StoredTensor(type, sizes: sizes, strides: strides, bytes: bytes)
        // The product fits 64 bits, or making the tensor would have thrown.
        let needed = (StoredTensor.elementCount(sizes) ?? 0) &* type.itemSize
        guard needed == bytes.count else { throw TensorFileError(.tooFewBytes(needed, held: bytes.count)) }
        return tensor
      } catch {
        throw error.at(tensor: name)
      }
    }
  }
}

extension JSONScanner {
  /// Reads an array of integers.
  mutating func integers() throws(JSONFailure) -> [Int] {
    var values: [Int] = []
    try beginArray()
    while try nextElement() { values.append(try integer()) }
    return values
  }
}

extension ScalarType {
  /// The names of dtypes in safetensors files.
  private static let safetensorsNames: [(name: String, type: ScalarType)] = [
    ("BOOL", .bool), ("U8", .uint8), ("I8", .int8), ("I16", .int16), ("U16", .uint16), ("F16", .float16),
    ("BF16", .bfloat16), ("I32", .int32), ("U32", .uint32), ("F32", .float32), ("F64", .float64),
    ("I64", .int64),
    ("U64", .uint64), ("F8_E4M3", .float8e4m3fn), ("F8_E5M2", .float8e5m2), ("F8_E8M0", .float8e8m0fnu),
    ("F8_E4M3FNUZ", .float8e4m3fnuz), ("F8_E5M2FNUZ", .float8e5m2fnuz), ("C64", .complex64),
  ]

  /// The dtype that safetensors files call `name`.
  public init?(safetensorsName name: String) {
    guard let row = Self.safetensorsNames.first(where: { $0.name == name }) else { return nil }
    self = row.type
  }

  /// The name of the dtype in safetensors files; `nil` when they cannot hold it.
  public var safetensorsName: String? { Self.safetensorsNames.first { $0.type == self }?.name }
}
