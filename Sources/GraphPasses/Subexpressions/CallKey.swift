import FX

/// What identifies equal calls: the target, the constants and nodes among the arguments, and their nesting.
struct CallKey: Equatable {
  /// What PyTorch hashes: less than what it compares, so different calls may have the same hash.
  struct Hash: Hashable {
    fileprivate var target: TargetID
    fileprivate var items: [String]
  }

  private(set) var hash: Hash
  private var items: [String] = []
  private var nesting = ""
  private let equality: CommonSubexpressions.Equality

  init(_ node: Node, _ graph: Graph, _ equality: CommonSubexpressions.Equality) {
    hash = Hash(target: graph.targetID(of: node), items: [])
    self.equality = equality
    for argument in graph.args(of: node) { note(argument) }
    nesting += "|"
    for entry in graph.kwargs(of: node) {
      nesting += "\(entry.name)="
      note(entry.value)
    }
    // Everything that is compared is hashed, so equal hashes mean equal calls.
    if equality == .exact { hash.items.append(nesting) }
  }

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.items == rhs.items && lhs.nesting == rhs.nesting }

  private mutating func note(_ argument: Node.Argument) {
    switch argument {
    case .node(let node): add("%\(node.index)")
    case .tuple(let items): note(items, "(", ")")
    case .list(let items): note(items, "[", "]")
    case .dict(let entries):
      nesting += "{"
      for entry in entries {
        nesting += "\(entry.key.pythonText):"
        note(entry.value)
      }
      nesting += "}"
    case .slice(let slice): note([slice.start, slice.stop, slice.step], "<", ">")
    case .bool(let value): number(value ? 1 : 0, kind: "b")
    case .int(let value): number(value, kind: "i")
    case .float(let value): float(value)
    case .string(let text): add("s" + text)
    default: add("\(Self.kind(of: argument)) \(argument)")
    }
  }

  private mutating func note(_ nested: [Node.Argument], _ open: String, _ close: String) {
    nesting += open
    for item in nested { note(item) }
    nesting += close
  }

  private mutating func number(_ value: Int, kind: String) {
    let kind = equality == .asPython ? "n" : kind
    // In Python, the hash of -1 is that of -2.
    add("\(kind)\(value)", hashed: value == -1 && equality != .exact ? "\(kind)-2" : nil)
  }

  private mutating func float(_ value: Double) {
    switch equality {
    case .exact: add("f\(value.bitPattern)")
    case .typed: add("f\(value == 0 ? 0 : value)", hashed: value == -1 ? "f-2.0" : nil)
    case .asPython:
      if let integer = Int(exactly: value) { number(integer, kind: "n") } else { add("n\(value)") }
    }
  }

  private mutating func add(_ item: String, hashed: String? = nil) {
    items.append(item)
    hash.items.append(hashed ?? item)
    nesting += "."
  }

  private static func kind(of argument: Node.Argument) -> String {
    switch argument {
    case .dtype: "dtype"
    case .device: "device"
    case .layout: "layout"
    case .memoryFormat: "memory format"
    case .operator: "operator"
    case .complex: "complex"
    case .symInt, .symFloat, .symBool: "symbolic"
    case .submodule: "submodule"
    case .tensorConstant: "tensor"
    case .range: "range"
    case .opaque: "opaque"
    default: "constant"
    }
  }
}
