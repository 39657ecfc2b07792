import Foundation

/// The memory of this process.
enum Memory {
  /// Begins a new peak, where the system can.
  static func resetPeak() {
    #if os(Linux)
      guard reset >= 0 else { return }
      _ = write(reset, "5", 1)
    #endif
  }

  /// The most memory since the last reset, in bytes.
  static var peak: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1_024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// The memory now, in bytes; elsewhere than on Linux the peak.
  static var resident: Int {
    #if os(Linux)
      var text = [UInt8](repeating: 0, count: 128)
      let count = pread(status, &text, text.count, 0)
      guard count > 0 else { return 0 }
      let fields = text[..<count].split(separator: UInt8(ascii: " "))
      return fields.count > 1 ? (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0) * 4_096 : 0
    #else
      return peak
    #endif
  }

  #if os(Linux)
    private static let reset = open("/proc/self/clear_refs", O_WRONLY)
    private static let status = open("/proc/self/statm", O_RDONLY)
  #endif
}
