import SwiftFX

/// The file that MODEL names: an archive, or a text, which may come from standard input.
enum ModelFile {
  case archive
  case text([UInt8])

  /// The endings of archives, which are never read as texts.
  private static let archiveEndings = [".pt2", ".pt", ".ptz", ".zip"]

  /// Looks at the file at `path`; `-` is standard input.
  ///
  /// - Throws: ``ZipError`` when it cannot be read.
  init(_ path: String) throws(ZipError) {
    if path == "-" {
      self = .text(System.readStandardInput())
      return
    }
    if Self.archiveEndings.contains(where: path.hasSuffix) {
      self = .archive
      return
    }
    let file: MappedFile
    do { file = try MappedFile(path: FileNames.path(of: path)) } catch {
      guard case .emptyFile = error.kind else { throw error }
      self = .text([])
      return
    }
    self = file.bytes.withUnsafeBytes { bytes in
      bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) ? .archive : .text(Array(bytes))
    }
  }
}

/// Why what MODEL names cannot be read.
struct ModelError: Error, CustomStringConvertible {
  /// The file, or the option, that the message speaks of.
  let path: String
  let message: String
  /// Where in the text.
  let position: TextPosition?

  init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
    position = nil
  }

  init(_ path: String, _ error: TextError) {
    self.path = path
    message = error.message
    position = error.position
  }

  /// `graph.txt:3:17: message`, as compilers write it.
  var description: String { position.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)" }
}
