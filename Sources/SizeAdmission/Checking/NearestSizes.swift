import ShapePropagation

/// Searches for the accepted sizes nearest to refused ones.
///
/// Varies one symbol at a time, outwards from the given value and through the numbers in the constraints; then pairs of
/// symbols. Sizes that it finds are accepted, but they are not proved to be the nearest.
struct NearestSizes {
  /// The distance from the given sizes up to which every value is tried.
  private static let reach = 2_048
  /// How many values of each symbol are combined with those of another.
  private static let combined = 48
  /// The maximum number of attempts, and of parts of expressions evaluated for them.
  private static let callLimit = 400_000
  private static let stepLimit = 2_000_000

  private let space: SymbolSpace
  private let check: AdmissionCheck
  private let given: [Int]
  private let landmarks: [Int]
  private var callsLeft: Int
  private var found: [[Int]: Int] = [:]

  init(_ rules: SizeRules, _ given: GivenSizes, _ check: AdmissionCheck) {
    space = SymbolSpace(rules, given.parameters)
    self.check = check
    self.given = given.numbers
    landmarks = rules.landmarks()
    callsLeft = space.attempts(within: Self.stepLimit, atMost: Self.callLimit, checking: check.program)
  }

  /// The nearest accepted sizes, best first.
  mutating func search() -> [[Int]] {
    let starts = starts()
    for start in starts { attempt(start) }
    for start in starts.prefix(16) {
      for position in space.symbols.indices { vary(start, position) }
    }
    if let start = starts.first {
      for first in space.symbols.indices {
        for second in space.symbols.indices.dropFirst(first + 1) where callsLeft > 0 {
          vary(start, first, second)
        }
      }
    }
    return found.sorted { isNearer($0, $1) }.map(\.key)
  }

  /// The combinations of guesses for the symbols, up to a limit.
  private func starts() -> [[Int]] {
    var starts: [[Int]] = [[]]
    for symbol in space.symbols {
      let guesses = space.guesses(for: symbol, from: given)
      starts = starts.flatMap { start in guesses.map { start + [$0] } }
      if starts.count > 64 { starts = Array(starts.prefix(64)) }
    }
    return starts
  }

  private mutating func vary(_ start: [Int], _ position: Int) {
    var values = start
    for distance in 1...Self.reach where callsLeft > 0 {
      for value in Self.neighbours(of: start[position], at: distance) {
        values[position] = value
        if attempt(values) { return varyToLandmarks(start, position) }
      }
    }
    varyToLandmarks(start, position)
  }

  private mutating func varyToLandmarks(_ start: [Int], _ position: Int) {
    var values = start
    for landmark in landmarks {
      values[position] = landmark
      attempt(values)
    }
  }

  private mutating func vary(_ start: [Int], _ first: Int, _ second: Int) {
    var values = start
    for a in candidates(around: start[first]) {
      for b in candidates(around: start[second]) {
        values[first] = a
        values[second] = b
        attempt(values)
      }
    }
  }

  private func candidates(around value: Int) -> [Int] {
    let near = (1...Self.combined / 3).flatMap { Self.neighbours(of: value, at: $0) }
    return [value] + near + landmarks.prefix(Self.combined)
  }

  /// The integers at this distance on both sides of `value`, if they exist.
  private static func neighbours(of value: Int, at distance: Int) -> [Int] {
    [value.subtractingReportingOverflow(distance), value.addingReportingOverflow(distance)]
      .filter { !$0.overflow }.map(\.partialValue)
  }

  /// Calls the check and records accepted sizes with their distance.
  @discardableResult
  private mutating func attempt(_ values: [Int]) -> Bool {
    guard callsLeft > 0 else { return false }
    callsLeft -= 1
    guard let sizes = space.sizes(values) else { return false }
    switch check.check(sizes) {
    case .admitted, .unexplored: break
    case .refused, .undecided, .wrongCount: return false
    }
    found[sizes] = distance(sizes)
    return true
  }

  private func distance(_ sizes: [Int]) -> Int {
    zip(sizes, given).reduce(0) { total, pair in
      let (difference, overflow) = pair.0.subtractingReportingOverflow(pair.1)
      let (sum, isTooFar) = total.addingReportingOverflow(
        overflow ? .max : Int(clamping: difference.magnitude))
      return isTooFar ? .max : sum
    }
  }

  /// Compares first by distance, then by the number of changes, then by which keeps the first given sizes.
  private func isNearer(_ a: (key: [Int], value: Int), _ b: (key: [Int], value: Int)) -> Bool {
    if a.value != b.value { return a.value < b.value }
    let (few, many) = (changes(a.key), changes(b.key))
    if few.count != many.count { return few.count < many.count }
    if few != many { return many.lexicographicallyPrecedes(few) }
    return a.key.lexicographicallyPrecedes(b.key)
  }

  private func changes(_ sizes: [Int]) -> [Int] { given.indices.filter { sizes[$0] != given[$0] } }
}

extension SizeChecker {
  /// How many of the nearest sizes are shown, and how many are tried at most.
  private static let shown = 3
  private static let tried = 12

  /// The accepted sizes nearest to refused ones, as `x=8x128 mask=8`; up to three at equal distance.
  func nearest(to sizes: GivenSizes, _ policy: AdmissionPolicy) -> [String] {
    var search = NearestSizes(rules, sizes, check(of: sizes.parameters, policy))
    var shown: [[Int]] = []
    for candidate in search.search().prefix(Self.tried) where shown.count < Self.shown {
      if refusal(GivenSizes(parameters: sizes.parameters, numbers: candidate)) != nil { continue }
      if let best = shown.first, distance(candidate, sizes) > distance(best, sizes) { break }
      shown.append(candidate)
    }
    return shown.map { text(of: $0, sizes) }
  }

  private func distance(_ candidate: [Int], _ sizes: GivenSizes) -> Double {
    zip(candidate, sizes.numbers).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
  }

  /// `x=8x? mask=8`.
  private func text(of numbers: [Int], _ sizes: GivenSizes) -> String {
    let given = Set(sizes.parameters.map(\.input))
    return given.sorted().map { input in
      let dims = rules.parameters.filter { $0.input == input }.map { parameter in
        sizes.parameters.firstIndex { $0.given == parameter.given }.map { "\(numbers[$0])" } ?? "?"
      }
      return "\(rules.inputs[input].name)=\(dims.joined(separator: "x"))"
    }.joined(separator: " ")
  }
}
