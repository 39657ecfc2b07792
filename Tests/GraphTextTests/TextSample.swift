import ATenOperators
import ExportedPrograms
import FX
import FakeTensors
import Foundation
import GraphText
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import Testing

/// A text that PyTorch printed, with what PyTorch says about the graphs in it.
///
/// `NAME.golden` lists nodes with their values (`meta["val"]` when the text was printed) and the symbols that they bind;
/// `NAME.inputs` says what the inputs are, for texts without shapes.
struct TextSample: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let inputs: String
  /// The lines for each graph.
  let golden: [[String]]

  var testDescription: String { name }

  static let all: [TextSample] = {
    guard let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens"),
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    else { return [] }
    return files.filter { $0.hasSuffix(".golden") }.sorted().compactMap { file in
      let name = String(file.dropLast(".golden".count))
      let read = { (file: String) in
        try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      }
      guard let text = read(name), let golden = read(file) else { return nil }
      var graphs: [[String]] = []
      for line in golden.split(separator: "\n") {
        if line.hasPrefix("graph ") {
          graphs.append([])
        } else {
          graphs[graphs.count - 1].append(String(line))
        }
      }
      return TextSample(name: name, text: text, inputs: read("\(name).inputs") ?? "", golden: graphs)
    }
  }()

  static func named(_ name: String) throws -> TextSample { try #require(all.first { $0.name == name }) }

  func document() throws -> GraphDocument {
    try GraphDocument(bytes: Array(text.utf8), inputs: InputAnnotations(inputs))
  }
}

/// The lines of a golden file for what we found.
struct FoundLines {
  let program: FakeProgram
  let result: Propagation

  var lines: [String] {
    let graph = program.exported.graphModule.graph
    var lines: [String] = []
    for node in graph.nodes {
      var name = graph.name(of: node)
      if graph.op(of: node) == .output { name = "output" }
      let value = result.values[node].flatMap(text)
      lines.append(
        "  \(name) \(graph.op(of: node).name) \(graph.target(of: node))" + (value.map { " : \($0)" } ?? ""))
    }
    var bindings = program.bindings()
    for fresh in result.fresh { bindings[fresh.node] = (bindings[fresh.node] ?? []) + fresh.bindings }
    for node in graph.nodes {
      guard let found = bindings[node], !found.isEmpty else { continue }
      let symbols = found.map { program.shapes.arena.name(of: $0.symbol) }.sorted()
      lines.append("  binds \(graph.name(of: node)) \(symbols.joined(separator: " "))")
    }
    return lines
  }

  private func text(_ value: FakeValue) -> String? {
    let shapes = program.shapes
    switch value {
    case .tensor(let tensor):
      return "\(tensor.dtype)[\(text(tensor.sizes))][\(text(tensor.strides))]"
    case .symInt(let size): return text(size)
    case .symFloat(let number): return shapes.text(of: number.expression)
    case .symBool(let condition): return shapes.text(of: condition.expression)
    case .float(let value): return "\(value)"
    case .bool(let value): return value ? "True" : "False"
    case .none: return "None"
    case .list, .tuple, .sizes:
      return "(\((value.elements ?? []).map { text($0) ?? "None" }.joined(separator: ", ")))"
    default: return nil
    }
  }

  private func text(_ sizes: Sizes) -> String { sizes.map(text).joined(separator: ", ") }

  private func text(_ size: SymInt) -> String {
    let resolved = program.shapes.resolve(size)
    return resolved.constant.map { "\($0)" } ?? program.shapes.text(of: resolved)
  }
}

/// `lines` with unbacked symbols numbered in the order in which they appear.
func withNumberedSymbols(_ lines: [String]) -> [String] {
  var names: [String: String] = [:]
  return lines.map { line in
    var result = ""
    var word = ""
    for character in line + " " {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
        continue
      }
      let digits = word.drop { $0 == "z" || $0 == "u" || $0 == "f" }
      if word.contains("u"), !digits.isEmpty, digits.allSatisfy(\.isNumber) {
        if names[word] == nil { names[word] = "u#\(names.count)" }
        result += names[word] ?? word
      } else {
        result += word
      }
      word = ""
      result.append(character)
    }
    return String(result.dropLast())
  }
}
