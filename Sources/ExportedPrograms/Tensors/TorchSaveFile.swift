import ZipArchives

/// A file of `torch.save`: a ZIP archive with a pickle and the storages that it refers to.
enum TorchSaveFile {
  /// Reads the object in `file`; nothing is executed.
  static func read(_ file: MappedBytes) throws -> PickleValue {
    let zip = try file.withUnsafeBytes { try ZipArchive(bytes: $0) }
    guard let pickle = zip.entries.first(where: { $0.name.hasSuffix("/data.pkl") }) else {
      throw TensorFileError(.missing("'data.pkl'"))
    }
    let root = pickle.name.dropLast("data.pkl".count)
    if let order = zip[root + "byteorder"], case let text = try zip.contents(of: order).text, text != "little"
    {
      throw TensorFileError(.malformed("its numbers are '\(text)'-endian"))
    }
    return try zip.contents(of: pickle).withUnsafeBytes { bytes in
      var reader = PickleReader(bytes) { (key) throws(TensorFileError) in
        guard let entry = zip["\(root)data/\(key)"] else {
          throw TensorFileError(.missing("storage '\(key)'"))
        }
        do { return try zip.contents(of: entry) } catch { throw TensorFileError(.malformed("\(error)")) }
      }
      return try reader.read()
    }
  }
}
