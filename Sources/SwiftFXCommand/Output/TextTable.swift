import SwiftFX

/// Left-aligned columns of text, each as wide as its widest cell, or narrower if lines would be too long.
struct TextTable {
  private var rows: [[String]] = []
  private let limits: [Int]
  /// Longer cells are not aligned to: one may be as long as a program makes it.
  private static let mostPadded = 400

  /// - Parameter limits: the widths, in characters, to which columns may be narrowed; longer cells are cut with `…`.
  init(limits: [Int]) { self.limits = limits }

  mutating func add(_ cells: String...) { rows.append(cells.map { Escaped.line($0) }) }

  var isEmpty: Bool { rows.isEmpty }

  /// The lines, indented by `indent` spaces and at most `columns` long if the limits allow that; `nil` cuts nothing.
  func lines(indent: Int = 2, within columns: Int? = LineWidth.ofOutput) -> [String] {
    let widths = widths(within: columns.map { $0 - indent - 2 * (limits.count - 1) })
    return rows.map { row in
      let last = row.lastIndex { !$0.isEmpty } ?? 0
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.prefix(last + 1).enumerated() {
        let text = LineWidth.fitted(cell, within: widths[column])
        line += text
        if column < last {
          line += String(repeating: " ", count: max(0, min(widths[column], Self.mostPadded) - text.count) + 2)
        }
      }
      while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
      return line
    }
  }

  /// The widths of the columns: what their cells need; the widest are narrowed first until all fit into `room`.
  private func widths(within room: Int?) -> [Int] {
    var widths = limits.indices.map { column in
      max(1, rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 1)
    }
    guard let room else { return widths }
    var excess = widths.reduce(0, +) - room
    while excess > 0 {
      let spare = widths.indices.map { max(0, widths[$0] - limits[$0]) }
      guard let column = widths.indices.filter({ spare[$0] > 0 }).max(by: { widths[$0] < widths[$1] }) else {
        break
      }
      // Narrow to the next widest that can be narrowed, so that all of them shrink alike.
      let next =
        widths.indices.filter { $0 != column && spare[$0] > 0 }.map { widths[$0] }.max() ?? limits[column]
      let cut = min(excess, spare[column], max(1, widths[column] - next))
      widths[column] -= cut
      excess -= cut
    }
    return widths
  }
}
