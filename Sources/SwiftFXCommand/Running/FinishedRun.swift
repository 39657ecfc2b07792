import LibTorch
import ProcessMemory
import SwiftFX

/// What a run returned, and how long it and the runs after it took.
struct FinishedRun {
  /// The leaves of the result.
  var results: [PyTree<RealTensor>] = []
  var seconds = 0.0
  /// The times of runs without comparison, in seconds, the least first; empty without such runs.
  private(set) var measured: [Double] = []
  /// The resident memory of the process before, after and at most during these runs, in bytes; the first two are the same
  /// unless something leaks.
  private(set) var memory = (before: 0, after: 0, peak: 0)

  /// Runs `body` as often as a server would.
  mutating func measure(_ count: Int, _ body: () throws -> Void) rethrows {
    ProcessMemory.resetPeak()
    memory.before = ProcessMemory.resident
    for _ in 0..<count {
      let start = ContinuousClock.now
      try body()
      measured.append(start.duration(to: .now).seconds)
    }
    (memory.after, memory.peak) = (ProcessMemory.resident, ProcessMemory.peak)
    measured.sort()
  }

  /// Writes the leaves of the result by position: tensors as such, all else as JSON text in the metadata.
  func write(to path: String) throws {
    var writer = SafetensorsWriter()
    for (position, leaf) in results.enumerated() {
      switch leaf {
      case .value(let tensor): writer.add("\(position)", tensor)
      default: writer.add("\(position)", text: RunJSON.text(of: leaf))
      }
    }
    try writer.write(to: path)
  }
}
