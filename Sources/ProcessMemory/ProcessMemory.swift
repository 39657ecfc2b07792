#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The resident memory of this process, in bytes; zero where the system does not say.
///
/// On Linux, from files that the system keeps about each process: `getrusage` would also count the process that started
/// this one, if that was larger.
package enum ProcessMemory {
  #if canImport(Darwin)
    /// The memory now: the peak, since macOS keeps nothing else at hand.
    package static var resident: Int { peak }

    /// The most memory so far.
    package static var peak: Int {
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0
    }

    /// Lets ``peak`` count from now on, where the system can; macOS cannot.
    package static func resetPeak() {}
  #else
    private static let pages = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    private static let status = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    private static let requests = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)

    /// The memory now.
    package static var resident: Int {
      // All pages, resident ones, shared ones, …
      let fields = text(of: pages).split(separator: " ")
      guard fields.count > 1, let count = Int(fields[1]) else { return 0 }
      return count.multipliedReportingOverflow(by: Int(clamping: sysconf(Int32(_SC_PAGESIZE)))).partialValue
    }

    /// The most memory so far, or since ``resetPeak()``.
    package static var peak: Int {
      // `VmHWM:     1234 kB`
      let line = text(of: status).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      guard let line, let count = Int(line.filter(\.isNumber)) else { return 0 }
      return count.multipliedReportingOverflow(by: 1_024).partialValue
    }

    /// Lets ``peak`` count from now on, where the system can.
    package static func resetPeak() {
      _ = write(requests, "5", 1)
    }

    /// The start of a file that the system writes anew for each reader; empty if it cannot be read.
    private static func text(of descriptor: Int32) -> String {
      var bytes = [UInt8](repeating: 0, count: 1 << 12)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }
  #endif
}
