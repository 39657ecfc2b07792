extension Node {
  /// What a node calls or refers to, as written in archives.
  ///
  /// | op | target |
  /// |---|---|
  /// | `call_function` | `torch.ops.aten.add.Tensor`, `torch.ops.higher_order.cond`, `_operator.getitem` |
  /// | `call_method` | `size` |
  /// | `call_module`, `get_attr` | `layers.0.weight` |
  /// | `placeholder` | `x`, `*args` |
  /// | `output` | `output` |
  public struct Target: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The target's text, with Python's own module names.
    public let text: String

    /// Creates the target with this text.
    public init(_ text: String) { self.text = text }

    /// Creates the target with this text.
    public init(stringLiteral text: String) { self.text = text }

    /// The target's text.
    public var description: String { text }
  }
}

extension Node.Target {
  /// Creates the target of an operator call.
  ///
  /// `aten.mul.Tensor` and `higher_order.cond` get the prefix `torch.ops.`. A name that already has it, or the name of
  /// another function, is unchanged.
  public init(operator name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isOverload = parts.count == 3 && parts[0] != "torch"
    let isHigherOrder = parts.count == 2 && parts[0] == "higher_order"
    self.init(isOverload || isHigherOrder ? "torch.ops.\(name)" : name)
  }

  /// The function that selects one element of a sequence or mapping.
  public static let getitem: Self = "_operator.getitem"

  /// Whether this is an overload such as `torch.ops.aten.add.Tensor`.
  public var isOperatorOverload: Bool {
    text.hasPrefix("torch.ops.") && !isHigherOrder && text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 4
  }

  /// Whether this is a higher-order operator such as `torch.ops.higher_order.cond`.
  public var isHigherOrder: Bool { text.hasPrefix("torch.ops.higher_order.") }

  /// How `str(graph)` prints a function: `operator.getitem` for `_operator.getitem`.
  var prettyPrinted: String {
    text.hasPrefix("_operator.") ? String(text.dropFirst()) : text
  }

  /// Python's `__name__`: `add.Tensor` for `torch.ops.aten.add.Tensor`, `getitem` for `_operator.getitem`.
  var pythonName: String {
    let parts = text.split(separator: ".")
    guard let last = parts.last else { return text }
    return isOperatorOverload ? "\(parts[3]).\(last)" : String(last)
  }

  /// Python's `str` of a function: `aten.add.Tensor`, `cond`, `<built-in function getitem>`.
  var pythonText: String {
    if isOperatorOverload { return String(text.dropFirst("torch.ops.".count)) }
    if isHigherOrder { return pythonName }
    let isBuiltin = text.hasPrefix("_operator.") || text.hasPrefix("math.")
    return isBuiltin ? "<built-in function \(pythonName)>" : "<function \(pythonName)>"
  }
}
