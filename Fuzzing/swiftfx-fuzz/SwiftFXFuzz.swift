import ArgumentParser
import Foundation
import FuzzTargets

/// `swiftfx-fuzz`: random inputs of every kind, the same for the same seed.
@main
struct SwiftFXFuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftfx-fuzz",
    abstract: "Try random inputs of every kind; none may trap, hang or take memory without end.",
    discussion: """
      Each kind runs in a process of its own, which is started again after a finding. A finding is written to a file and
      tried again with --replay.

      Example: swift run -c release swiftfx-fuzz --seconds 60 --seed 1
               swift run -c release swiftfx-fuzz --kinds program,graphs --count 100000
               swift run swiftfx-fuzz --replay program-1-4711.fuzz

      Kinds: \(FuzzKind.all.map(\.name).joined(separator: ", ")).

      Exits with 1 when there is a finding.
      """)

  @Option(help: "The seed; equal seeds give equal inputs.")
  var seed: UInt64 = 1

  @Option(help: "How long all kinds together run.")
  var seconds: Double?

  @Option(help: "How many inputs of each kind are tried.")
  var count: UInt64?

  @Option(help: "The number of the first input.")
  var first: UInt64 = 0

  @Option(help: "The kinds, separated by commas; by default all.", transform: Self.kinds)
  var kinds: [FuzzKind] = FuzzKind.all

  @Option(help: "The processor time that one input may take, in seconds.")
  var limit: Double = 10

  @Option(help: "The address space of a process, in megabytes; 0 for no limit, as sanitizers need.")
  var memory: Int = 4_000

  @Option(help: "Where findings are written.")
  var output: String = "."

  @Option(help: "A file with a finding to try again.")
  var replay: String?

  @Option(help: .hidden)
  var worker: String?

  private static func kinds(_ names: String) throws -> [FuzzKind] {
    try names.split(separator: ",").map { name in
      guard let kind = FuzzKind.all.first(where: { $0.name == name }) else {
        throw ValidationError("'\(name)' is none of \(FuzzKind.all.map(\.name).joined(separator: ", "))")
      }
      return kind
    }
  }

  func run() throws {
    if let replay { return try again(replay) }
    if let worker, let kind = kinds.first { return try Worker(kind, self, progress: worker).run() }
    let share = seconds.map { $0 / Double(kinds.count) } ?? (count == nil ? 60 / Double(kinds.count) : nil)
    var findings = 0
    for kind in kinds {
      let parent = Supervisor(kind, self, seconds: share)
      try parent.run()
      Self.tell(parent.line)
      findings += parent.findings.count
    }
    if findings > 0 { throw ExitCode(1) }
  }

  /// Tries one finding in this process, so that a debugger sees it.
  private func again(_ file: String) throws {
    let name = URL(filePath: file).lastPathComponent
    guard let kind = FuzzKind.all.first(where: { name.hasPrefix($0.name + "-") }) else {
      throw ValidationError("the name of '\(name)' begins with no kind")
    }
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: file)))
    let start = ContinuousClock.now
    let size = kind(bytes)
    Self.tell("\(kind.name): an input of \(size) bytes took \(start.duration(to: .now))")
  }

  /// Writes a line at once, also into a file.
  static func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
