import SizeAdmission
import SymbolicExpressions
import SymbolicShapes

/// What two programs demand of sizes, and which demands of one do not follow from those of the other.
///
/// Sizes are numbered: what is number 3 in one program is number 3 in the other.
struct ConstraintImplication {
  /// The demands of A that do not follow from those of B.
  private(set) var onlyA: [Demand] = []
  /// The demands of B that do not follow from those of A.
  private(set) var onlyB: [Demand] = []

  /// What a program demands.
  struct Demand {
    /// In the program's words: `x.size()[0] != 5`.
    let text: String
    /// In numbered sizes: `p0 != 5`.
    let numbered: String
    /// Whether it is neither a range nor the shape of an input, which are told elsewhere.
    let isGuard: Bool
  }

  /// `names` gives each check's parameters by number, empty where a program has no such size; number 3 is at least
  /// `minimums[3]`.
  init(
    _ a: (check: AdmissionCheck, names: [String]), _ b: (check: AdmissionCheck, names: [String]),
    minimums: [Int]
  ) {
    let (mine, others) = (Self.demands(a.check, a.names), Self.demands(b.check, b.names))
    onlyA = Self.notFollowing(mine, from: others, minimums)
    onlyB = Self.notFollowing(others, from: mine, minimums)
  }

  /// Whether two checks have the same constraints, in numbered sizes, of the same force.
  static func stateTheSame(
    _ a: (check: AdmissionCheck, names: [String]), _ b: (check: AdmissionCheck, names: [String])
  ) -> Bool {
    func statements(_ check: AdmissionCheck, _ names: [String]) -> [String] {
      zip(check.constraints, numbered(check, names)).map { "\($0.force) \($0.fate) \($1)" }.sorted()
    }
    return statements(a.check, a.names) == statements(b.check, b.names)
  }

  /// The conditions that a caller's sizes must satisfy; what only a run can know is none of them.
  private static func demands(_ check: AdmissionCheck, _ names: [String]) -> [Demand] {
    zip(check.constraints, numbered(check, names)).compactMap { constraint, numbered in
      if constraint.force == .assumed || constraint.fate == .needsRun { return nil }
      return Demand(
        text: constraint.text, numbered: numbered,
        isGuard: constraint.origins.isEmpty || constraint.origins.contains { !$0.isToldElsewhere })
    }
  }

  /// The texts of a check's constraints in numbered sizes: `p0 != 5`.
  private static func numbered(_ check: AdmissionCheck, _ names: [String]) -> [String] {
    let order = names.indices.filter { !names[$0].isEmpty }.sorted {
      names[$0].utf8.count > names[$1].utf8.count
    }
    var words = Dictionary(order.map { (names[$0], "p\($0)") }, uniquingKeysWith: { first, _ in first })
    // `x.size()[0] == s77` says what the symbol is: the first time it is another name of the size.
    for constraint in check.constraints {
      if let (size, symbol) = constraint.text.sides, let number = words[size], words[symbol] == nil {
        words[symbol] = number
      }
    }
    // `x.size()[0]`, longest names first; the name of an integer is a word.
    let sizes = NameReplacing(
      order.lazy.filter { names[$0].contains(".") }.map { (names[$0], "p\($0)") })
    return check.constraints.map { sizes.replacingNames(in: $0.text).replacingWords { words[$0] } }
  }

  private static func notFollowing(
    _ demands: [Demand], from premises: [Demand], _ minimums: [Int]
  ) -> [Demand] {
    let known = Set(premises.map(\.numbered))
    let open = demands.filter { !known.contains($0.numbered) }
    if open.isEmpty { return [] }
    let shapes = ShapeEnv()
    for (number, minimum) in minimums.enumerated() {
      shapes.declare(
        "p\(number)", [.integer], kind: .backedNumber, range: .int(IntRange(lower: minimum, upper: .max)),
        hint: nil)
    }
    for premise in premises {
      if let condition = try? shapes.parse(premise.numbered) { _ = shapes.check(SymBool(condition)) }
    }
    // Simple demands first: others may follow from them.
    let order = open.indices.sorted {
      let (a, b) = (open[$0].numbered.utf8.count, open[$1].numbered.utf8.count)
      return a == b ? $0 < $1 : a < b
    }
    let kept = Set(
      order.filter { index in
        guard let condition = try? shapes.parse(open[index].numbered) else { return true }
        let truth = SymBool(condition)
        if shapes.staticallyKnownTrue(truth) || shapes.prove(truth, budget: Self.budget)?.holds == true {
          return false
        }
        _ = shapes.check(truth)
        return true
      })
    return open.indices.filter(kept.contains).map { open[$0] }
  }

  private static let budget = ProofBudget(work: 20_000, cases: 16, facts: 32)
}

extension ConstraintOrigin {
  /// Whether it is a range, or the shape of an input.
  fileprivate var isToldElsewhere: Bool {
    switch self {
    case .input, .range: true
    case .exporterGuard, .node, .refusal: false
    }
  }
}

extension String {
  /// `x.size()[0]` and `s77` of `x.size()[0] == s77`; `nil` when the right is not one word.
  fileprivate var sides: (left: String, right: String)? {
    let words = split(separator: " ")
    guard words.count == 3, words[1] == "==", let first = words[2].first, first.isLetter,
      words[2].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { return nil }
    return (String(words[0]), String(words[2]))
  }
}
