import SwiftFX
import SyntheticPrograms

/// The time, the memory and the work of one program.
struct Measurement {
  let work: Work
  /// The first run over a program, including its plan, in seconds.
  private(set) var first: Double
  /// The third run over the same program, in seconds; the second uses what the first remembered.
  private(set) var later: Double
  /// The peak memory of the program, its plan and its result.
  let peakBytes: Int

  /// A round runs as many programs of a length as have this many nodes in total, at least one.
  ///
  /// So every length is exposed to other load on the machine for the same time.
  private static let nodesInRound = 100_000
  private static let rounds = 5

  /// Measures programs of one family; each round measures every length in turn, and the fastest round counts.
  static func all(of family: SyntheticFamily, lengths: [Int]) throws -> [Measurement] {
    var measurements = try lengths.map { length in
      let work = try Work(family, nodes: length)
      let peakBytes = try PeakMemory.bytes(family, nodes: length)
      return Measurement(work: work, first: .infinity, later: .infinity, peakBytes: peakBytes)
    }
    for _ in 0..<rounds {
      for index in measurements.indices { try measurements[index].addRound(family) }
    }
    return measurements
  }

  private mutating func addRound(_ family: SyntheticFamily) throws {
    let programs = max(1, Self.nodesInRound / work.nodes)
    var (first, later) = (0.0, 0.0)
    for _ in 0..<programs {
      let seconds = try Self.run(family.program(work.length))
      first += seconds.first
      later += seconds.later
    }
    self.first = min(self.first, first / Double(programs))
    self.later = min(self.later, later / Double(programs))
  }

  private static func run(_ program: SyntheticProgram) throws -> (first: Double, later: Double) {
    let context = program.context()
    func seconds() throws -> Double {
      let start = ContinuousClock.now
      let result = context.propagate(program.inputs)
      let duration = start.duration(to: .now)
      if let error = result.error { throw error }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    let first = try seconds()
    _ = try seconds()
    return (first, try seconds())
  }
}
