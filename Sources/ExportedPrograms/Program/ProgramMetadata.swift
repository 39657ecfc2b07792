import FX
import ZipArchives

/// The metadata of a program's nodes, kept as mapped JSON and decoded on request.
///
/// Stack traces and module stacks are more than half of a typical program, and most runs read none of them.
final class ProgramMetadata: NodeMetadataSource {
  private let text: MappedBytes

  init(_ text: MappedBytes) { self.text = text }

  /// Decodes the object at `place`; values that are not strings are kept as JSON text.
  func metadata(at place: Range<Int>) -> NodeMetadata {
    guard let object = text.slice(place) else { return NodeMetadata() }
    return object.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self))
      return (try? scanner.metadata()) ?? NodeMetadata()
    }
  }
}

extension JSONScanner {
  /// Reads a metadata object, in the order in which it is written.
  mutating func metadata() throws(JSONFailure) -> NodeMetadata {
    var entries: [Named<String>] = []
    try beginObject()
    while let key = try nextKey() {
      let value = peek() == UInt8(ascii: "\"") ? try string() : try raw()
      entries.append(Named(key.text, value.text))
    }
    return NodeMetadata(entries)
  }
}
