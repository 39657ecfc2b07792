import SizeAdmission
import SymbolicExpressions
import SymbolicShapes

/// Proves that two programs, whose inputs are paired, demand the same of sizes of at least 2.
struct ConstraintImplication {
  /// The constraints of each program in terms of numbered sizes; `nil` when one cannot be read.
  private let constraints: [[String]?]
  private let minimums: [Int]

  /// `names` gives each check's parameters by number: what is number 3 in one is number 3 in the
  /// other, and at least `minimums[3]`.
  init(_ checks: [AdmissionCheck], names: [[String]], minimums: [Int]) {
    self.minimums = minimums
    constraints = zip(checks, names).map { check, names in
      let order = names.indices.sorted { names[$0].utf8.count > names[$1].utf8.count }
      var texts: [String] = []
      for constraint in check.constraints where constraint.force != .assumed {
        switch constraint.fate {
        case .checked, .implied:
          let text = order.reduce(constraint.text) { text, number in
            // `x.size()[0]`, longest names first; the name of an integer is a word.
            names[number].contains(".") ? text.replacing(names[number], with: "p\(number)") : text
          }
          texts.append(text.replacingWords { word in names.firstIndex(of: word).map { "p\($0)" } })
        case .needsRun: continue
        case .needsInputs, .unread, .notCompiled: return nil
        }
      }
      return texts
    }
  }

  /// Whether each constraint of one program follows from those of the other, and the other way round.
  var isMutual: Bool {
    guard constraints.count == 2, let mine = constraints[0], let others = constraints[1] else { return false }
    return Set(mine) == Set(others) || follows(mine, from: others) && follows(others, from: mine)
  }

  private func follows(_ conclusions: [String], from premises: [String]) -> Bool {
    let shapes = ShapeEnv()
    for (number, minimum) in minimums.enumerated() {
      shapes.declare(
        "p\(number)", [.integer], kind: .backedNumber, range: .int(IntRange(lower: minimum, upper: .max)),
        hint: nil
      )
    }
    for premise in premises {
      guard let condition = try? shapes.parse(premise) else { return false }
      _ = shapes.check(SymBool(condition))
    }
    return conclusions.allSatisfy { text in
      guard let condition = try? shapes.parse(text) else { return false }
      let truth = SymBool(condition)
      return shapes.staticallyKnownTrue(truth) || shapes.prove(truth, budget: Self.budget)?.holds == true
    }
  }

  private static let budget = ProofBudget(work: 20_000, cases: 16, facts: 32)
}
