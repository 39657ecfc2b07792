import GraphPasses
import OperatorSchemas
import ProgramCosts
import SwiftFX
import SymbolicExpressions
import SymbolicShapes

extension FuzzKind {
  static let expressions = FuzzKind(
    "expressions", "expressions and guards: parse, decide, prove, solve, print"
  ) {
    choices in
    let shapes = ShapeEnv()
    for (name, hint) in [("s0", 8), ("s1", 3), ("s77", 128)] {
      shapes.createBackedSymbol(name, hint: choices.chance(200) ? .int(hint) : nil, range: choices.range())
    }
    for _ in 0..<3 { _ = shapes.createUnbackedInt() }
    if choices.chance(64) {
      shapes.beginRun(
        RunBudget(
          proofs: choices.below(100_000), searches: choices.below(1_000), operands: choices.below(100_000)))
    }
    var size = 0
    for _ in 0..<(1 + choices.below(4)) {
      var text = Array((choices.chance(128) ? choices.conditionText() : choices.expressionText()).utf8)
      if choices.chance(48) { text = choices.damaged(text) }
      size += text.count
      use(String(decoding: text, as: UTF8.self), shapes, &choices)
    }
    return size
  }

  private static func use(_ text: String, _ shapes: ShapeEnv, _ choices: inout FuzzBytes) {
    guard let expression = try? shapes.parse(text) else { return }
    let printed = shapes.text(raw: expression)
    _ = shapes.arena.pythonText(of: expression) { _ in "x" }
    let srepr = shapes.arena.srepr(of: expression)
    _ = try? shapes.parse(srepr: srepr)
    _ = try? shapes.parse(printed)
    _ = shapes.bound(of: expression)
    _ = shapes.hint(of: expression)
    _ = shapes.arena.evaluate(expression) { _ in .int(choices.pick(Hostile.integers)) }
    guard shapes.arena.isCondition(expression) else {
      guard shapes.arena.isInteger(expression) else { return }
      let value = shapes.symInt(expression)
      _ = shapes.provedBound(of: expression)
      switch choices.below(4) {
      case 0: _ = try? shapes.evaluateInt(value)
      case 1: shapes.markSizeLike(expression)
      case 2: shapes.constrain(expression, choices.range())
      default: _ = shapes.mul(value, shapes.floorDiv(value, 3))
      }
      return
    }
    let condition = SymBool(expression)
    _ = shapes.staticallyKnown(condition)
    _ = shapes.arena.canonicalBool(expression)
    switch choices.below(8) {
    case 0: _ = try? shapes.evaluate(condition)
    case 1: _ = try? shapes.require(condition)
    case 2: _ = shapes.guardOrFalse(condition)
    case 3: _ = shapes.check(condition)
    case 4: _ = shapes.assignment(where: [condition], budget: 500)
    case 5:
      if let symbol = shapes.arena.symbol(named: "u0") { _ = shapes.arena.trySolve(expression, for: symbol) }
    default:
      if let proof = shapes.prove(condition) {
        for premise in proof.premises { _ = shapes.text(of: premise) }
      }
    }
  }

  static let schemas = FuzzKind("schemas", "operator schemas as text") { choices in
    let name = choices.pick(SchemaTable.allNames)
    let words = [
      "(", ")", "[", "]", "Tensor", "SymInt[2]?", "*", "->", "=", "a!", "int", ",", "->(", "None", "1e999",
    ]
    let text = choices.damaged(Array((SchemaTable.text(for: name) ?? "").utf8), words: words)
    if let schema = try? FunctionSchema(String(decoding: text, as: UTF8.self)) {
      _ = try? FunctionSchema(schema.description)
    }
    return text.count
  }

  static let sizes = FuzzKind(
    "sizes", "sizes, cost assignments, input annotations and pass arguments as text"
  ) {
    choices in
    let samples = [
      "x=8x128", "x=1..64x128", "k=?x1..4096/8", "x: f32[s0, 8]", "s0=8", "x=i64[u0, s0*2]@cuda:0",
    ]
    let text = choices.damaged(Array(choices.pick(samples).utf8))
    let string = String(decoding: text, as: UTF8.self)
    _ = try? SizePattern(string)
    _ = try? CostAssignment.parse(string)
    _ = try? InputAnnotations(string)
    _ = try? PassTable.structural.pass("cse=" + string)
    return text.count
  }
}

extension FuzzBytes {
  /// A range with ends anywhere.
  mutating func range() -> IntRange {
    let (a, b) = (pick(Hostile.integers), pick(Hostile.integers))
    switch below(4) {
    case 0: return IntRange(lower: min(a, b), upper: max(a, b))
    case 1: return IntRange(lower: 0, upper: .max)
    default: return IntRange(lower: 2, upper: .max)
    }
  }
}
