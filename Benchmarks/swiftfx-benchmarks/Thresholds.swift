import Foundation
import SyntheticPrograms

/// How much work each program may be: a JSON object by family, length and counter.
struct Thresholds {
  private var limits: [String: [String: [String: Int]]] = [:]

  /// A counter may be larger by this part of the limit.
  static let tolerance = 0.02

  init(path: String) throws {
    limits = try JSONDecoder().decode(
      [String: [String: [String: Int]]].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Allows just what was counted.
  init(_ works: [Work]) {
    for work in works {
      limits[work.family, default: [:]]["\(work.length)"] = Dictionary(
        uniqueKeysWithValues: work.counters.map { ($0.name, $0.value) })
    }
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(limits) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
  }

  /// What is more than allowed, a line each.
  func findings(in work: Work) -> [String] {
    let program = "\(work.family), \(work.nodes) nodes"
    guard let allowed = limits[work.family]?["\(work.length)"] else {
      return ["\(program): nothing says how much work it may be"]
    }
    return work.counters.compactMap { name, value in
      guard let limit = allowed[name] else { return "\(program): nothing says how many \(name) there may be" }
      guard Double(value) > Double(limit) * (1 + Self.tolerance) else { return nil }
      return "\(program): \(name) \(perNode(value, work)) a node, allowed \(perNode(limit, work))"
    }
  }

  private func perNode(_ value: Int, _ work: Work) -> String { String(format: "%.3f", work.perNode(value)) }
}
