import TensorVocabulary
import ZipArchives

/// The list of weights or constants in archives of PyTorch 2.9 and newer: where each lies and what it looks like.
///
/// - Source: `PayloadConfig`, `torch/_export/serde/schema.py`, v2.13.
struct PayloadConfig {
  /// One weight or constant.
  struct Entry {
    var file = ""
    var isPickled = false
    /// What a raw file holds: dtype, sizes, strides and offset.
    var tensor: Tensor?
  }

  struct Tensor {
    var dtype = ScalarType.float32
    var sizes: [Int] = []
    var strides: [Int] = []
    var storageOffset = 0
  }

  private(set) var entries: [(name: String, entry: Entry)] = []

  init(_ json: MappedBytes, limits: ArchiveLimits) throws(ArchiveError) {
    entries = try json.withUnsafeBytes { (bytes) throws(ArchiveError) in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self), limits: limits)
      do throws(JSONFailure) { return try Self.read(&scanner) } catch {
        throw ArchiveError(error.kind, offset: error.offset)
      }
    }
  }

  private static func read(_ scanner: inout JSONScanner) throws(JSONFailure) -> [(name: String, entry: Entry)]
  {
    var entries: [(name: String, entry: Entry)] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      guard key == "config" else {
        try scanner.skipValue()
        continue
      }
      try scanner.beginObject()
      while let name = try scanner.nextKey() { entries.append((name.text, try entry(&scanner))) }
    }
    return entries
  }

  private static func entry(_ scanner: inout JSONScanner) throws(JSONFailure) -> Entry {
    var entry = Entry()
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "path_name": entry.file = try scanner.string().text
      case "use_pickle": entry.isPickled = try scanner.boolean()
      case "tensor_meta": entry.tensor = scanner.null() ? nil : try tensor(&scanner)
      default: try scanner.skipValue()
      }
    }
    return entry
  }

  private static func tensor(_ scanner: inout JSONScanner) throws(JSONFailure) -> Tensor {
    var tensor = Tensor()
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "dtype":
        let code = try scanner.integer()
        guard let dtype = ScalarType(archiveCode: code) else {
          throw scanner.failure(.unexpected(expected: "a dtype", found: "\(code)"))
        }
        tensor.dtype = dtype
      case "sizes": tensor.sizes = try integers(&scanner)
      case "strides": tensor.strides = try integers(&scanner)
      case "storage_offset": tensor.storageOffset = try integer(&scanner)
      default: try scanner.skipValue()
      }
    }
    return tensor
  }

  private static func integers(_ scanner: inout JSONScanner) throws(JSONFailure) -> [Int] {
    var values: [Int] = []
    try scanner.beginArray()
    while try scanner.nextElement() { values.append(try integer(&scanner)) }
    return values
  }

  /// `{"as_int": 3}`: weights have no symbolic sizes.
  private static func integer(_ scanner: inout JSONScanner) throws(JSONFailure) -> Int {
    let tag = try scanner.beginUnion()
    guard tag == "as_int" else {
      throw scanner.failure(.unexpected(expected: "'as_int'", found: "'\(tag.text)'"), at: tag)
    }
    let value = try scanner.integer()
    try scanner.endUnion()
    return value
  }
}
