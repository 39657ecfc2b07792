/// Names of inputs and symbols as variables of generated code.
enum SourceIdentifier {
  /// A valid identifier in all three languages.
  static func valid(_ name: String, taken: [String]) -> String {
    var text = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if text.first.map({ $0.isNumber }) ?? true { text = "_" + text }
    if reserved.contains(text) || text.hasPrefix("t") && Int(text.dropFirst()) != nil { text += "_" }
    while taken.contains(text) { text += "_" }
    return text
  }

  /// Keywords of the three languages, and names used in the functions.
  private static let reserved = Set(
    """
    and as assert async await auto bad bool break case catch char class const continue def default defer del do
    double elif else enum except extension extern fallthrough false finally float for from func global goto guard
    if import in init inline inout int internal is lambda let long math max min nil none nonlocal not null open
    operator or pass precedencegroup private protocol public raise refusal register rethrows return self short
    signed sizeof static struct subscript super switch throw throws trunc try true typealias typedef union unsigned
    var void volatile where while with yield add multiply remainder magnitude power divide integer real len abs
    round floor ceil rint sqrt log2 pow False None True checked shiftRight floorDivide before isnan print Int Double
    String Bool NULL INT64_MIN INT64_MAX INT64_C HUGE_VAL INFINITY int64_t _power fx_add fx_mul fx_floordiv fx_mod
    fx_min fx_max fx_abs fx_pow fx_shr fx_real fx_div fx_int
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
