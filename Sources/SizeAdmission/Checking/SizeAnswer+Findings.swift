import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension SizeAnswer {
  /// Sorts the constraints of a check by their result for `sizes`.
  init(_ check: AdmissionCheck, _ sizes: GivenSizes, _ rules: SizeRules, policy: AdmissionPolicy) {
    self.init(verdict: .accepted, violations: [], undecided: [], leftToRun: [], beyond: [])
    let findings = FindingWriter(check, sizes, rules)
    for verdict in check.problems(sizes.numbers) {
      switch verdict {
      // The sizes are built from the check's own parameters.
      case .admitted, .wrongCount, .unexplored: break
      case .refused(let number), .undecided(let number):
        let finding = findings.violation(number, hasValue: verdict == .refused(number))
        if check.constraints[number].force == .assumed, policy == .accepted {
          beyond.append(finding)
        } else {
          violations.append(finding)
        }
      }
    }
    for (number, constraint) in check.constraints.enumerated() where constraint.force != .assumed {
      switch constraint.fate {
      case .checked, .implied: break
      case .needsRun, .needsInputs:
        switch findings.truthOfOpen(number) {
        case true?: break
        // A fact learned by a run holds only for sizes that take its decisions.
        case false? where !constraint.isFact || beyond.isEmpty:
          violations.append(findings.violation(number, hasValue: true))
        case false?: break
        case nil where constraint.fate == .needsRun:
          leftToRun.append(findings.open(number, "its values are known only at run time"))
        case nil: undecided.append(findings.open(number, SizeAnswer.needsInputs))
        }
      case .unread(let problem): undecided.append(findings.open(number, "it cannot be read: \(problem)"))
      case .notCompiled: undecided.append(findings.open(number, "it has no value here"))
      }
    }
  }
}

extension SizeAnswer.Finding {
  /// An operator's refusal: the assumption it rests on, if that is in `beyond`, otherwise the error itself.
  init(refusal error: PropagationError, _ beyond: [SizeAnswer.Finding], reason: String = "") {
    let broken = beyond.first { finding in
      finding.origins.contains { if case .node(let name, _) = $0 { name == error.nodeName } else { false } }
    }
    if let broken {
      self.init(
        text: broken.text, values: broken.values, origins: broken.origins + [.refusal(error.message)],
        reason: reason)
    } else {
      self.init(
        text: error.message, values: "", origins: [error.nodeOrigin].compactMap { $0 }, reason: reason)
    }
  }
}

extension AdmissionCheck.Constraint {
  /// Whether its first origin is a node of the program.
  fileprivate var isFact: Bool { if case .node? = origins.first { true } else { false } }
}

/// Writes findings as text.
private struct FindingWriter {
  let check: AdmissionCheck
  let sizes: GivenSizes
  let rules: SizeRules
  private let binding: ParameterBinding

  init(_ check: AdmissionCheck, _ sizes: GivenSizes, _ rules: SizeRules) {
    self.check = check
    self.sizes = sizes
    self.rules = rules
    binding = ParameterBinding(rules, given: sizes.parameters)
  }

  func violation(_ number: Int, hasValue: Bool) -> SizeAnswer.Finding {
    let constraint = check.constraints[number]
    return SizeAnswer.Finding(
      text: constraint.text, values: values(constraint), origins: constraint.origins,
      reason: hasValue ? "" : "it has no value: a divisor is zero, or an integer exceeds 64 bits")
  }

  func open(_ number: Int, _ reason: String) -> SizeAnswer.Finding {
    let constraint = check.constraints[number]
    return SizeAnswer.Finding(text: constraint.text, values: "", origins: constraint.origins, reason: reason)
  }

  /// Both sides of a relation at these sizes, if one of them is neither a plain number nor a size.
  private func values(_ constraint: AdmissionCheck.Constraint) -> String {
    guard let condition = condition(constraint),
      case .relation(let kind, let lhs, let rhs) = rules.shapes.arena.view(of: condition),
      let a = text(of: sizes.evaluate(lhs, rules)), let b = text(of: sizes.evaluate(rhs, rules))
    else { return "" }
    return "\(a) \(kind.symbol) \(b)"
  }

  private func condition(_ constraint: AdmissionCheck.Constraint) -> SymExpr? {
    guard let rule = constraint.rule, let condition = rules.constraints[rule].condition else { return nil }
    return binding.applied(to: condition, rules.shapes)
  }

  private func text(of number: SymExpr.Number?) -> String? {
    switch number {
    case .int(let value)?: "\(value)"
    case .float(let value)?: "\(value)"
    default: nil
    }
  }

  /// Whether a constraint on unknown values holds, if the known ones decide it: by their numbers, and by the possible
  /// values of sizes and of the program's other symbols.
  func truthOfOpen(_ number: Int) -> Bool? {
    guard let condition = condition(check.constraints[number]) else { return nil }
    let shapes = rules.shapes
    var values: [SymExpr.Symbol: SymExpr] = [:]
    for (parameter, number) in zip(sizes.parameters, sizes.numbers) {
      guard let symbol = shapes.arena.asSymbol(parameter.given) else { continue }
      values[symbol] = shapes.arena.integer(number)
    }
    let known = shapes.arena.substitute(condition) { values[$0] }
    return shapes.staticallyKnown(SymBool(known))
  }
}
