import ATenOperators
import ArgumentParser
import FakeTensors
import Foundation
import ReasoningScenarios
import SymbolicShapes

/// `fx-conformance answer`: answers recorded PyTorch cases, one JSON object per line.
struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer recorded PyTorch cases with SwiftFX's rules.",
    discussion: """
      Reads one case a line (`-` is standard input) and writes one answer a line, found again by `id`.
      Example: fx-conformance concrete.jsonl --answers answers.jsonl
      """)

  @Argument(help: "The cases: operator calls or symbolic reasoning, one JSON object a line.")
  var cases: String

  @Option(help: "Where to write the answers; standard output when absent.")
  var answers: String?

  @Option(help: "Answer only the calls whose operator contains this text.")
  var op: String?

  @Option(help: "The PyTorch to answer as, such as 2.15.")
  var profile = "2.13"

  func run() throws {
    guard let version = PyTorchVersion(profile) else {
      throw ValidationError("'\(profile)' is no version of PyTorch; give one such as 2.15")
    }
    if version > SemanticProfile.newestVersion {
      let note =
        "note: PyTorch \(version) is newer than \(SemanticProfile.newestVersion), as which calls are answered\n"
      FileHandle.standardError.write(Data(note.utf8))
    }
    if let answers, !FileManager.default.createFile(atPath: answers, contents: nil) {
      throw ValidationError("cannot write to '\(answers)'")
    }
    guard let output = answers.map({ FileHandle(forWritingAtPath: $0) }) ?? .standardOutput else {
      throw ValidationError("cannot write to '\(answers ?? "-")'")
    }
    var buffer = Data()
    try CaseLines(path: cases).forEach { line in
      guard let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else { return }
      if let op, (object["op"] as? String)?.contains(op) != true { return }
      if object["queries"] != nil {
        buffer.append(try reasoningAnswer(to: line, object["id"], version))
      } else {
        buffer.append(try json(OperatorCase(object, table: .aten, version).answer()))
      }
      buffer.append(0x0A)
      if buffer.count > 1 << 20 {
        output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    output.write(buffer)
  }

  private func reasoningAnswer(to line: Data, _ id: Any?, _ version: PyTorchVersion) throws -> Data {
    let scenario: ReasoningScenario
    do { scenario = try JSONDecoder().decode(ReasoningScenario.self, from: line) } catch {
      return try json(["id": id ?? "", "unsupported": "\(error)"])
    }
    let answers = try JSONSerialization.jsonObject(with: JSONEncoder().encode(scenario.answers(as: version)))
    var object = answers as? [String: Any] ?? [:]
    object["id"] = id ?? ""
    return try json(object)
  }

  private func json(_ object: [String: Any]) throws -> Data {
    try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
  }
}
