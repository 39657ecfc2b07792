/// The JSON object of one record of a `TORCH_TRACE` file.
///
///     {"artifact": {"name": "inductor_post_grad_graph", …}, "frame_id": 0, "frame_compile_id": 0, "attempt": 0, …}
///
/// - Source: `trace_structured` in `torch/_logging/_internal.py`, v2.13.
struct TraceRecord {
  /// The key that says what the record is; for an artifact, its name.
  let name: String
  /// What stands under the key.
  let content: PythonExpression?
  /// The compilation, such as `0/0` or, after a restart, `0/0_1`; empty when it belongs to none.
  let compileID: String

  private static let keysOfAll: Set<String> = [
    "has_payload", "frame_id", "frame_compile_id", "attempt", "rank", "compiled_autograd_id", "stack",
    "process",
    "timestamp", "pathname", "thread",
  ]

  /// Reads the object that a line holds.
  init(_ text: SourceText, _ line: Int) throws(TextError) {
    var parser = try PythonParser(PythonScanner(text, [line]))
    let record = try parser.expression()
    guard case .dict(let entries) = record.kind else {
      throw TextError(
        .unexpected(expected: "a JSON object", found: "something else"), at: text.position(of: record.start))
    }
    let entry = entries.first { !Self.keysOfAll.contains($0.key.string ?? "") }
    let key = entry?.key.string ?? ""
    name = key == "artifact" ? entry?.value["name"]?.string ?? key : key
    content = entry?.value
    if let frame = record["frame_id"]?.integer, let compile = record["frame_compile_id"]?.integer {
      let attempt = record["attempt"]?.integer ?? 0
      compileID = "\(frame)/\(compile)" + (attempt == 0 ? "" : "_\(attempt)")
    } else {
      compileID = ""
    }
  }
}
