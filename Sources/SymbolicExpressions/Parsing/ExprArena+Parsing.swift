extension ExprArena {
  /// Parses Python's notation, as in `str` of an expression and in `guards_code`: `2*u0 + 1`, `(s0//4)`, `Eq(u0, s0)`,
  /// `2 <= s0 and s0 <= 8`, `Mod(s0, 2)`.
  ///
  /// - Parameters:
  ///   - text: the text to parse.
  ///   - unknownSymbol: the meaning of a name that is not a symbol yet; nil makes it an error.
  /// - Returns: the expression in normal form.
  /// - Throws: ``ExpressionParseError``, with the byte at which parsing stopped.
  public mutating func parse(
    _ text: String, unknownSymbol: (String) -> SymExpr? = { _ in nil }
  ) throws(ExpressionParseError) -> SymExpr {
    try parse(bytes: text.utf8, unknownSymbol: unknownSymbol)
  }

  /// ``parse(_:unknownSymbol:)`` for UTF-8 bytes.
  public mutating func parse(
    bytes: some Sequence<UInt8>, unknownSymbol: (String) -> SymExpr? = { _ in nil }
  ) throws(ExpressionParseError) -> SymExpr {
    var parser = try InfixParser([UInt8](bytes))
    return try parser.parse(&self, unknownSymbol)
  }

  /// Parses constructor calls as `srepr` writes them, and builds the expression by the laws.
  ///
  /// New symbols are created with the assumptions in the text; existing symbols keep theirs. A symbol named `u<number>`
  /// or `zuf<number>` is unbacked.
  ///
  /// - Throws: ``ExpressionParseError``, with the byte at which parsing stopped.
  public mutating func parseSrepr(_ text: String) throws(ExpressionParseError) -> SymExpr {
    try parseSrepr(bytes: text.utf8)
  }

  /// ``parseSrepr(_:)`` for UTF-8 bytes.
  public mutating func parseSrepr(bytes: some Sequence<UInt8>) throws(ExpressionParseError) -> SymExpr {
    var parser = try SreprParser([UInt8](bytes))
    return try parser.parse(&self)
  }

  /// Whether PyTorch gives unbacked symbols names like this one.
  static func isUnbackedName(_ name: String) -> Bool {
    let digits = name.hasPrefix("zuf") ? name.dropFirst(3) : name.hasPrefix("u") ? name.dropFirst() : ""
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
