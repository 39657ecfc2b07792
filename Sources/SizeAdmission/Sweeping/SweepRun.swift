import ShapePropagation

/// Runs the loops of a sweep.
struct SweepRun {
  private let sweep: SizeSweep
  /// The check for assignments that the written shapes do not cover; `nil` if those are refused.
  private let ways: AdmissionCheck?
  private let isAssumed: [Bool]
  private var numbers: [Int]
  private var result = SizeSweep.Result()
  /// How often each constraint of the sweep's check, and each of `ways`, was the first to be violated.
  private var broken: [Int]
  private var refusedWays: [Int]
  private var propagated: [String: (constraint: AdmissionCheck.Constraint, count: Int)] = [:]
  private var propagationsLeft = SizeSweep.propagationLimit
  /// How many more progressions may be listed.
  private var progressionsLeft: Int

  init(_ sweep: SizeSweep, _ ways: AdmissionCheck?) {
    self.sweep = sweep
    self.ways = ways
    isAssumed = sweep.check.constraints.map { $0.force == .assumed && ways != nil }
    broken = Array(repeating: 0, count: sweep.check.constraints.count)
    refusedWays = Array(repeating: 0, count: ways?.constraints.count ?? 0)
    numbers = sweep.ranges.map(\.lower)
    progressionsLeft = sweep.listLimit
  }

  mutating func run() -> SizeSweep.Result {
    result.sizes = sizes(at: 0)
    for (number, count) in broken.enumerated() where count > 0 {
      let tally = SizeSweep.Tally(constraint: sweep.check.constraints[number], count: count)
      if isAssumed[number] { result.assumptions.append(tally) } else { result.refusals.append(tally) }
    }
    for (number, count) in refusedWays.enumerated() where count > 0 {
      guard let ways else { continue }
      result.refusals.append(SizeSweep.Tally(constraint: ways.constraints[number], count: count))
    }
    for (_, entry) in propagated.sorted(by: { $0.key < $1.key }) {
      result.refusals.append(SizeSweep.Tally(constraint: entry.constraint, count: entry.count))
    }
    result.refusals.sort { $0.count > $1.count }
    return result
  }

  /// The accepted values of the dims from `level` on, with the earlier dims fixed.
  private mutating func sizes(at level: Int) -> AcceptedSizes {
    if level + 1 >= sweep.swept.count { return lastSizes() }
    var sizes = AcceptedSizes()
    var known: [AcceptedSizesBox?: Int] = [:]
    var boxes: [AcceptedSizes: AcceptedSizesBox] = [:]
    let range = sweep.ranges[sweep.swept[level]]
    var value = range.lower
    while true {
      numbers[sweep.swept[level]] = value
      let left = progressionsLeft
      let rest = self.sizes(at: level + 1)
      if !rest.rows.isEmpty {
        // An equal list is kept once.
        if boxes[rest] != nil { progressionsLeft = left }
        let box = boxes[rest] ?? AcceptedSizesBox(rest)
        boxes[rest] = box
        if sizes.append(value, rest: box, known: &known) { progressionsLeft -= 1 }
      }
      guard range.upper - value >= range.step else { return sizes }
      value += range.step
    }
  }

  /// The innermost loop.
  private mutating func lastSizes() -> AcceptedSizes {
    var values = IntegerSet()
    let last = sweep.swept.last
    let range = last.map { sweep.ranges[$0] }
    let program = sweep.check.program
    var value = range?.lower ?? 0
    let start = numbers
    let mostProgressions = progressionsLeft
    start.withUnsafeBufferPointer { start in
      program.withCode { code in
        code.withRegisters(start) { registers in
          while true {
            if let last {
              registers[last] = value
              numbers[last] = value
            }
            result.assignments += 1
            if isAccepted(code.run(registers)) {
              result.accepted += 1
              if values.progressions.count < mostProgressions {
                values.append(value)
              } else {
                result.unlisted += 1
              }
            }
            // The difference fits: the range has fewer numbers than the limit.
            guard let range, range.upper - value >= range.step else { return }
            value += range.step
          }
        }
      }
    }
    guard values.count > 0 else { return AcceptedSizes() }
    progressionsLeft -= values.progressions.count
    return AcceptedSizes(rows: [AcceptedSizes.Row(values: values, rest: nil)])
  }

  /// Counts the outcome for the assignment in `numbers`.
  private mutating func isAccepted(_ outcome: RegisterProgram.Outcome) -> Bool {
    switch outcome {
    case .met, .uncovered: return true
    case .violated(let number), .undecided(let number, _):
      if isAssumed[number] {
        guard isAcceptedBeyond() else { return false }
        result.beyond += 1
      }
      broken[number] += 1
      return isAssumed[number]
    }
  }

  /// Whether PyTorch runs the assignment in `numbers`, which the written shapes do not cover.
  private mutating func isAcceptedBeyond() -> Bool {
    guard let ways else { return false }
    switch ways.check(numbers) {
    case .admitted: return true
    case .refused(let number), .undecided(let number):
      refusedWays[number] += 1
      return false
    case .unexplored, .wrongCount: return isAcceptedByPropagation()
    }
  }

  private mutating func isAcceptedByPropagation() -> Bool {
    guard propagationsLeft > 0 else {
      result.undecided += 1
      return false
    }
    propagationsLeft -= 1
    let sizes = GivenSizes(parameters: sweep.parameters, numbers: numbers)
    guard let error = sweep.checker.refusal(sizes) else { return true }
    let origins = [error.nodeOrigin].compactMap { $0 }
    let constraint = AdmissionCheck.Constraint(
      text: error.message, force: .needed, origins: origins, rule: nil, fate: .checked)
    let key = "\(error.nodeName ?? "") \(error.message)"
    propagated[key, default: (constraint, 0)].count += 1
    return false
  }
}
