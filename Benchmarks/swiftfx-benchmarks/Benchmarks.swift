public import ArgumentParser
import Foundation
import HeapPages
public import SyntheticPrograms

/// `swiftfx-benchmarks`: how propagation scales with the length of the program.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftfx-benchmarks",
    abstract: "Measure how propagation grows with the length of synthetic programs.",
    discussion: """
      Families: \(SyntheticFamily.all.map(\.name).joined(separator: ", ")).

      Times are of one core: the first run of a program with its plan, and the third run of the same program, in a \
      process that has run such a program before. In each of five rounds every length is measured by as many \
      programs as have 100,000 nodes together; the fastest round counts. Work is counted by the library itself and \
      is the same in every run.
      """)

  @Option(name: .customLong("family"), help: "A family to measure; may be repeated. All by default.")
  var families: [SyntheticFamily] = SyntheticFamily.all

  @Option(name: .customLong("nodes"), help: "About how many nodes a program has; may be repeated.")
  var sizes: [Int] = [1_000, 10_000]

  @Flag(help: "Print one JSON array.")
  var json = false

  @Option(help: ArgumentHelp("Only count work, and exit with 1 where it is more than this file allows."))
  var check: String?

  @Option(help: ArgumentHelp("Only count work, and write it to this file as what is allowed."))
  var record: String?

  @Option(help: "Only time the compiled check of this archive at --sizes.")
  var admission: String?

  @Option(name: .customLong("sizes"), parsing: .upToNextOption, help: "The sizes that --admission checks.")
  var admissionSizes: [Int] = []

  @Flag(name: .customLong(PeakMemory.option), help: .private)
  var measuresPeakMemory = false

  func validate() throws {
    guard sizes.allSatisfy({ (1...10_000_000).contains($0) }) else {
      throw ValidationError("--nodes takes a number from 1 to 10000000")
    }
  }

  func run() throws {
    if measuresPeakMemory, let (family, nodes) = programs.first {
      return print(try PeakMemory.measure(family, nodes: nodes))
    }
    if let admission { return print(try AdmissionTime.measure(admission, sizes: admissionSizes)) }
    if let check { return try self.check(against: check) }
    if let record {
      let thresholds = Thresholds(try programs.map(Work.init))
      return try (encoded(thresholds) + Data("\n".utf8)).write(to: URL(fileURLWithPath: record))
    }
    // The same pages as in the command; memory is measured with small pages.
    HeapPages.enlarge()
    var measurements: [Measurement] = []
    for family in families {
      for measurement in try Measurement.all(of: family, lengths: sizes) {
        if !json {
          if measurements.isEmpty { print(Measurement.heading(measurement.work.counters.map(\.name))) }
          print(measurement.line)
        }
        measurements.append(measurement)
      }
    }
    if json { print(String(decoding: try encoded(measurements), as: UTF8.self)) }
  }

  private func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(value)
  }

  private var programs: [(SyntheticFamily, nodes: Int)] {
    families.flatMap { family in sizes.map { (family, $0) } }
  }

  private func check(against path: String) throws {
    let thresholds = try JSONDecoder().decode(
      Thresholds.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    var findings: [String] = []
    for work in try programs.map(Work.init) { findings += thresholds.findings(in: work) }
    for finding in findings { print(finding) }
    if !findings.isEmpty { throw ExitCode.failure }
    print("\(programs.count) programs take no more work than \(path) allows")
  }
}

extension SyntheticFamily: ExpressibleByArgument {
  /// The family with this name.
  public init?(argument: String) {
    guard let family = Self.all.first(where: { $0.name == argument }) else { return nil }
    self = family
  }

  /// The name of the family.
  public var defaultValueDescription: String { name }
}
