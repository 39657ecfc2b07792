import Foundation
import SyntheticPrograms

/// The most memory that a program, its plan and its result take while they come about.
///
/// Measured in a process of its own: what earlier programs freed would be used again without being seen.
enum PeakMemory {
  /// The option under which this executable measures itself; see ``Benchmarks``.
  static let option = "peak-memory"

  /// Starts the process that measures, and returns its answer in bytes.
  static func bytes(_ family: SyntheticFamily, nodes: Int) throws -> Int {
    let (process, output) = (Process(), Pipe())
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["--family", family.name, "--nodes", "\(nodes)", "--\(option)"]
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let bytes = Int(String(decoding: answer, as: UTF8.self).filter(\.isNumber)) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return bytes
  }

  /// Measures in this process, in which nothing else was run.
  static func measure(_ family: SyntheticFamily, nodes: Int) throws -> Int {
    // The shortest program brings in the code.
    _ = try Work(family, nodes: 1)
    let before = peakResidentBytes
    _ = try Work(family, nodes: nodes)
    return peakResidentBytes - before
  }

  /// The most memory that this process has had.
  private static var peakResidentBytes: Int {
    #if os(Linux)
      // What `getrusage` says is that of the process that started this one, when that was more.
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
      return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    #else
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : 0
    #endif
  }
}
