/// The comments that generated code has above nodes: where in the author's program they come from.
///
///     # File: model.py:14 in forward, code: return relu(x)
///     # No stacktrace found for following nodes
///
/// - Source: `append_stacktrace_summary` in `torch/fx/graph.py`, v2.13.
enum SourceComment {
  /// The stack trace that a comment stands for, in Python's spelling; a comment of another kind changes nothing.
  static func stackTrace(_ text: SourceText, _ comment: Range<Int>, otherwise current: String?) -> String? {
    if text.find("No stacktrace found", in: comment) != nil { return nil }
    guard let file = text.find("File: ", in: comment) else { return current }
    let rest = file + 6..<comment.upperBound
    guard let code = text.find(", code: ", in: rest),
      let function = text.findLast(" in ", in: rest.lowerBound..<code),
      let colon = text.findLast(":", in: rest.lowerBound..<function)
    else { return current }
    let line = text.text(colon + 1..<function)
    guard !line.isEmpty, line.utf8.allSatisfy(\.isDigit) else { return current }
    return """
        File "\(text.text(rest.lowerBound..<colon))", line \(line), in \(text.text(function + 4..<code))
          \(text.text(code + 8..<comment.upperBound))

      """
  }
}
