import FX

/// Python's own functions in the code of a graph, and the names that nodes have for them.
enum PythonFunctions {
  /// Binary operators, by their sign.
  static let binary: [String: String] = [
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
    "@": "matmul",
    "&": "and_", "|": "or_", "^": "xor", "<<": "lshift", ">>": "rshift", "==": "eq", "!=": "ne", "<": "lt",
    "<=": "le", ">": "gt", ">=": "ge",
  ]

  /// Unary operators, by their sign.
  static let unary: [String: String] = ["-": "neg", "+": "pos", "~": "invert", "not": "not_"]

  /// Statements that change their first operand, by their sign.
  static let updates: [String: String] = [
    "+=": "iadd", "-=": "isub", "*=": "imul", "/=": "itruediv", "//=": "ifloordiv", "%=": "imod",
    "**=": "ipow",
    "@=": "imatmul", "&=": "iand", "|=": "ior", "^=": "ixor", "<<=": "ilshift", ">>=": "irshift",
    "=": "setitem",
  ]

  /// Functions of `builtins` that graphs call.
  static let builtins: Set<String> = [
    "abs", "all", "any", "bool", "divmod", "float", "getattr", "hasattr", "int", "isinstance", "len", "list",
    "max",
    "min", "pow", "range", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type",
  ]

  /// The target of a call of the function that the code calls `name`.
  ///
  /// What is not PyTorch's is a global of the code, whose name has underscores for dots: `math_ceil`.
  static func target(_ name: String) -> Node.Target {
    if name.contains(".") { return Node.Target(name) }
    if builtins.contains(name) { return Node.Target("builtins.\(name)") }
    for module in ["math", "_operator", "builtins"] where name.hasPrefix("\(module)_") {
      return Node.Target("\(module).\(name.dropFirst(module.count + 1))")
    }
    return Node.Target(name)
  }
}
