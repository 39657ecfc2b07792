import ExportedPrograms
import FX

/// What the inputs of a graph are, for texts that do not say it.
///
///     x: "f32[s77, 8][8, 1]cpu"
///     n: Sym(u0)
///     k: 3
///     Range constraints: {s77: VR[2, 64]}
///
/// Annotations are written as `print_readable` writes them, with or without quotes.
public struct InputAnnotations: Sendable {
  private struct Entry {
    var name: String
    var spot: Spot
    var bytes: Range<Int>
  }

  private let text: SourceText
  private var entries: [Entry] = []
  /// The lines that state ranges.
  private var rangeLines: [Int] = []

  /// No annotations.
  public init() { text = SourceText() }

  /// Reads one annotation a line.
  ///
  /// - Throws: ``TextError`` with the place in `lines`.
  public init(_ lines: String) throws(TextError) {
    text = try SourceCleaner.clean(Array(lines.utf8))
    let symbols = SymbolTexts()
    for line in text.lines.indices {
      let range = text.trimmed(line)
      guard let first = range.first, text.bytes[first] != UInt8(ascii: "#") else { continue }
      if text.starts(range, with: "Range constraints:") {
        rangeLines.append(line)
        _ = try ExportSections(text: text, lines: [line]).ranges(at: 0, into: symbols)
        continue
      }
      let entry = try Self.entry(text, line, range)
      _ = try ValueAnnotation.read(text, entry.bytes, line: line, symbols)
      entries.append(entry)
    }
  }

  private static func entry(_ text: SourceText, _ line: Int, _ range: Range<Int>) throws(TextError) -> Entry {
    let spot = Spot(line: line, offset: range.lowerBound)
    guard
      let colon = text.bytes[range].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") })
    else {
      throw TextError(
        .unexpected(expected: "a name and an annotation, such as x: f32[s0, 8]", found: "neither"),
        at: text.position(of: spot))
    }
    var name = range.lowerBound..<colon
    while let last = name.last, text.bytes[last].isBlank { name.removeLast() }
    var bytes = colon + 1..<range.upperBound
    while let first = bytes.first, text.bytes[first].isBlank { bytes.removeFirst() }
    if let first = bytes.first, let last = bytes.last, first < last, text.bytes[first] == text.bytes[last],
      text.bytes[first] == UInt8(ascii: "\"") || text.bytes[first] == UInt8(ascii: "'")
    {
      bytes.removeFirst()
      bytes.removeLast()
    }
    guard !bytes.isEmpty else {
      throw TextError(
        .unexpected(expected: "an annotation", found: "none"),
        at: text.position(of: Spot(line: line, offset: colon)))
    }
    return Entry(name: text.text(name), spot: spot, bytes: bytes)
  }

  /// Records what is said of the inputs of `graph`, instead of what its text says.
  ///
  /// - Returns: the names that are inputs of the graph.
  func annotate(_ graph: inout ReadGraph) throws(TextError) -> Set<String> {
    var used: Set<String> = []
    for entry in entries {
      guard let node = graph.module.graph.node(named: entry.name),
        graph.module.graph.op(of: node) == .placeholder
      else { continue }
      used.insert(entry.name)
      let value = try ValueAnnotation.read(text, entry.bytes, line: entry.spot.line, graph.symbols)
      if case .tensor(let tensor) = value {
        for size in tensor.sizes { graph.symbols.noteSize(size, ofInput: true) }
      }
      var values = graph.values["", default: RecordedValues()]
      values.replaceValue(value, of: node, in: graph.module.graph)
      values.setValue(value, of: node, in: graph.module.graph)
      graph.values[""] = values
    }
    for line in rangeLines {
      _ = try ExportSections(text: text, lines: [line]).ranges(at: 0, into: graph.symbols)
    }
    return used
  }

  /// Checks that every annotation was used.
  ///
  /// - Throws: ``TextError`` for the first name that is no input.
  func check(used: Set<String>, inputs: [String]) throws(TextError) {
    for entry in entries where !used.contains(entry.name) {
      throw TextError(.unknownInput(entry.name, known: inputs), at: text.position(of: entry.spot))
    }
  }
}
