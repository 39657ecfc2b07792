#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that is written under another name beside its place, and takes its place when it is complete.
package struct NewFile: ~Copyable {
  private let path: String
  private let replaces: Bool
  private let temporaryPath: String
  private var descriptor: Int32
  /// The number of bytes written.
  private(set) var count = 0

  private init(_ path: String, replaces: Bool, temporaryPath: String, _ descriptor: Int32) {
    self.path = path
    self.replaces = replaces
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  /// - Throws: `.alreadyExists` or `.cannotWrite`.
  package static func create(at path: String, replacing: Bool) throws(ZipError) -> NewFile {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw ZipError(.cannotWrite(reason: "it is a folder"), file: path)
      }
      // A rename would put a file in the place of a device or a pipe.
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw ZipError(.cannotWrite(reason: "it is a device or a pipe, not a file"), file: path)
      }
      guard replacing else { throw ZipError(.alreadyExists, file: path) }
    }
    let temporaryPath = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).part"
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemError(path) }
    return NewFile(path, replaces: replacing, temporaryPath: temporaryPath, descriptor)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporaryPath)
  }

  package mutating func write(_ bytes: [UInt8]) throws(ZipError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(ZipError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
    guard writeAll(bytes, to: descriptor) == nil else { throw Self.systemError(path) }
    count += bytes.count
  }

  /// Puts the file in its place.
  package consuming func commit() throws(ZipError) {
    let (temporary, path) = (temporaryPath, path)
    let finished = descriptor
    descriptor = -1
    // Some file systems report a full disk only now.
    guard close(finished) == 0 else {
      let error = Self.systemError(path)
      unlink(temporary)
      throw error
    }
    // A link is refused where there is a file, which renaming would replace. Some file systems have no links.
    if !replaces {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return
      }
      var status = stat()
      guard errno != EEXIST, stat(path, &status) != 0 else {
        unlink(temporary)
        throw ZipError(.alreadyExists, file: path)
      }
    }
    guard rename(temporary, path) == 0 else {
      let error = Self.systemError(path)
      unlink(temporary)
      throw error
    }
  }

  private static func systemError(_ path: String) -> ZipError {
    ZipError(.cannotWrite(reason: String(cString: strerror(errno))), file: path)
  }
}

/// Writes all of `bytes` to an open file; the number of the error, `errno`, when that does not succeed.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var written = 0
  while written < bytes.count {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
    #if canImport(Darwin)
      let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
    #elseif canImport(Glibc)
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
    #elseif canImport(Musl)
      let count = Musl.write(descriptor, rest.baseAddress, rest.count)
    #endif
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return errno }
    written += count
  }
  return nil
}

extension MappedFile {
  /// Whether `path` leads to this file, whatever it is called.
  ///
  /// False for bytes in memory, and when nobody knows.
  public func isFile(at path: String) -> Bool {
    self.path.map { isOneFile($0, path) } ?? false
  }
}

/// Whether two paths lead to one file.
package func isOneFile(_ a: String, _ b: String) -> Bool {
  var (first, second) = (stat(), stat())
  guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
