import FX

extension Finding: CustomStringConvertible {
  /// The whole finding, as text.
  public var description: String { text(tellsContinuation: true) }

  /// The whole finding as text, one fact per line; source lines are cut at `columns`, if that is given.
  ///
  /// With `tellsContinuation`, includes how the run continued; with `showsAll`, all nodes rather than the first few.
  public func text(tellsContinuation: Bool, showsAll: Bool = false, columns: Int? = nil) -> String {
    var lines = LabelledLines(columns: columns)
    let shown = showsAll ? nodes[...] : nodes.prefix(Self.shownNodes)
    for (position, node) in shown.enumerated() {
      lines.addCut(position > 0 ? "" : nodes.count > 1 ? "nodes" : "node", node.longText)
    }
    if nodes.count > shown.count { lines.add("", "… \(nodes.count - shown.count) more, --all shows them") }
    if let question {
      add(question, to: &lines)
    } else {
      for detail in details { lines.add(detail.label, detail.text) }
    }
    if tellsContinuation { lines.add("went on", continuationText) }
    lines.add("id", identifier)
    return ([headline] + lines.lines).joined(separator: "\n")
  }

  /// How many nodes are shown without `--all`.
  private static let shownNodes = 8

  private var continuationText: String {
    switch continuation {
    case .assumed(let answer): "as if it were \(answer)"
    case .recordedValue: "with the value\(nodes.count > 1 ? "s" : "") that the archive recorded"
    case .skipped:
      "without \(nodes.count > 1 ? "them and what depends on them" : "it and what depends on it")"
    }
  }

  /// What it is, in one sentence.
  public var headline: String {
    switch kind {
    case .decision: "depends on data: \(question?.inAuthorsNames ?? message)"
    case .integer: "needs the value of a data-dependent number: \(question?.inAuthorsNames ?? message)"
    case .failure, .unsupported: nodes.count > 1 ? "\(message)   \(nodes.count) nodes" : message
    }
  }

  private func add(_ question: Question, to lines: inout LabelledLines) {
    lines.addCut("PyTorch", PropagationError.shortened(message))
    lines.add("written", question.written)
    if question.simplified != question.written { lines.add("simplified", question.simplified) }
    for symbol in question.symbols { add(symbol, to: &lines) }
    if kind == .integer {
      lines.add("it can be", example(question.whenTrue), example(question.whenFalse))
    } else {
      lines.add("True for", text(of: question.whenTrue))
      lines.add("False for", text(of: question.whenFalse))
      if isOneSided(question) {
        lines.add("so", "only one outcome was found: a check or a stronger proof can settle it for good")
      }
    }
    let helpful = question.fixes.filter(\.isHelpful)
    for (position, fix) in (helpful.isEmpty ? question.fixes : helpful).enumerated() {
      lines.add(position == 0 ? "fix" : "or", fix.code + fix.placeText, fix.outcomeText)
      if !fix.forbids.isEmpty { lines.add("", "forbids \(fix.forbids)") }
    }
    if question.fixes.isEmpty { lines.add("fix", "none found: no single check settles it") }
  }

  private func add(_ symbol: SymbolFacts, to lines: inout LabelledLines) {
    lines.add(
      symbol.name, [symbol.spelling, symbol.range].compactMap { $0 }.joined(separator: "   "))
    if let birth = symbol.birth {
      lines.addCut("", "born at \(birth.qualifiedName)\(symbol.path)   \(birth.sourceText)")
    }
    for fact in symbol.facts {
      let place = fact.provenance.map { "   \($0.shortText)" } ?? ""
      lines.addCut("", "\(fact.text)   \(fact.because)\(place)")
    }
  }

  private func isOneSided(_ question: Question) -> Bool {
    switch (question.whenTrue, question.whenFalse) {
    case (.example, .example): false
    default: true
    }
  }

  private func text(of branch: Branch) -> String {
    switch branch {
    case .example: example(branch)
    case .impossible(let reasons): "nothing: " + reasons.joined(separator: ", ")
    case .notFound: "nothing was found; there may be something"
    }
  }

  private func example(_ branch: Branch) -> String {
    guard case .example(let values) = branch else { return "nothing else" }
    return values.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
  }
}

extension Finding.Fix {
  /// The outcome in words.
  public var outcomeText: String {
    let others = settles.count > 1 ? " and \(settles.count - 1) more" : ""
    switch outcome {
    case .reachesEnd: return "with it the program propagates to its end"
    case .settles(let next): return "settles it\(others); the next stop is \(next)"
    case .doesNotSettle: return "does not settle it"
    case .refused(let why): return "refused at \(why)"
    case .untried: return "not tried"
    }
  }

  /// The place of the fix, such as `   after model.py:12`: the source line, or the node's name if that is unknown; in a
  /// nested graph, the node's qualified name and its source line.
  public var placeText: String {
    guard let place else { return "" }
    guard place.modulePath.isEmpty else { return "   after \(place.shortText)" }
    return "   after \(place.place ?? place.nodeName)"
  }
}

extension Provenance {
  /// `expand, model.py:21`.
  public var shortText: String { place.map { "\(qualifiedName), \($0)" } ?? qualifiedName }

  /// `aten.nonzero   model.py:12  nz = x.nonzero()`.
  public var sourceText: String {
    ([operatorName] + (frame.map { ["\($0.fileName):\($0.line)  \($0.code)"] } ?? [])).joined(
      separator: "   ")
  }

  /// `expand   aten.expand   model.py:21  y = x.expand(n, 4)`.
  var longText: String { "\(qualifiedName)   \(sourceText)" }
}

/// Lines of text with their labels in a column.
struct LabelledLines {
  private(set) var lines: [String] = []
  /// Where long texts are cut.
  private let columns: Int?
  private static let width = 11

  init(columns: Int?) { self.columns = columns }

  /// Adds a label followed by one or more lines.
  mutating func add(_ label: String, _ texts: String...) {
    for (position, text) in texts.enumerated() {
      let name = position == 0 ? label : ""
      let space = max(1, Self.width - name.count)
      lines.append("  " + name + String(repeating: " ", count: space) + text)
    }
  }

  /// Adds a label followed by a line that is cut to fit beside it.
  mutating func addCut(_ label: String, _ text: String) {
    guard let columns, case let room = columns - Self.width - 2, text.count > room else {
      return add(label, text)
    }
    add(label, text.prefix(Swift.max(1, room - 1)) + "…")
  }
}
