import Foundation
import ProcessMemory
import SyntheticPrograms

/// The peak memory of a program, its plan and its result.
///
/// Measured in its own process: memory freed by earlier programs would be reused without being counted.
enum PeakMemory {
  /// The option that makes this executable measure itself; see ``Benchmarks``.
  static let option = "peak-memory"

  /// Starts the measuring process and returns its answer in bytes.
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

  /// Measures in this process, which has run nothing else.
  static func measure(_ family: SyntheticFamily, nodes: Int) throws -> Int {
    // The shortest program loads the code.
    _ = try Work(family, nodes: 1)
    let before = ProcessMemory.peak
    _ = try Work(family, nodes: nodes)
    return ProcessMemory.peak - before
  }
}
