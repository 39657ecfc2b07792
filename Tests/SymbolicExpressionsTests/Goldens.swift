import Foundation
import SymbolicExpressions
import Testing

/// A case recorded from PyTorch by `Goldens/record.py`: an expression, and the result of an operation on it.
protocol GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  static var file: String { get }
  var build: String { get }
}

extension GoldenCase {
  var testDescription: String { build }

  static func load() throws -> [Self] {
    let url = try #require(Bundle.module.url(forResource: "Goldens/\(file)", withExtension: "json"))
    return try JSONDecoder().decode([Self].self, from: Data(contentsOf: url))
  }
}

extension ExprArena {
  /// Declares the symbols used in the goldens.
  mutating func declareGoldenSymbols() {
    for name in ["s0", "s2", "s10"] { _ = symbol(name, [.integer, .positive]) }
    for name in ["u0", "u1", "u12"] { _ = symbol(name, [.integer, .unbacked]) }
  }

  /// A declared symbol.
  func symbol(known name: String) throws -> SymExpr {
    let symbol = symbol(named: name)
    return try #require(symbol)
  }

  static func withGoldenSymbols() -> ExprArena {
    var arena = ExprArena()
    // The goldens are of PyTorch 2.13.
    arena.semantics = []
    arena.declareGoldenSymbols()
    return arena
  }
}

/// Wrong results, as one comparison that shows them all.
struct Mismatches: CustomStringConvertible, Equatable {
  var lines: [String] = []
  var description: String { "\(lines.count) mismatches\n" + lines.joined(separator: "\n") }

  mutating func compare(_ actual: String, _ expected: String, _ build: String) {
    if actual != expected { lines.append("\(build)\n  expected \(expected)\n  actual   \(actual)") }
  }
}
