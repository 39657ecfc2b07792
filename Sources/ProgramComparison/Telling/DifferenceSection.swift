/// What differs in one topic, in the order and the words in which readers see it.
public struct DifferenceSection: Sendable {
  /// The topic.
  public let topic: DifferenceTopic
  /// Its name for readers.
  public let title: String
  /// One difference each.
  public let lines: [Line]

  /// One difference.
  public struct Line: Sendable {
    /// What differs.
    public let text: String
    /// The node of A that it is about.
    public let a: String?
    /// The node of B that it is about.
    public let b: String?

    init(_ text: String, a: String? = nil, b: String? = nil) {
      (self.text, self.a, self.b) = (text, a, b)
    }
  }
}

extension ProgramDifference {
  /// What differs in `topics`; a topic in which nothing differs has no section.
  public func sections(_ topics: Set<DifferenceTopic>) -> [DifferenceSection] {
    DifferenceTopic.allCases.compactMap { topic in
      guard topics.contains(topic) else { return nil }
      let (title, lines) = told(topic)
      return lines.isEmpty ? nil : DifferenceSection(topic: topic, title: title, lines: lines)
    }
  }

  private func told(_ topic: DifferenceTopic) -> (title: String, lines: [DifferenceSection.Line]) {
    switch topic {
    case .operators:
      (
        "operators",
        nodes.removed.map { .init("- \($0)", a: $0) } + nodes.added.map { .init("+ \($0)", b: $0) }
      )
    case .arguments: ("arguments", changes([.args, .kwargs]))
    case .dtypes: ("dtypes and devices", changes([.dtype, .device]))
    case .shapes: ("shapes", changes([.sizes, .value]))
    case .strides: ("strides", changes([.strides]))
    case .ranges: ("ranges", ranges.map { .init("\($0.symbol): \(text($0.a)) → \(text($0.b))") })
    case .guards: ("guards", removedGuards.map { .init("- \($0)") } + addedGuards.map { .init("+ \($0)") })
    case .asserts:
      ("runtime asserts", removedAsserts.map { .init("- \($0)") } + addedAsserts.map { .init("+ \($0)") })
    case .weights:
      (
        "weights",
        state.removed.map { .init("- \($0)") } + state.added.map { .init("+ \($0)") }
          + state.changed.map { .init("\($0): other contents") }
          + state.kindChanged.map { .init("\($0): another kind") }
      )
    case .signature:
      (
        "inputs and outputs",
        renamedInputs.map { .init("\($0.a) → \($0.b)", a: $0.a, b: $0.b) }
          + nodes.moved.map { .init("\($0.a) has another place", a: $0.a, b: $0.b) }
          + nesting.map { .init("\($0.what): \($0.a) → \($0.b)") }
          + outputs.map { .init("output \($0.place): \($0.a ?? "none") → \($0.b ?? "none")") }
      )
    case .sizes: ("accepted sizes", acceptedText.map { [.init($0)] } ?? [])
    case .costs: ("memory and operations", costs.map { .init(text($0)) })
    case .names:
      (
        "names",
        symbols.filter { $0.a != $0.b }.map { .init("symbol \($0.a) ↔ \($0.b)") }
          + state.renamed.map { .init("weight \($0.a) ↔ \($0.b)") }
          + nodes.renamed.map { .init("node \($0.a) ↔ \($0.b)", a: $0.a, b: $0.b) }
      )
    }
  }

  private func changes(_ fields: Set<Field>) -> [DifferenceSection.Line] {
    nodes.changed.filter { !fields.isDisjoint(with: $0.fields) }.map { change in
      let name = change.a == change.b ? change.a : "\(change.a), in B \(change.b)"
      return .init("\(name): \(change.texts.a) → \(change.texts.b)", a: change.a, b: change.b)
    }
  }

  private func text(_ bounds: Bounds) -> String {
    "\(bounds.lower.map { "\($0)" } ?? "-∞") … \(bounds.upper.map { "\($0)" } ?? "∞")"
  }

  /// `peak memory: 4*s0 → 8*s0 bytes   (16 → 32 at s0=4)`.
  private func text(_ cost: CostDifference) -> String {
    let (title, unit) =
      switch cost.quantity {
      case .peak: ("peak memory", "bytes")
      case .weights: ("weights", "bytes")
      case .inputs: ("inputs", "bytes")
      case .flops: ("operations", "FLOPs")
      }
    let formulas = "\(title): \(cost.formulas.a) → \(cost.formulas.b) \(unit)"
    guard let a = cost.valueInA, let b = cost.valueInB, !cost.sizes.isEmpty else { return formulas }
    return "\(formulas)   (\(a) → \(b) at \(cost.sizes))"
  }

  /// What could not be compared in `topics`, and why.
  public func remarks(_ topics: Set<DifferenceTopic>) -> [String] {
    var remarks: [String] = []
    if let reason = accepted.reason, topics.contains(.sizes) { remarks.append("accepted sizes: \(reason)") }
    if let reason = costsReason, topics.contains(.costs) {
      remarks.append("memory and operations: \(reason)")
    }
    return remarks
  }

  private var acceptedText: String? {
    let sizes = accepted.counterexample.map { input in
      "\(input.input)=\(input.sizes.map { "\($0)" }.joined(separator: "x"))"
    }.joined(separator: " ")
    return switch accepted.relation {
    case .same, .unknown: nil
    case .fewer:
      "B takes fewer: A alone takes \(sizes)" + (accepted.isWithinA ? "; A takes all that B takes" : "")
    case .more:
      "B takes more: B alone takes \(sizes)" + (accepted.isWithinB ? "; B takes all that A takes" : "")
    case .incomparable: "each accepts sizes that the other refuses: A alone accepts \(sizes)"
    }
  }
}
