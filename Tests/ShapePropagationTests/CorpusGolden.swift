import Foundation
import SwiftFX
import Testing

/// An archive and PyTorch's results for it; see `Scripts/sample_corpus.py`.
struct CorpusGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let archive: String
  /// The version of PyTorch that exported the program.
  let torch: String
  let bindings: [String: [String]]
  /// Operators that only the program's author knows; they have their recorded values.
  let foreign: [String]
  let values: [(node: String, value: Value)]

  /// PyTorch's value of a node, with numbers as text in the program's symbols.
  indirect enum Value: Sendable {
    case tensor(dtype: String, sizes: [String], strides: [String], offset: String)
    case number(String)
    case items([Value])
    case none
    case text(String)
    case submodule(String)
    case opaque(String)
  }

  var testDescription: String { name }

  /// All programs of the sample.
  static let all: [CorpusGolden] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens").path ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted()
      .compactMap { CorpusGolden(folder: folder, name: String($0.dropLast(5))) }
  }()

  private init?(folder: String, name: String) {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name).json"),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let values = object["values"] as? [String: Any]
    else { return nil }
    self.name = name
    archive = "\(folder)/\(name).pt2"
    torch = object["torch"] as? String ?? ""
    bindings = object["bindings"] as? [String: [String]] ?? [:]
    foreign = object["foreign"] as? [String] ?? []
    self.values = values.sorted { $0.key < $1.key }.map { ($0.key, Value($0.value)) }
  }
}

extension CorpusGolden.Value {
  init(_ value: Any) {
    let object = value as? [String: Any]
    if let dtype = object?["tensor"] as? String {
      self = .tensor(
        dtype: dtype, sizes: (object?["sizes"] as? [Any] ?? []).map(Self.text),
        strides: (object?["strides"] as? [Any] ?? []).map(Self.text),
        offset: Self.text(object?["offset"] ?? 0))
    } else if let items = object?["items"] as? [Any] {
      self = .items(items.map { Self($0) })
    } else if let number = object?["number"] as? String {
      self = .number(number)
    } else if let text = object?["text"] as? String {
      self = .text(text)
    } else if let name = object?["submodule"] as? String {
      self = .submodule(name)
    } else {
      self = value is NSNull ? .none : .opaque(object?["opaque"] as? String ?? "\(value)")
    }
  }

  private static func text(_ value: Any) -> String { value as? String ?? "\(value)" }
}
