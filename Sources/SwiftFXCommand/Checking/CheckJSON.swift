import SwiftFX

/// The answer of `swiftfx check` as one JSON object.
struct CheckJSON {
  private var json = JSONWriter()

  /// The bytes of the object, followed by a newline.
  static func bytes(_ loaded: LoadedProgram, _ inputs: [String], _ answer: SizeAnswer) -> [UInt8] {
    var writer = CheckJSON()
    writer.write(loaded, inputs, answer)
    return writer.json.line
  }

  private mutating func write(_ loaded: LoadedProgram, _ inputs: [String], _ answer: SizeAnswer) {
    json.beginObject()
    json.key("model")
    json.string(loaded.name)
    json.key("verdict")
    json.string(answer.verdict.rawValue)
    json.key("inputs")
    json.strings(inputs)
    for (key, findings) in [
      ("violations", answer.violations), ("undecided", answer.undecided), ("beyond", answer.beyond),
      ("left_to_run", answer.leftToRun),
    ] {
      json.key(key)
      json.beginArray()
      for finding in findings { write(finding) }
      json.endArray()
    }
    json.key("nearest")
    json.strings(answer.nearest)
    json.key("outputs")
    json.beginArray()
    for output in answer.outputs {
      json.beginObject()
      json.key("name")
      json.string(output.name)
      json.key("value")
      json.string(output.text)
      json.key("symbols")
      json.strings(output.symbols)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private mutating func write(_ finding: SizeAnswer.Finding) {
    json.beginObject()
    json.key("constraint")
    json.string(finding.text)
    json.key("values")
    json.string(finding.values)
    json.key("reason")
    json.string(finding.reason)
    json.key("origins")
    json.strings(finding.origins.map { "\($0)" })
    json.endObject()
  }
}
