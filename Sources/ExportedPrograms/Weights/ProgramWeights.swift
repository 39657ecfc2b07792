import TensorVocabulary
public import ZipArchives

/// The parameters, buffers and constants that an archive stores for a program, by name.
///
/// Tensors of all three layouts; what is pickled otherwise, such as script objects, is kept as bytes.
public struct ProgramWeights: Sendable {
  /// The tensors by their names in the state dict or among the constants.
  public private(set) var tensors: [String: ArchivedTensor] = [:]
  /// The bytes of everything else.
  public private(set) var objects: [String: MappedBytes] = [:]

  /// Reads the list of what the archive of `program` stores; the bytes of tensors stay there.
  ///
  /// - Throws: ``ArchiveError`` when a list cannot be read. What the archive lacks is left out.
  public init(of program: ExportedProgram) throws(ArchiveError) {
    guard let source = program.source else { return }
    for folder in ["weights", "constants"] {
      switch source.archive.layout.form {
      case .raw: try read(source, folder)
      case .flat, .pickled:
        for entry in source.entryNames(of: folder) { try readPickle(source, entry) }
      }
    }
  }

  private mutating func read(_ source: ProgramSource, _ folder: String) throws(ArchiveError) {
    for name in source.entryNames(of: folder) {
      guard let text = try source.json(in: name) else { continue }
      for member in try text.members(at: 0) where member.key == "config" {
        for weight in try text.members(at: member.value.lowerBound) {
          try read(weight, of: text, source, "\(source.archive.layout.root)data/\(folder)/")
        }
      }
    }
  }

  /// Reads `{path_name, is_param, use_pickle, tensor_meta}`.
  private mutating func read(
    _ weight: JSONText.Member, of text: JSONText, _ source: ProgramSource, _ folder: String
  ) throws(ArchiveError) {
    let details = try text.members(at: weight.value.lowerBound)
    func place(_ key: String) -> Range<Int>? { details.first { $0.key == key }?.value }
    guard
      let path = try place("path_name").flatMap({ (place) throws(ArchiveError) in try text.string(at: place) }
      ),
      let entry = source.archive.zip[folder + path]
    else { return }
    let bytes: MappedBytes
    do throws(ZipError) { bytes = try source.archive.zip.contents(of: entry, verifyingChecksum: false) } catch
    {
      throw ArchiveError(.zip(error), entry: entry.name)
    }
    let isPickled = try place("use_pickle").map { (place) throws(ArchiveError) in
      try text.scan(from: place.lowerBound) { (scanner) throws(JSONFailure) in try scanner.boolean() }
    }
    if isPickled != true, let meta = place("tensor_meta"),
      let tensor = try text.scan(
        from: meta.lowerBound,
        { (scanner) throws(JSONFailure) in
          try scanner.storedTensor(bytes)
        })
    {
      tensors[weight.key] = tensor
    } else {
      objects[weight.key] = bytes
    }
  }

  /// Reads a file of `torch.save`: a ZIP archive with a pickle and the storages it speaks of.
  private mutating func readPickle(_ source: ProgramSource, _ name: String) throws(ArchiveError) {
    guard let entry = source.archive.zip[name] else { return }
    let file: ZipArchive
    let pickle: MappedBytes
    let root: Substring
    do throws(ZipError) {
      let bytes = try source.archive.zip.contents(of: entry)
      file = try ZipArchive(bytes: bytes.withUnsafeBytes { Array($0) }, limits: source.archive.limits.zip)
      guard let data = file.entries.first(where: { $0.name.hasSuffix("/data.pkl") }) else { return }
      pickle = try file.contents(of: data)
      root = data.name.dropLast("data.pkl".count)
    } catch {
      throw ArchiveError(.zip(error), entry: name)
    }
    let value: PickledValue
    do throws(WeightPickle.Failure) {
      value = try pickle.withUnsafeBytes { (bytes) throws(WeightPickle.Failure) in
        var reader = WeightPickle(bytes)
        return try reader.value()
      }
    } catch {
      throw ArchiveError(
        .inconsistent("its pickle cannot be read as data"), entry: name, offset: error.offset)
    }
    guard case .dictionary(let pairs) = value else { return }
    for case (.string(let key), let value) in pairs {
      if let tensor = ArchivedTensor(value, in: file, "\(root)data/") { tensors[key] = tensor }
    }
  }
}

extension ArchivedTensor {
  /// The tensor that a call of PyTorch's would rebuild from a pickle.
  fileprivate init?(_ value: PickledValue, in file: ZipArchive, _ folder: String) {
    guard case .call(let name, let arguments) = value else { return nil }
    switch name {
    case "torch._utils._rebuild_parameter":
      guard let tensor = arguments.first.flatMap({ ArchivedTensor($0, in: file, folder) }) else { return nil }
      self = tensor
    case "torch._utils._rebuild_tensor_v2":
      guard arguments.count >= 4, case .persistent(.tuple(let storage)) = arguments[0], storage.count >= 3,
        case .global(let type) = storage[1], case .string(let key) = storage[2],
        let dtype = Self.dtype(of: type),
        case .int(let offset) = arguments[1], let sizes = Self.integers(arguments[2]),
        let strides = Self.integers(arguments[3]), let entry = file[folder + key],
        let bytes = try? file.contents(of: entry, verifyingChecksum: false)
      else { return nil }
      self.init(dtype: dtype, sizes: sizes, strides: strides, storageOffset: offset, storage: bytes)
    default: return nil
    }
  }

  private static func integers(_ value: PickledValue) -> [Int]? {
    guard case .tuple(let items) = value else { return nil }
    var integers: [Int] = []
    for item in items {
      guard case .int(let integer) = item else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// The dtype of one of PyTorch's typed storages.
  private static func dtype(of type: String) -> ScalarType? {
    let names: [String: ScalarType] = [
      "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64, "torch.HalfStorage": .float16,
      "torch.BFloat16Storage": .bfloat16, "torch.LongStorage": .int64, "torch.IntStorage": .int32,
      "torch.ShortStorage": .int16, "torch.CharStorage": .int8, "torch.ByteStorage": .uint8,
      "torch.BoolStorage": .bool, "torch.ComplexFloatStorage": .complex64,
      "torch.ComplexDoubleStorage": .complex128,
    ]
    return names[type]
  }
}

extension JSONScanner {
  /// Reads the metadata of a stored tensor, whose sizes are numbers; `nil` when there is none.
  fileprivate mutating func storedTensor(_ storage: MappedBytes) throws(JSONFailure) -> ArchivedTensor? {
    if null() { return nil }
    var (dtype, offset) = (ScalarType?.none, 0)
    var (sizes, strides): ([Int], [Int]) = ([], [])
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "dtype": dtype = ScalarType(archiveCode: try integer())
      case "sizes": sizes = try storedIntegers()
      case "strides": strides = try storedIntegers()
      case "storage_offset": offset = try storedInteger()
      default: try skipValue()
      }
    }
    return dtype.map {
      ArchivedTensor(dtype: $0, sizes: sizes, strides: strides, storageOffset: offset, storage: storage)
    }
  }

  private mutating func storedIntegers() throws(JSONFailure) -> [Int] {
    var integers: [Int] = []
    try beginArray()
    while try nextElement() { integers.append(try storedInteger()) }
    return integers
  }

  /// Reads `{as_int}`.
  private mutating func storedInteger() throws(JSONFailure) -> Int {
    let tag = try beginUnion()
    guard tag == "as_int" else {
      throw failure(.unexpected(expected: "'as_int'", found: "'\(tag.text)'"), at: tag)
    }
    let value = try integer()
    try endUnion()
    return value
  }
}
