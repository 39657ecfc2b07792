import EscapedTexts
import ExportedPrograms
import TensorVocabulary
import ZipArchives

/// Writes tensors by name, and texts by name, in the safetensors format.
///
/// The file appears under its name when it is complete, and not at all if something fails.
public struct SafetensorsWriter {
  private var tensors: [(name: String, tensor: RealTensor)] = []
  private var texts: [(name: String, text: String)] = []

  /// Makes a writer of an empty file.
  public init() {}

  /// Adds a tensor.
  public mutating func add(_ name: String, _ tensor: RealTensor) { tensors.append((name, tensor)) }

  /// Adds a text to the metadata.
  public mutating func add(_ name: String, text: String) { texts.append((name, text)) }

  /// Writes the file at `path`, replacing what is there.
  ///
  /// - Throws: ``LibTorchError`` for a dtype that the format does not have, and when the system cannot write.
  public func write(to path: String) throws {
    var header = "{"
    if !texts.isEmpty {
      header +=
        "\"__metadata__\":{"
        + texts.map { "\(Escaped.json($0.name)):\(Escaped.json($0.text))" }.joined(separator: ",")
      header += tensors.isEmpty ? "}" : "},"
    }
    var offset = 0
    var entries: [String] = []
    for (name, tensor) in tensors {
      let dtype = try tensor.dtype
      guard let typeName = dtype.safetensorsName else {
        throw LibTorchError(.unsupported("the safetensors format has no dtype \(dtype)"), operator: name)
      }
      let end = offset + (try tensor.elementCount) * dtype.itemSize
      let sizes = try tensor.sizes.map { "\($0)" }.joined(separator: ",")
      entries.append(
        "\(Escaped.json(name)):{\"dtype\":\"\(typeName)\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    header += entries.joined(separator: ",") + "}"
    // The tensors start at a multiple of eight bytes.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

    do {
      var file = try NewFile.create(at: path, replacing: true)
      try withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { try file.write($0) }
      try file.write(Array(header.utf8))
      for (_, tensor) in tensors { try tensor.withContiguousBytes { try file.write($0) } }
      try file.commit()
    } catch let error as ZipError { throw LibTorchError(.output("\(error)")) }
  }
}
