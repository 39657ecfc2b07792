import SwiftFX
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The parts of the operating system that the command uses.
///
/// Foundation offers all of it, but takes longer to start than it takes to read and propagate a small program.
enum System {
  /// An open file of this process; all output of the command goes through it.
  struct Stream {
    fileprivate let descriptor: Int32

    static let output = Stream(descriptor: STDOUT_FILENO)
    static let errors = Stream(descriptor: STDERR_FILENO)

    var isTerminal: Bool { isatty(descriptor) != 0 }

    /// Writes a text for people, without characters that control the terminal.
    func write(_ text: String) { write(Array(Escaped.terminal(text).utf8)) }

    /// Writes a text for people and a newline.
    func writeLine(_ text: String) { write(text + "\n") }

    /// Writes all of `bytes`, which are already escaped for their destination: JSON, or the source of a program.
    ///
    /// Whatever cannot be written, to a full disk or a closed pipe, is lost; ``System/outputFailure`` reports that.
    func write(_ bytes: [UInt8]) {
      guard let problem = bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }), descriptor == STDOUT_FILENO
      else { return }
      System.failure.withLock { $0 = $0 ?? problem }
    }
  }

  private static let failure = Mutex<Int32?>(nil)

  /// Why some of the standard output could not be written; `nil` if all of it was.
  ///
  /// If the reader closed its end of a pipe, as `head` does, the reason is not worth telling.
  static var outputFailure: (reason: String, isWorthTelling: Bool)? {
    failure.withLock { $0 }.map { (String(cString: strerror($0)), $0 != EPIPE) }
  }

  /// Makes writing to a pipe without a reader, or more to a file than the process may, an error rather than a signal
  /// that ends the process.
  static func surviveFailedWrites() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the process.
  static func finish(_ status: Int32) -> Never { exit(status) }

  /// All bytes of standard input.
  static func readStandardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// The size of the file at `path` in bytes; zero if unknown.
  static func size(ofFileAt path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(clamping: status.st_size) : 0
  }

  /// How many threads can run at once.
  static var coreCount: Int { max(1, Int(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
