import EscapedTexts
import ShapePropagation

/// What stops a run, with the checks that settle it.
extension ReportedProgram {
  func writeFindings(to json: inout JSONWriter) {
    json.beginArray()
    for finding in findings {
      json.beginObject()
      json.member("headline", finding.headline)
      json.member("node", finding.provenance?.qualifiedName ?? "")
      json.member("source", finding.provenance?.place ?? "")
      json.key("fixes")
      json.beginArray()
      for fix in finding.question?.fixes ?? [] where fix.isHelpful {
        json.beginObject()
        json.member("code", fix.code)
        json.member("outcome", Self.text(of: fix.outcome))
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  private static func text(of outcome: Finding.Fix.Outcome) -> String {
    switch outcome {
    case .reachesEnd: "propagates to the end"
    case .settles(let next): "settles it; a run stops next at \(next)"
    case .doesNotSettle(let next): "does not settle it; a run stops at \(next)"
    case .refused(let why): "is refused: \(why)"
    case .untried: "was not tried"
    }
  }
}
