/// Checks many assignments of sizes at once: every combination of the ranges in a request.
///
/// A sweep gives each assignment the same answer as ``SizeChecker/check(_:policy:findsNearest:)``. Compiled constraints
/// decide nearly all of them; an assignment that takes an unexplored path through the program is propagated.
public struct SizeSweep {
  /// The maximum number of assignments in one sweep.
  public static let assignmentLimit = 100_000_000
  /// The maximum number of progressions in the list of accepted assignments.
  ///
  /// A constraint may accept numbers without any pattern, which share no progression.
  public static let listLimit = 1 << 18
  /// The maximum number of assignments in one sweep that are propagated.
  static let propagationLimit = 20_000

  /// A constraint with the number of assignments that violated it first.
  public struct Tally: Sendable {
    /// The constraint.
    public let constraint: AdmissionCheck.Constraint
    /// The number of assignments.
    public let count: Int
  }

  /// The result of a sweep.
  public struct Result: Sendable {
    /// The number of assignments.
    public internal(set) var assignments = 0
    /// How many are accepted, including those in ``beyond``.
    public internal(set) var accepted = 0
    /// How many PyTorch runs although the written shapes do not cover them.
    public internal(set) var beyond = 0
    /// How many were not decided, because too many would have to be propagated.
    public internal(set) var undecided = 0
    /// The constraints that refused assignments, the most frequent first.
    public internal(set) var refusals: [Tally] = []
    /// The assumptions that accepted assignments violate.
    public internal(set) var assumptions: [Tally] = []
    /// The accepted assignments, except for those of ``unlisted``.
    public internal(set) var sizes = AcceptedSizes()
    /// How many accepted assignments are not listed, because the list has as many progressions as it may have.
    public internal(set) var unlisted = 0
  }

  /// The constraints that are checked, including assumptions of the written shapes.
  public let check: AdmissionCheck
  /// The dims that vary, by position among the check's parameters.
  public let swept: [Int]
  let checker: SizeChecker
  let parameters: [SizeRules.Parameter]
  let ranges: [SweptRange]
  let policy: AdmissionPolicy
  let listLimit: Int

  /// Creates a sweep over the ranges of `request`.
  ///
  /// - Throws: ``SizeError/tooManyAssignments(count:limit:)``.
  public init(
    _ request: SizeRequest, _ checker: SizeChecker, policy: AdmissionPolicy = .accepted,
    limit: Int = SizeSweep.assignmentLimit, listLimit: Int = SizeSweep.listLimit
  ) throws(SizeError) {
    self.checker = checker
    self.policy = policy
    self.listLimit = listLimit
    parameters = GivenSizes(request, checker.rules).parameters
    ranges = parameters.compactMap { request.dim(of: $0).flatMap { SweptRange($0) } }
    swept = ranges.indices.filter { [ranges] in ranges[$0].lower != ranges[$0].upper }
    var total = 1
    for range in ranges {
      let (product, overflow) = total.multipliedReportingOverflow(by: range.count)
      guard !overflow, product <= limit else {
        throw .tooManyAssignments(count: overflow ? "more than 2^63" : "\(product) or more", limit: limit)
      }
      total = product
    }
    check = AdmissionCheck(checker.rules, given: parameters, policy: .strict)
  }

  /// Checks every assignment.
  ///
  /// - Complexity: O(*n*) in the number of assignments.
  public func run() -> Result {
    let ways = policy == .accepted ? explored() : nil
    var run = SweepRun(self, ways)
    return run.run()
  }

  /// The maximum number of paths explored for a sweep, and the number of its assignments tried for them.
  private static let exploredWays = 32
  private static let sampleCount = 4_096

  /// The check by paths, after exploring those that sampled assignments of the sweep take.
  private func explored() -> AdmissionCheck {
    var ways = checker.check(of: parameters, .accepted)
    var random = SplitMix(seed: 0x5EED)
    var open: [GivenSizes] = []
    for index in 0..<Self.sampleCount {
      let numbers = ranges.map { range in
        // The ends of a range are sampled most.
        switch index % 4 {
        case 0: range.value(at: Int(random.next() % UInt64(min(2, range.count))))
        case 1: range.value(at: range.count - 1 - Int(random.next() % UInt64(min(2, range.count))))
        default: range.value(at: Int(random.next() % UInt64(range.count)))
        }
      }
      if open.count < Self.exploredWays * 8, ways.check(numbers) == .unexplored {
        open.append(GivenSizes(parameters: parameters, numbers: numbers))
      }
    }
    if checker.explore(open, limit: Self.exploredWays) > 0 { ways = checker.check(of: parameters, .accepted) }
    return ways
  }
}

/// The numbers that a dim takes in a sweep.
struct SweptRange {
  let lower: Int
  let upper: Int
  let step: Int
  let count: Int

  /// `nil` for an open dim.
  init?(_ dim: SizePattern.Dim) {
    guard case .range(let lower, let upper, let step) = dim else { return nil }
    (self.lower, self.upper, self.step, count) = (lower, upper, step, dim.count)
  }

  /// The number at a position below `count`.
  func value(at position: Int) -> Int { lower &+ position &* step }
}

/// Pseudo-random numbers, the same in every run.
///
/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
private struct SplitMix {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
