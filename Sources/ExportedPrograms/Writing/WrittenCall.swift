import EscapedTexts
import FX

/// The results of a call as an archive lists them.
struct WrittenCall {
  indirect enum Result {
    case value(name: String, RecordedValue)
    case none
    case list([Result])
  }

  /// What the call returns; `nil` when it returns nothing.
  let results: Result?

  /// Whether there is one result that is in no tuple; `nil` when there is none.
  var isBare: Bool? {
    switch results {
    case .value?: true
    case .list?: false
    case .none?, nil: nil
    }
  }

  /// Whether the one result is `None`.
  var givesNone: Bool {
    if case .none? = results { true } else { false }
  }

  /// Calls `body` with the name and the value of each result that is held in a table.
  func forEachValue(_ body: (String, RecordedValue) -> Void) {
    results?.forEachValue(body)
  }

  /// Writes the list of results; `isList` says whether the operator returns one list of tensors.
  func writeOutputs(asList isList: Bool, to output: inout JSONWriter) throws(SavingError) {
    try output.array { (output) throws(SavingError) in
      guard let results else { return }
      guard case .list(let items) = results, !isList else { return try results.write(to: &output) }
      for item in items { try item.write(to: &output) }
    }
  }
}

extension WrittenCall.Result {
  /// The names in order.
  var names: [String] {
    switch self {
    case .value(let name, _): [name]
    case .none: []
    case .list(let items): items.flatMap(\.names)
    }
  }

  /// How results are nested: `(x, [x, x], None)`.
  var shape: String {
    switch self {
    case .value: "x"
    case .none: "None"
    case .list(let items): "(\(items.map(\.shape).joined(separator: ", ")))"
    }
  }

  func forEachValue(_ body: (String, RecordedValue) -> Void) {
    switch self {
    case .value(let name, let value): body(name, value)
    case .none: break
    case .list(let items): for item in items { item.forEachValue(body) }
    }
  }

  /// Writes the result as an argument.
  func write(to output: inout JSONWriter) throws(SavingError) {
    switch self {
    case .none: output.union("as_none") { $0.bool(true) }
    case .value(let name, let value):
      guard let table = ValueTable(value) else { throw SavingError(.missingValue, node: name) }
      if let tag = table.tag {
        output.symbolic(tag, name)
      } else if case .customObject(let className) = value {
        output.customObject(named: name, className)
      } else {
        output.named("as_tensor", name)
      }
    case .list(let items):
      try output.union("as_tensors") { (output) throws(SavingError) in
        try output.array { (output) throws(SavingError) in
          for item in items {
            guard case .value(let name, .tensor) = item else {
              throw SavingError(.unsupportedNode("list of results that are no tensors"))
            }
            output.name(name)
          }
        }
      }
    }
  }
}
