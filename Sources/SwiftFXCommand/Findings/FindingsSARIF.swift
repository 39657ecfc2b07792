import ArgumentParser
import SwiftFX

/// Findings in the Static Analysis Results Interchange Format, version 2.1.0, for tools that show them beside the
/// source.
struct FindingsSARIF {
  private let findings: [Finding]
  private let archive: String
  private var json = JSONWriter()

  /// The log as bytes, followed by a newline.
  static func bytes(_ findings: [Finding], archive: String) -> [UInt8] {
    var log = FindingsSARIF(findings: findings, archive: archive)
    log.write()
    return log.json.line
  }

  private init(findings: [Finding], archive: String) {
    self.findings = findings
    self.archive = archive
  }

  private mutating func write() {
    json.beginObject()
    json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
    json.member("version", "2.1.0")
    json.key("runs")
    json.beginArray()
    json.beginObject()
    json.key("tool")
    json.beginObject()
    json.key("driver")
    json.beginObject()
    json.member("name", "swiftfx")
    json.member("semanticVersion", SwiftFXCommand.configuration.version)
    json.key("rules")
    json.beginArray()
    for kind in Finding.Kind.allCases { writeRule(kind) }
    json.endArray()
    json.endObject()
    json.endObject()
    json.member("columnKind", "unicodeCodePoints")
    json.key("results")
    json.beginArray()
    for finding in findings { writeResult(finding) }
    json.endArray()
    json.endObject()
    json.endArray()
    json.endObject()
  }

  private mutating func writeRule(_ kind: Finding.Kind) {
    json.beginObject()
    json.member("id", kind.rawValue)
    writeMessage("shortDescription", Self.description(of: kind))
    json.key("defaultConfiguration")
    json.beginObject()
    json.member("level", Self.level(of: kind))
    json.endObject()
    json.endObject()
  }

  private mutating func writeResult(_ finding: Finding) {
    json.beginObject()
    json.member("ruleId", finding.kind.rawValue)
    if let index = Finding.Kind.allCases.firstIndex(of: finding.kind) {
      json.key("ruleIndex")
      json.int(index)
    }
    json.member("level", Self.level(of: finding.kind))
    writeMessage("message", Escaped.sarif(Self.message(of: finding)))
    json.key("locations")
    json.beginArray()
    if finding.nodes.isEmpty { writeLocation(nil) }
    for node in finding.nodes { writeLocation(node) }
    json.endArray()
    if finding.nodes.count > 1 {
      json.key("occurrenceCount")
      json.int(finding.nodes.count)
    }
    if let births = finding.question?.symbols.compactMap(\.birth), !births.isEmpty {
      json.key("relatedLocations")
      json.beginArray()
      for birth in births { writeLocation(birth) }
      json.endArray()
    }
    json.key("partialFingerprints")
    json.beginObject()
    json.member("swiftfxSite/v1", finding.identifier)
    json.endObject()
    if let fixes = finding.question?.fixes.filter(\.isHelpful), !fixes.isEmpty {
      json.key("properties")
      json.beginObject()
      json.key("fixes")
      json.strings(fixes.map(\.text))
      json.endObject()
    }
    json.endObject()
  }

  private mutating func writeMessage(_ key: String, _ text: String) {
    json.key(key)
    json.beginObject()
    json.member("text", text)
    json.endObject()
  }

  /// The author's source line; the archive if a node has none.
  private mutating func writeLocation(_ place: Provenance?) {
    json.beginObject()
    json.key("physicalLocation")
    json.beginObject()
    json.key("artifactLocation")
    json.beginObject()
    json.member("uri", Self.uri(of: place?.frame?.file ?? archive))
    json.endObject()
    if let frame = place?.frame, frame.line > 0 {
      let line = frame.line
      json.key("region")
      json.beginObject()
      json.key("startLine")
      json.int(line)
      writeMessage("snippet", frame.code)
      json.endObject()
    }
    json.endObject()
    if let place {
      json.key("logicalLocations")
      json.beginArray()
      json.beginObject()
      json.member("name", place.nodeName)
      json.member("fullyQualifiedName", place.qualifiedName)
      json.endObject()
      json.endArray()
      writeMessage("message", Escaped.sarif("\(place.nodeName): \(place.operatorName)"))
    }
    json.endObject()
  }

  // Texts

  private static func message(of finding: Finding) -> String {
    var text = finding.headline
    if let question = finding.question {
      text += ". " + finding.message
      for fix in question.fixes where fix.isHelpful { text += "\nfix: \(fix.text)" }
    }
    return text
  }

  private static func description(of kind: Finding.Kind) -> String {
    switch kind {
    case .decision: "A shape depends on a data-dependent condition"
    case .integer: "A shape needs a data-dependent number"
    case .failure: "The shape of a node cannot be derived"
    case .unsupported: "An operator has no shape rule"
    }
  }

  private static func level(of kind: Finding.Kind) -> String { kind == .unsupported ? "warning" : "error" }

  /// A path as a URI reference, with percent-encoded bytes where needed.
  static func uri(of path: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix("/") ? "file://" + text : text
  }
}

extension Finding.Fix {
  /// The line to add, where it goes and what it does.
  fileprivate var text: String { "\(code)\(place.map { " after \($0.shortText)" } ?? ""): \(outcomeText)" }
}
