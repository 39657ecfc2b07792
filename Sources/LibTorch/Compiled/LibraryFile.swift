import ZipArchives

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A library in a folder of its own, as the system can open it; both are removed when the value goes.
struct LibraryFile: ~Copyable {
  private let folder: String
  let path: String

  private init(folder: String, path: String) {
    self.folder = folder
    self.path = path
  }

  /// Writes the file.
  ///
  /// - Throws: ``LibTorchError/Kind/output(_:)`` when that fails.
  static func make(_ bytes: MappedBytes, named name: String) throws(LibTorchError) -> LibraryFile {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // Only this user can look into the folder.
    var template = Array("\(temporary)/swiftfx.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw LibTorchError(
        .output("no folder can be made in \(temporary): \(String(cString: strerror(errno)))"))
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let made = LibraryFile(folder: folder, path: "\(folder)/\(name.replacing("/", with: "_"))")
    do throws(ZipError) {
      var file = try NewFile.create(at: made.path, replacing: false)
      try bytes.withUnsafeBytes { (bytes) throws(ZipError) in try file.write(bytes) }
      try file.commit()
    } catch { throw LibTorchError(.output("\(error)")) }
    return made
  }

  deinit {
    unlink(path)
    rmdir(folder)
  }
}
