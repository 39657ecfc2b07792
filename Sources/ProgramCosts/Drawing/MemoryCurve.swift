import EscapedTexts
import FX
import SymbolicExpressions
import SymbolicShapes

/// The live memory after each node of a program, as an SVG picture.
///
/// Weights, inputs and temporaries are stacked; the peak is marked. Sizes that are not given are those of
/// ``ProgramCosts/example``.
public struct MemoryCurve {
  /// The picture.
  public let svg: String

  private static let (width, height) = (960, 360)
  private static let (left, right, top, bottom) = (88, 16, 44, 40)

  /// Draws the curve at given sizes; `nil` if no node was reached or a size does not fit 64 bits.
  public init?(_ costs: ProgramCosts, at sizes: CostAssignment, title: String) {
    let shapes = costs.shapes
    let sizes = CostAssignment(completing: sizes, shapes)
    guard let peak = costs.peakNode(at: sizes), peak.bytes > 0,
      case .known(let weights) = costs.value(of: costs.weights, at: sizes),
      case .known(let inputs) = costs.value(of: costs.inputs, at: sizes)
    else { return nil }
    let live = costs.nodes.map { costs.value(of: $0.live, at: sizes).number ?? 0 }
    let scale = Scale(nodes: live.count, bytes: peak.bytes)
    let peakIndex = costs.nodes.firstIndex { $0.node == peak.node.node } ?? 0
    let name = costs.graph.name(of: peak.node.node)
    let at = sizes.entries.filter { entry in !shapes.isReplaced(entry.symbol) }
      .map { "\(shapes.arena.name(of: $0.symbol))=\($0.value)" }.joined(separator: " ")
    let heading = "\(title): at most \(Self.bytes(peak.bytes)) after \(name)"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.width) \(Self.height)\" role=\"img\" "
        + "aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\" font-size=\"12\">",
      "<title id=\"title\">\(Escaped.html(heading))</title>",
      "<desc id=\"desc\">\(Escaped.html("Bytes alive after each of \(live.count) nodes\(at.isEmpty ? "" : ", at \(at)")"))</desc>",
      "<style>text{fill:#222}.w{fill:#b8c4d6}.i{fill:#8fb3e0}.t{fill:#3b73b9}.g{stroke:#ccc}.p{stroke:#b3261e;"
        + "fill:#b3261e}@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#444}}</style>",
      "<text x=\"\(Self.left)\" y=\"18\" font-weight=\"600\">\(Escaped.html(heading))</text>",
      "<text x=\"\(Self.left)\" y=\"34\">\(Escaped.html(at))</text>",
    ]
    for step in 0...4 {
      let value = peak.bytes / 4 * step
      let y = scale.y(value)
      lines.append(
        "<line class=\"g\" x1=\"\(Self.left)\" x2=\"\(Self.width - Self.right)\" y1=\"\(y)\" y2=\"\(y)\"/>")
      lines.append(
        "<text x=\"\(Self.left - 8)\" y=\"\(y)\" text-anchor=\"end\" dy=\"4\">\(Self.bytes(value))</text>")
    }
    let flat = [Int](repeating: weights, count: live.count)
    lines.append(scale.area("t", live))
    lines.append(scale.area("i", flat.map { $0 + inputs }))
    lines.append(scale.area("w", flat))
    let (x, y) = (scale.x(peakIndex), scale.y(peak.bytes))
    lines.append(
      "<line class=\"p\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(y)\" y2=\"\(Self.height - Self.bottom)\"/>")
    lines.append("<circle class=\"p\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"/>")
    for (index, (style, label)) in [("w", "weights"), ("i", "inputs"), ("t", "temporaries")].enumerated() {
      let x = Self.left + 110 * index
      lines.append(
        "<rect class=\"\(style)\" x=\"\(x)\" y=\"\(Self.height - 20)\" width=\"12\" height=\"12\"/>")
      lines.append("<text x=\"\(x + 18)\" y=\"\(Self.height - 10)\">\(label)</text>")
    }
    lines.append("</svg>")
    svg = lines.joined(separator: "\n") + "\n"
  }

  /// Places in the picture.
  private struct Scale {
    let nodes: Int
    let bytes: Int

    func x(_ index: Int) -> Int {
      let width = MemoryCurve.width - MemoryCurve.left - MemoryCurve.right
      return MemoryCurve.left + (nodes > 1 ? width * index / (nodes - 1) : width / 2)
    }

    func y(_ value: Int) -> Int {
      let height = MemoryCurve.height - MemoryCurve.top - MemoryCurve.bottom
      return MemoryCurve.height - MemoryCurve.bottom - Int(Double(height) * (Double(value) / Double(bytes)))
    }

    /// The area below a step curve; neighboring steps of the same height are merged.
    func area(_ style: String, _ values: [Int]) -> String {
      let floor = MemoryCurve.height - MemoryCurve.bottom
      var path = "M\(x(0)) \(floor)"
      var last: (x: Int, y: Int)?
      for (index, value) in values.enumerated() {
        let corner = (x: x(index), y: y(value))
        if let last, last.y == corner.y, index < values.count - 1 { continue }
        path += "H\(corner.x)V\(corner.y)"
        last = corner
      }
      return "<path class=\"\(style)\" d=\"\(path)H\(x(values.count - 1))V\(floor)Z\"/>"
    }
  }

  /// `1.5 MB`.
  static func bytes(_ value: Int) -> String { ByteCount(value).short }
}
