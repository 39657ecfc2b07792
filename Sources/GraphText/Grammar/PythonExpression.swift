/// An expression of Python, with the place where it stands.
struct PythonExpression {
  indirect enum Kind {
    case name(String)
    case int(Int)
    case float(Double)
    case imaginary(Double)
    case string(String)
    case ellipsis
    case attribute(PythonExpression, String)
    case call(PythonExpression, [PythonExpression], [Keyword])
    case item(PythonExpression, PythonExpression)
    /// `start:stop:step` inside brackets.
    case slice(PythonExpression?, PythonExpression?, PythonExpression?)
    /// `-x`, `+x`, `~x`, `not x`.
    case unary(String, PythonExpression)
    case binary(String, PythonExpression, PythonExpression)
    case tuple([PythonExpression])
    case list([PythonExpression])
    case dict([(key: PythonExpression, value: PythonExpression)])
  }

  struct Keyword {
    var name: String
    var value: PythonExpression
  }

  var kind: Kind
  var start: Spot
  /// The offset after its last byte, on its last line.
  var end: Int
  /// How deep it is nested: what walks over it, or frees it, uses that much of the stack.
  let height: Int

  init(kind: Kind, start: Spot, end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
    height = kind.heightBelow + 1
  }
}

extension PythonExpression.Kind {
  fileprivate var heightBelow: Int {
    switch self {
    case .name, .int, .float, .imaginary, .string, .ellipsis: 0
    case .attribute(let base, _), .unary(_, let base): base.height
    case .call(let base, let arguments, let keywords):
      keywords.reduce(arguments.reduce(base.height) { max($0, $1.height) }) { max($0, $1.value.height) }
    case .item(let a, let b), .binary(_, let a, let b): max(a.height, b.height)
    case .slice(let a, let b, let c): [a, b, c].reduce(0) { max($0, $1?.height ?? 0) }
    case .tuple(let items), .list(let items): items.reduce(0) { max($0, $1.height) }
    case .dict(let entries): entries.reduce(0) { max($0, $1.key.height, $1.value.height) }
    }
  }
}

extension PythonExpression {
  /// `torch.ops.aten.add.Tensor` as one text; `nil` for anything but a dotted name.
  var dottedName: String? {
    switch kind {
    case .name(let name): name
    case .attribute(let base, let name): base.dottedName.map { "\($0).\(name)" }
    default: nil
    }
  }

  /// The integer, with its sign.
  var integer: Int? {
    switch kind {
    case .int(let value): value
    case .unary("-", let operand): operand.integer.map { $0 == .min ? $0 : -$0 }
    default: nil
    }
  }

  var string: String? {
    if case .string(let text) = kind { return text }
    return nil
  }

  /// The value of a key of a dictionary whose keys are strings.
  subscript(key: String) -> PythonExpression? {
    guard case .dict(let entries) = kind else { return nil }
    return entries.first { $0.key.string == key }?.value
  }

  /// The elements of a tuple or list.
  var elements: [PythonExpression]? {
    switch kind {
    case .tuple(let items), .list(let items): items
    default: nil
    }
  }
}
