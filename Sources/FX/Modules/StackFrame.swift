/// One frame of a Python stack trace.
public struct StackFrame: Hashable, Sendable {
  /// The path of the source file.
  public var file: String
  /// The line number.
  public var line: Int
  /// The function that contains the line.
  public var function: String
  /// The source line.
  public var code: String

  /// The innermost frame of a trace, which is its last.
  ///
  ///     File "model.py", line 14, in forward
  ///       return x + y
  ///
  /// - Source: `_parse_stack_trace` in `torch/fx/graph.py`, v2.13.
  public init?(innermostOf trace: String) { self.init(innermostOf: trace) { _ in true } }

  /// The innermost frame of a trace that belongs to the author: neither PyTorch's own nor generated.
  public init?(authorsIn trace: String) { self.init(innermostOf: trace) { !$0.isPyTorchs } }

  private init?(innermostOf trace: String, where isWanted: (StackFrame) -> Bool) {
    guard let frame = Self.frames(of: trace).last(where: isWanted) else { return nil }
    self = frame
  }

  /// All frames of a trace, the innermost last.
  static func frames(of trace: String) -> [StackFrame] {
    let lines = trace.split(separator: "\n", omittingEmptySubsequences: false).map(Self.trimmed)
    // A location on the last line, without code after it, is not a frame.
    guard let last = lines.lastIndex(where: { !$0.isEmpty }) else { return [] }
    return (0..<last).compactMap { StackFrame(lines[$0], code: lines[$0 + 1]) }
  }

  /// The frames of a trace that belong to the author, the innermost last.
  public static func authorsFrames(of trace: String) -> [StackFrame] {
    frames(of: trace).filter { !$0.isPyTorchs }
  }

  /// Parses `File "model.py", line 14, in forward`.
  private init?(_ text: Substring, code: Substring) {
    let start = "File \""
    guard text.hasPrefix(start), let inside = Self.rangeOfLast(", in ", in: text),
      let line = Self.rangeOfLast("\", line ", in: text[..<inside.lowerBound])
    else { return nil }
    guard let number = Int(text[line.upperBound..<inside.lowerBound]), number >= 0 else { return nil }
    let file = text[text.index(text.startIndex, offsetBy: start.count)..<line.lowerBound]
    let function = text[inside.upperBound...]
    guard !file.isEmpty, !function.isEmpty else { return nil }
    self.file = String(file)
    self.line = number
    self.function = String(function)
    self.code = String(code)
  }

  private static func rangeOfLast(_ needle: String, in text: Substring) -> Range<Substring.Index>? {
    var end = text.endIndex
    while end > text.startIndex {
      end = text.index(before: end)
      if text[end...].hasPrefix(needle) { return end..<text.index(end, offsetBy: needle.count) }
    }
    return nil
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line.drop { $0.isWhitespace }
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }
}

extension StackFrame: CustomStringConvertible {
  /// File, line, function and source on one line.
  public var description: String { "\(file):\(line) in \(function): \(code)" }
}

extension StackFrame {
  /// The file's name without its folder.
  public var fileName: String {
    guard let slash = file.lastIndex(of: "/") else { return file }
    return String(file[file.index(after: slash)...])
  }

  /// Whether the file belongs to PyTorch or was generated (`<eval_with_key>.5`).
  var isPyTorchs: Bool {
    file.hasPrefix("torch/") || file.hasPrefix("<")
      || ["site-packages/torch/", "dist-packages/torch/"].contains { file.contains($0) }
  }
}
