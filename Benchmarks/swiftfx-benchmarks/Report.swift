import Foundation
import SyntheticPrograms

/// Measurements as text and as JSON.
extension Measurement {
  /// The head of the table; all programs have the same counters.
  static func heading(_ counters: [String]) -> String {
    columns(["family", "nodes", "first µs", "again µs", "peak KB"] + counters)
  }

  /// One line of the table; everything per node except the number of nodes.
  var line: String {
    Self.columns(
      [work.family, "\(work.nodes)", rounded(first * 1e6), rounded(later * 1e6)]
        + [rounded(Double(peakBytes) / 1e3)]
        + work.counters.map { rounded(Double($0.value)) })
  }

  private func rounded(_ total: Double) -> String { String(format: "%.2f", total / Double(work.nodes)) }

  private static func columns(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      let space = String(repeating: " ", count: max(0, (index == 0 ? 18 : 11) - cell.count))
      return index == 0 ? cell + space : space + cell
    }.joined()
  }
}

extension Measurement: Encodable {
  private enum Key: String, CodingKey {
    case family, nodes
    case first = "first_s"
    case later = "later_s"
    case peakBytes = "peak_bytes"
    case work
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(work.family, forKey: .family)
    try container.encode(work.nodes, forKey: .nodes)
    try container.encode(first, forKey: .first)
    try container.encode(later, forKey: .later)
    try container.encode(peakBytes, forKey: .peakBytes)
    try container.encode(
      Dictionary(uniqueKeysWithValues: work.counters.map { ($0.name, $0.value) }), forKey: .work)
  }
}
