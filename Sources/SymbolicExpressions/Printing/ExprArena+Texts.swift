extension ExprArena {
  /// The text of `e` as PyTorch prints it, which is sympy's `str`: `2*u0`, `(s0//4)`, `Max(1, u0)`,
  /// `Eq(u0, s0)`, `u0 >= 0`.
  ///
  /// A text longer than 65,536 bytes breaks off with `…`.
  public func text(of e: SymExpr) -> String {
    var printer = ExpressionPrinter()
    printer.print(e, self)
    return String(decoding: printer.bytes, as: UTF8.self)
  }

  /// Appends the UTF-8 bytes of ``text(of:)``.
  public func write(_ e: SymExpr, into buffer: inout [UInt8]) {
    ExpressionPrinter.write(e, into: &buffer, self)
  }

  /// The constructor calls that build `e`, as sympy's `srepr` writes them and archives store them.
  ///
  /// `2*u0 + 1` gives `Add(Mul(Integer(2), Symbol('u0', integer=True)), Integer(1))`.
  public func srepr(of e: SymExpr) -> String {
    var printer = SreprPrinter(bytes: [])
    printer.print(e, self)
    return String(decoding: printer.bytes, as: UTF8.self)
  }

  /// `e` as the Python code that an author would write, with a name for each symbol: `n // 2 >= x.shape[0]`.
  ///
  /// Conditions are combined with `&`, `|` and `torch.sym_not`, which work on symbolic conditions.
  public func pythonText(of e: SymExpr, name: (SymExpr.Symbol) -> String) -> String {
    PythonPrinter.text(of: e, self, name)
  }
}
