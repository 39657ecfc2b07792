/// A scenario for the shape environment alone: symbols, checks, queries.
struct ReasoningCase {
  let object: [String: Any]

  init(_ object: [String: Any]) { self.object = object }

  func answer() -> [String: Any] {
    ["id": object["id"] ?? "", "answers": [["unsupported": "symbolic reasoning is not answered yet"]]]
  }
}
