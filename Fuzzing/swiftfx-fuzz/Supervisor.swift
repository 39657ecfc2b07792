import Foundation
import FuzzTargets

/// Runs the workers of one kind and notes what ends them.
final class Supervisor {
  /// An input that a process did not survive.
  struct Finding {
    var number: UInt64
    var reason: String
  }

  private let kind: FuzzKind
  private let command: SwiftFXFuzz
  private let seconds: Double?
  private(set) var findings: [Finding] = []
  private var finished: UInt64 = 0
  private var elapsed = 0.0
  private var last: Progress?

  /// Runs for `seconds` at most, if that is given.
  init(_ kind: FuzzKind, _ command: SwiftFXFuzz, seconds: Double?) {
    (self.kind, self.command, self.seconds) = (kind, command, seconds)
  }

  func run() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "swiftfx-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(kind.name)")
    defer { try? FileManager.default.removeItem(at: file) }
    guard let progress = Progress(path: file.path) else { return }
    last = progress
    let start = ContinuousClock.now
    var next = command.first
    // A kind that finds something everywhere ends.
    while findings.count < 100 {
      elapsed = start.duration(to: .now) / .seconds(1)
      let rest = seconds.map { $0 - elapsed }
      if let rest, rest <= 0 { break }
      let left = command.count.map { command.first + $0 - next }
      if left == 0 { break }
      (progress[.current], progress[.hung]) = (0, 0)
      let before = progress[.finished]
      let status = try work(file.path, from: next, count: left, seconds: rest)
      let tried = progress[.finished] - before
      finished += tried
      next += tried
      guard progress[.current] != 0 else {
        if status != 0 {
          findings.append(Finding(number: next, reason: "ended with \(status) between inputs"))
          break
        }
        if tried == 0 { break }
        continue
      }
      note(progress, status)
      next += 1
      finished += 1
    }
    elapsed = start.duration(to: .now) / .seconds(1)
  }

  private func note(_ progress: Progress, _ status: Int32) {
    let number = progress[.current] - 1
    let reason =
      progress[.hung] == 1 ? "takes longer than \(command.limit) s" : "ends the process with \(status)"
    findings.append(Finding(number: number, reason: reason))
    let path = URL(filePath: command.output).appending(path: "\(kind.name)-\(command.seed)-\(number).fuzz")
    try? Data(FuzzKind.bytes(seed: command.seed, number: number)).write(to: path)
    SwiftFXFuzz.tell("FINDING \(kind.name) \(number) (seed \(command.seed)) \(reason): \(path.path)")
  }

  private func work(_ progress: String, from first: UInt64, count: UInt64?, seconds: Double?) throws -> Int32
  {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    process.arguments =
      ["--worker", progress, "--kinds", kind.name, "--seed", "\(command.seed)", "--first", "\(first)"]
      + ["--limit", "\(command.limit)", "--memory", "\(command.memory)"]
      + (count.map { ["--count", "\($0)"] } ?? []) + (seconds.map { ["--seconds", "\($0)"] } ?? [])
    // A trap is written to a file; where it came from is asked of a replay.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  /// One line of the result.
  var line: String {
    guard let last else { return "\(kind.name): the progress cannot be noted" }
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let traps = findings.count { !$0.reason.hasPrefix("takes") }
    return kind.name + String(repeating: " ", count: max(1, 14 - kind.name.count))
      + column("\(finished) inputs", 18) + column("\(last[.bytes]) bytes", 20)
      + column("\(Int(elapsed)) s", 9)
      + column("\(traps) traps", 11) + column("\(findings.count - traps) hangs", 11)
      + column("longest \(last[.longest] / 1_000) ms (\(last[.longestNumber]))", 30)
      + column("most memory \(last[.memory] / 1_024) KB", 24)
      + column("\(last[.memoryRatio] / 100) bytes a byte", 22)
  }
}
