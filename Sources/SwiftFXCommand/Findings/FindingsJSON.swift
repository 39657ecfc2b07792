import SwiftFX

extension JSONWriter {
  /// Writes findings with all their facts.
  mutating func findings(_ findings: [Finding]) {
    beginArray()
    for finding in findings { self.finding(finding) }
    endArray()
  }

  private mutating func finding(_ finding: Finding) {
    beginObject()
    member("id", finding.identifier)
    member("kind", finding.kind.rawValue)
    member("message", finding.message)
    if let provenance = finding.provenance {
      key("place")
      self.provenance(provenance)
    }
    key("node_count")
    int(finding.nodes.count)
    key("nodes")
    beginArray()
    for node in finding.nodes { provenance(node) }
    endArray()
    key("continued")
    beginObject()
    switch finding.continuation {
    case .assumed(let answer): member("assumed", answer)
    case .recordedValue: member("with", "recorded value")
    case .skipped: member("with", "nothing")
    }
    endObject()
    if let question = finding.question { self.question(question) }
    if !finding.details.isEmpty {
      key("details")
      strings(finding.details.map(\.description))
    }
    endObject()
  }

  private mutating func question(_ question: Finding.Question) {
    member("expression", question.written)
    member("simplified", question.simplified)
    member("in_python", question.inAuthorsNames)
    key("symbols")
    beginArray()
    for symbol in question.symbols { self.symbol(symbol) }
    endArray()
    key("when_true")
    branch(question.whenTrue)
    key("when_false")
    branch(question.whenFalse)
    key("fixes")
    beginArray()
    for fix in question.fixes { self.fix(fix) }
    endArray()
  }

  private mutating func symbol(_ symbol: Finding.SymbolFacts) {
    beginObject()
    member("symbol", symbol.name)
    if let spelling = symbol.spelling { member("read_as", spelling) }
    member("range", symbol.range)
    if let birth = symbol.birth {
      key("born_at")
      provenance(birth)
      member("path", symbol.path)
    }
    key("facts")
    facts(symbol.facts)
    endObject()
  }

  private mutating func facts(_ facts: [ExplainedFact]) {
    beginArray()
    for fact in facts {
      beginObject()
      member("text", fact.text)
      member("because", fact.because)
      if let place = fact.provenance {
        key("place")
        provenance(place)
      }
      endObject()
    }
    endArray()
  }

  /// Writes a condition and the facts that contradict it.
  mutating func conflict(_ conflict: ExplainedConflict) {
    beginObject()
    member("condition", conflict.condition)
    if let place = conflict.provenance {
      key("place")
      provenance(place)
    }
    key("proved")
    bool(conflict.isProved)
    key("known")
    facts(conflict.known)
    if conflict.notListed > 0 {
      key("not_listed")
      int(conflict.notListed)
    }
    endObject()
  }

  private mutating func branch(_ branch: Finding.Branch) {
    beginObject()
    switch branch {
    case .example(let values):
      key("example")
      beginObject()
      for (name, value) in values { member(name, value) }
      endObject()
    case .impossible(let reasons):
      key("impossible_because")
      strings(reasons)
    case .notFound: member("example", "none found")
    }
    endObject()
  }

  private mutating func fix(_ fix: Finding.Fix) {
    beginObject()
    member("code", fix.code)
    member("condition", fix.condition)
    if let place = fix.place {
      key("after")
      provenance(place)
    }
    key("outcome")
    switch fix.outcome {
    case .reachesEnd: string("reaches the end")
    case .settles: string("settles it")
    case .doesNotSettle: string("does not settle it")
    case .refused: string("refused")
    case .untried: string("not tried")
    }
    switch fix.outcome {
    case .settles(let next), .doesNotSettle(let next): member("next_stop", next)
    case .refused(let why): member("refused_by", why)
    case .reachesEnd, .untried: break
    }
    key("settles")
    strings(fix.settles)
    endObject()
  }

  mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }
}
