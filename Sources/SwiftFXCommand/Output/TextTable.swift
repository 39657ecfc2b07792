import SwiftFX

/// Left-aligned columns of text, each as wide as its widest cell up to a limit.
struct TextTable {
  private var rows: [[String]] = []
  private let limits: [Int]

  /// - Parameter limits: the maximum width of each column in characters; longer cells are cut with `…`.
  init(limits: [Int]) { self.limits = limits }

  mutating func add(_ cells: String...) { rows.append(cells.map { Escaped.line($0) }) }

  var isEmpty: Bool { rows.isEmpty }

  /// The lines, indented by `indent` spaces.
  func lines(indent: Int = 2) -> [String] {
    let widths = limits.indices.map { column in
      min(limits[column], rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
    }
    return rows.map { row in
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() {
        let text = cut(cell, to: limits[column])
        line += text
        if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - text.count + 2) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func cut(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(max(0, limit - 1)) + "…"
  }
}
