import ATenOperators
import ExportedPrograms
import ShapePropagation
import SizeAdmission

/// How long one ``AdmissionCheck`` takes.
enum AdmissionTime {
  /// Nanoseconds of a check of `sizes`, the fastest of twenty rounds, and what it says.
  ///
  /// - Throws: what reading and propagating the archive at `path` throws.
  static func measure(_ path: String, sizes: [Int]) throws -> String {
    let check = AdmissionCheck(try FakeProgram(ExportedProgram(path: path)), table: .aten)
    let calls = 100_000
    var verdicts: Set<AdmissionCheck.Verdict> = []
    let clock = ContinuousClock()
    let times = (0..<20).map { _ in
      clock.measure {
        for _ in 0..<calls {
          let verdict = check.check(sizes)
          if verdict != .admitted { verdicts.insert(verdict) }
        }
      }
    }
    let nanoseconds = (times.min() ?? .zero) / calls / Duration.nanoseconds(1)
    let names = check.parameters.map { "\($0)" }.joined(separator: ", ")
    let answer = verdicts.first.map { "\($0)" } ?? "admitted"
    return
      "\(names): \(answer) in \((nanoseconds * 10).rounded() / 10) ns, \(check.constraints.count) constraints"
  }
}
