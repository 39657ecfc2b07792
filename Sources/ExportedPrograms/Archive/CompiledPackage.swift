public import ZipArchives

/// A program in an archive that AOTInductor compiled: the library and what it was compiled for.
///
/// ```
/// R/data/aotinductor/NAME/F.wrapper.so       the library, with the weights in it
/// R/data/aotinductor/NAME/F.wrapper.json     the calls that it leaves to an executor in C++; absent without such calls
/// R/data/aotinductor/NAME/F_metadata.json    system, machine and device
/// R/data/aotinductor/NAME/weights_config.json   where the weights are, if not in the library
/// ```
///
/// Nothing is executed here.
///
/// - Source: `torch/csrc/inductor/aoti_package/model_package_loader.cpp`, v2.13.
public struct CompiledPackage: Sendable {
  /// The name of the program in its archive.
  public let name: String
  /// The library.
  public let library: MappedBytes
  /// What the compiler noted, such as `AOTI_DEVICE_KEY` and `AOTI_MACHINE`.
  public let properties: [String: String]
  /// The operators that the library calls through an executor in C++.
  public let externalCalls: [String]
  /// Whether the weights are in the library, and not beside it.
  public let holdsWeights: Bool

  /// Reads what the archive holds of the compiled program called `model`; of the only one, or `model`, without a name.
  ///
  /// - Throws: ``ArchiveError``, such as `.notAProgram` when there is no compiled code.
  public init(_ archive: ProgramArchive, model: String? = nil) throws(ArchiveError) {
    let folder = archive.layout.root + "data/aotinductor/"
    let names = Self.names(archive, folder)
    guard !names.isEmpty else {
      throw ArchiveError(.notAProgram("it holds no code compiled by AOTInductor"))
    }
    let usual = names.contains(ArchiveLayout.defaultModel) ? ArchiveLayout.defaultModel : nil
    guard let name = model ?? usual ?? (names.count == 1 ? names[0] : nil), names.contains(name) else {
      throw ArchiveError(.noSuchModel(model, available: names))
    }
    self.name = name
    let entries = archive.zip.entries.filter { $0.name.hasPrefix("\(folder)\(name)/") }
    let libraries = entries.filter { $0.name.hasSuffix(".so") || $0.name.hasSuffix(".dylib") }
    guard libraries.count == 1, let library = libraries.first, let dot = library.name.lastIndex(of: ".")
    else {
      throw ArchiveError(
        .notAProgram("the package '\(name)' has \(libraries.count) compiled libraries, not one"))
    }
    self.library = try Self.contents(of: library, archive)
    let externals = library.name[..<dot] + ".json"
    let isMetadata = { (entry: ZipEntry) in entry.name.hasSuffix("_metadata.json") }
    var properties: [String: String] = [:]
    for entry in entries where isMetadata(entry) {
      try Self.read(entry, archive) { (scanner) throws(JSONFailure) in try Self.properties(&scanner) }
        .forEach { properties[$0] = $1 }
    }
    self.properties = properties
    if let entry = entries.first(where: { $0.name == externals }) {
      externalCalls = try Self.read(entry, archive) { (scanner) throws(JSONFailure) in
        try Self.targets(&scanner)
      }
    } else {
      externalCalls = []
    }
    holdsWeights = !entries.contains { $0.name.hasSuffix("weights_config.json") }
  }

  /// The compiled programs of an archive, in its order.
  private static func names(_ archive: ProgramArchive, _ folder: String) -> [String] {
    var names: [String] = []
    for entry in archive.zip.entries where entry.name.hasPrefix(folder) {
      let rest = entry.name.dropFirst(folder.count)
      guard let slash = rest.firstIndex(of: "/") else { continue }
      let name = String(rest[..<slash])
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func contents(
    of entry: ZipEntry, _ archive: ProgramArchive
  ) throws(ArchiveError) -> MappedBytes {
    do throws(ZipError) { return try archive.zip.contents(of: entry) } catch {
      throw ArchiveError(.zip(error), entry: entry.name)
    }
  }

  private static func read<Result>(
    _ entry: ZipEntry, _ archive: ProgramArchive, _ body: (inout JSONScanner) throws(JSONFailure) -> Result
  ) throws(ArchiveError) -> Result {
    try contents(of: entry, archive).withUnsafeBytes { (bytes) throws(ArchiveError) in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self), limits: archive.limits)
      do throws(JSONFailure) { return try body(&scanner) } catch {
        throw ArchiveError(error.kind, entry: entry.name, offset: error.offset)
      }
    }
  }

  /// The texts of an object; other members are left out.
  private static func properties(_ scanner: inout JSONScanner) throws(JSONFailure) -> [String: String] {
    var texts: [String: String] = [:]
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if scanner.peek() == UInt8(ascii: "\"") {
        texts[key.text] = try scanner.string().text
      } else {
        try scanner.skipValue()
      }
    }
    return texts
  }

  /// The targets in `{"nodes": [{"name": …, "node": {"target": …, …}}, …]}`.
  private static func targets(_ scanner: inout JSONScanner) throws(JSONFailure) -> [String] {
    var targets: [String] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      guard key == "nodes" else {
        try scanner.skipValue()
        continue
      }
      try scanner.beginArray()
      while try scanner.nextElement() {
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
          guard key == "node" else {
            try scanner.skipValue()
            continue
          }
          try scanner.beginObject()
          while let key = try scanner.nextKey() {
            if key == "target" { targets.append(try scanner.string().text) } else { try scanner.skipValue() }
          }
        }
      }
    }
    return targets
  }
}
