import SwiftFX
import SyntheticPrograms

/// How long one program took, how much memory, and how much work it was.
struct Measurement {
  let work: Work
  /// The first run over a program, with the plan that it makes, in seconds.
  let first: Double
  /// The third run over the same program, in seconds; the second one remembers what the first one left.
  let later: Double
  /// The most memory that the program, its plan and its result took while they came about.
  let peakBytes: Int

  /// Programs of fewer nodes are measured until so many nodes were.
  private static let nodesToMeasure = 100_000

  init(_ family: SyntheticFamily, nodes length: Int) throws {
    work = try Work(family, nodes: length)
    peakBytes = try PeakMemory.bytes(family, nodes: length)
    let repetitions = max(3, Self.nodesToMeasure / work.nodes)
    var (first, later) = (Double.infinity, Double.infinity)
    for _ in 0..<repetitions {
      let seconds = try Self.run(family.program(length))
      first = min(first, seconds.first)
      later = min(later, seconds.later)
    }
    (self.first, self.later) = (first, later)
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
