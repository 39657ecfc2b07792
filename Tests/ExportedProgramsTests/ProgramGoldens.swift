import Foundation
import Testing

/// The result of `torch.export.load` for an archive in `Goldens`, in the version that wrote it.
struct ProgramGolden: Decodable, CustomTestStringConvertible {
  struct Placeholder: Decodable {
    var name: String
    var kind: String
    var target: String?
  }

  /// A size: a number, or an expression as `srepr`.
  enum Size: Decodable, Equatable {
    case int(Int)
    case expression(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Int.self) {
        self = .int(value)
      } else {
        self = .expression(try container.decode(String.self))
      }
    }
  }

  var torchVersion: String
  /// The names of the nodes, in order.
  var nodes: [String]
  var placeholders: [Placeholder]
  /// The nodes that have a recorded value.
  var recorded: [String]
  var submodules: [String]
  /// The sizes of tensors, by node.
  var sizes: [String: [Size]]

  var name = ""
  var testDescription: String { name }

  enum CodingKeys: CodingKey { case torchVersion, nodes, placeholders, recorded, submodules, sizes }

  static func url(_ file: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Goldens/\(file)", withExtension: nil))
  }

  var archive: String {
    get throws { try Self.url("\(name).pt2").path }
  }

  static let all: [ProgramGolden] = {
    guard let url = try? url("programs.json"), let data = try? Data(contentsOf: url),
      let goldens = try? JSONDecoder().decode([String: ProgramGolden].self, from: data)
    else { return [] }
    return goldens.sorted { $0.key < $1.key }.map { name, golden in
      var golden = golden
      golden.name = name
      return golden
    }
  }()
}
