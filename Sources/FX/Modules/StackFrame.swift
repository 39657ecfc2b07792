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
}

extension StackFrame {
  /// The innermost frame of a trace, which is its last.
  ///
  ///     File "model.py", line 14, in forward
  ///       return x + y
  ///
  /// - Source: `_parse_stack_trace` in `torch/fx/graph.py`, v2.13.
  public init?(innermostOf trace: String) { self.init(innermostOf: trace) { _ in true } }

  /// The innermost frame of a trace that belongs to the author: neither PyTorch's own nor generated.
  public init?(authorsIn trace: String) { self.init(innermostOf: trace, where: TraceText.isAuthors) }

  private init?(innermostOf trace: String, where isWanted: (TraceText.Bytes) -> Bool) {
    var trace = trace
    guard let frame = trace.withUTF8({ TraceText($0).frames(limit: 1, where: isWanted).first }) else {
      return nil
    }
    self = frame
  }

  /// The frames of a trace that belong to the author, the innermost last.
  public static func authorsFrames(of trace: String) -> [StackFrame] {
    var trace = trace
    return trace.withUTF8 { TraceText($0).frames(limit: .max, where: TraceText.isAuthors) }.reversed()
  }
}

/// The text of a stack trace, read from its end: programs have a trace for each node, and most traces are long.
private struct TraceText {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  private let lines: [Bytes]

  init(_ text: UnsafeBufferPointer<UInt8>) {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Self.trimmed)
    // A location on the last line, without code after it, is not a frame.
    while lines.last?.isEmpty == true { lines.removeLast() }
    self.lines = lines
  }

  /// At most `limit` frames whose file is wanted, the innermost first.
  func frames(limit: Int, where isWanted: (Bytes) -> Bool) -> [StackFrame] {
    var frames: [StackFrame] = []
    for index in lines.indices.dropLast().reversed() {
      guard let frame = frame(at: index, where: isWanted) else { continue }
      frames.append(frame)
      if frames.count == limit { break }
    }
    return frames
  }

  /// The frame that `File "model.py", line 14, in forward` and the line after it tell.
  private func frame(at index: Int, where isWanted: (Bytes) -> Bool) -> StackFrame? {
    let text = lines[index]
    guard Self.starts(text[...], "File \""), let inside = Self.rangeOfLast(", in ", in: text),
      let line = Self.rangeOfLast("\", line ", in: text[..<inside.lowerBound])
    else { return nil }
    let file = text[text.startIndex + 6..<max(text.startIndex + 6, line.lowerBound)]
    let function = text[inside.upperBound...]
    guard let number = Int(Self.text(text[line.upperBound..<inside.lowerBound])), number >= 0, !file.isEmpty,
      !function.isEmpty, isWanted(file)
    else { return nil }
    return StackFrame(
      file: Self.text(file), line: number, function: Self.text(function), code: Self.text(lines[index + 1]))
  }

  /// Whether a file is neither PyTorch's own nor generated (`<eval_with_key>.5`).
  static func isAuthors(_ file: Bytes) -> Bool {
    !starts(file, "torch/") && !starts(file, "<") && rangeOfLast("site-packages/torch/", in: file) == nil
      && rangeOfLast("dist-packages/torch/", in: file) == nil
  }

  private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func starts(_ text: Bytes, _ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { text.starts(with: $0) }
  }

  private static func rangeOfLast(_ needle: StaticString, in text: Bytes) -> Range<Int>? {
    needle.withUTF8Buffer { needle in
      var start = text.endIndex - needle.count
      while start >= text.startIndex {
        if text[start] == needle[0], text[start...].starts(with: needle) {
          return start..<start + needle.count
        }
        start -= 1
      }
      return nil
    }
  }

  private static func trimmed(_ line: Bytes) -> Bytes {
    var line = line
    while let first = line.first, isSpace(first) { line.removeFirst() }
    while let last = line.last, isSpace(last) { line.removeLast() }
    return line
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
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
}
