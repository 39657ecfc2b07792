/// Many assignments of sizes at once: every combination of the ranges of a request.
public struct SizeSweep {
  /// The most assignments of one sweep.
  public static let assignmentLimit = 100_000_000

  /// What came of a sweep.
  public struct Result: Sendable {
    /// How many assignments there were.
    public internal(set) var assignments = 0
    /// How many are accepted, those of ``beyond`` included.
    public internal(set) var accepted = 0
    /// How many PyTorch runs although the written shapes do not cover them.
    public internal(set) var beyond = 0
    /// How often each constraint was the first to speak against an assignment, by its number.
    public internal(set) var refusals: [(constraint: Int, count: Int)] = []
    /// How often each assumption was the first that an accepted assignment does not meet, by its number.
    public internal(set) var assumptions: [(constraint: Int, count: Int)] = []
    /// The accepted assignments.
    public internal(set) var sizes = AcceptedSizes()
  }

  /// The check that decides.
  public let check: AdmissionCheck
  /// The dims that vary, by position among the check's parameters.
  public let swept: [Int]
  private let ranges: [(lower: Int, upper: Int, step: Int)]
  private let policy: AdmissionPolicy

  /// A sweep over the ranges of `request`.
  ///
  /// - Throws: ``SizeError/tooManyAssignments(count:limit:)``.
  public init(
    _ request: SizeRequest, _ rules: SizeRules, policy: AdmissionPolicy = .accepted,
    limit: Int = SizeSweep.assignmentLimit
  ) throws(SizeError) {
    let given = GivenSizes(request, rules)
    check = AdmissionCheck(rules, given: given.parameters, policy: .strict)
    self.policy = policy
    ranges = given.parameters.map { parameter in
      guard case .range(let lower, let upper, let step)? = request.dims[parameter.input]?[parameter.dim ?? 0]
      else { return (0, 0, 1) }
      return (lower, upper, step)
    }
    swept = ranges.indices.filter { [ranges] in ranges[$0].lower != ranges[$0].upper }
    var total = 1
    for range in ranges {
      let count = SizePattern.Dim.range(lower: range.lower, upper: range.upper, step: range.step).count
      let (product, overflow) = total.multipliedReportingOverflow(by: count)
      guard !overflow, product <= limit else {
        throw .tooManyAssignments(count: overflow ? "more than 2^63" : "\(product) or more", limit: limit)
      }
      total = product
    }
  }

  /// Asks the check about every assignment.
  ///
  /// - Complexity: O(*n*) in the number of assignments.
  public func run() -> Result {
    var run = SweepRun(check, ranges, swept, policy)
    return run.result()
  }
}

/// The loops of a sweep.
private struct SweepRun {
  private let check: AdmissionCheck
  private let ranges: [(lower: Int, upper: Int, step: Int)]
  private let swept: [Int]
  private let policy: AdmissionPolicy
  private let isAssumed: [Bool]
  private var numbers: [Int]
  private var firstViolated: [Int]
  private var total = 0
  private var accepted = 0

  init(
    _ check: AdmissionCheck, _ ranges: [(lower: Int, upper: Int, step: Int)], _ swept: [Int],
    _ policy: AdmissionPolicy
  ) {
    self.check = check
    self.ranges = ranges
    self.swept = swept
    self.policy = policy
    isAssumed = check.constraints.map { $0.force == .assumed && policy == .accepted }
    firstViolated = Array(repeating: 0, count: check.constraints.count)
    numbers = ranges.map(\.lower)
  }

  mutating func result() -> SizeSweep.Result {
    var result = SizeSweep.Result()
    result.sizes = sizes(at: 0)
    result.assignments = total
    result.accepted = accepted
    for (number, count) in firstViolated.enumerated() where count > 0 {
      if isAssumed[number] {
        result.assumptions.append((number, count))
        result.beyond += count
      } else {
        result.refusals.append((number, count))
      }
    }
    result.refusals.sort { $0.count > $1.count }
    return result
  }

  /// The accepted values of the dims from `level` on, with the values of those before it as they are.
  private mutating func sizes(at level: Int) -> AcceptedSizes {
    if level + 1 >= swept.count { return lastSizes() }
    var sizes = AcceptedSizes()
    var known: [AcceptedSizesBox?: Int] = [:]
    var boxes: [AcceptedSizes: AcceptedSizesBox] = [:]
    let range = ranges[swept[level]]
    var value = range.lower
    while true {
      numbers[swept[level]] = value
      let rest = self.sizes(at: level + 1)
      if !rest.rows.isEmpty {
        let box = boxes[rest] ?? AcceptedSizesBox(rest)
        boxes[rest] = box
        sizes.append(value, rest: box, known: &known)
      }
      guard range.upper - value >= range.step else { return sizes }
      value += range.step
    }
  }

  /// The innermost loop.
  private mutating func lastSizes() -> AcceptedSizes {
    var values = IntegerSet()
    let last = swept.last
    let range = last.map { ranges[$0] } ?? (lower: 0, upper: 0, step: 1)
    var value = range.lower
    let program = check.program
    let isAssumed = isAssumed
    var (total, accepted) = (0, 0)
    numbers.withUnsafeBufferPointer { numbers in
      program.withRegisters(numbers) { registers in
        while true {
          if let last { registers[last] = value }
          total += 1
          switch program.run(registers) {
          case .met:
            accepted += 1
            values.append(value)
          case .violated(let number) where isAssumed[number]:
            accepted += 1
            values.append(value)
            firstViolated[number] += 1
          case .violated(let number), .undecided(let number, _): firstViolated[number] += 1
          }
          // The distance of two integers of a range fits: the range has fewer than the limit.
          guard range.upper - value >= range.step else { return }
          value += range.step
        }
      }
    }
    self.total += total
    self.accepted += accepted
    guard values.count > 0 else { return AcceptedSizes() }
    return AcceptedSizes(rows: [AcceptedSizes.Row(values: values, rest: nil)])
  }
}
