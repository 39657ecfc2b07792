import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Which symbol of one program is called what in the other, and what an expression of the first is in the second.
struct SymbolAlignment {
  private let a: ComparedProgram
  private let b: ComparedProgram
  /// The names in B by the names in A, in the order in which they were found.
  private(set) var names: [(a: String, b: String)] = []
  private var toB: [String: String] = [:]
  private var toA: [String: String] = [:]
  private var translations: [SymExpr: SymExpr?] = [:]

  init(_ a: ComparedProgram, _ b: ComparedProgram) {
    self.a = a
    self.b = b
  }

  /// Aligns the symbols that are sizes of two inputs in the same place, or bound by two calls in the same place,
  /// of the graphs at two paths.
  mutating func align(_ pairs: [(Node, Node)], _ pathA: String, _ pathB: String) {
    guard let graph = a.module(at: pathA)?.graph else { return }
    for (x, y) in pairs {
      if graph.op(of: x) == .placeholder { alignValues(x, y, pathA, pathB) }
      let bindings = a.program.bindings(of: x, in: pathA)
      if bindings.isEmpty { continue }
      let others = b.program.bindings(of: y, in: pathB)
      for binding in bindings {
        guard let other = others.first(where: { $0.path == binding.path }) else { continue }
        align(a.shapes.arena.handle(of: binding.symbol), b.shapes.arena.handle(of: other.symbol))
      }
    }
  }

  /// Aligns symbols whose binding calls have no counterpart by the first counterparts that show them in one place.
  mutating func alignRest(_ pairs: [(Node, Node)], _ pathA: String, _ pathB: String) {
    let (all, others) = (a.shapes.symbols.count, b.shapes.symbols.count)
    for (x, y) in pairs {
      if toB.count == all || toA.count == others { return }
      alignValues(x, y, pathA, pathB)
    }
  }

  /// Aligns the symbols that two recorded values show in one place.
  private mutating func alignValues(_ x: Node, _ y: Node, _ pathA: String, _ pathB: String) {
    guard let valueA = a.value(of: x, in: pathA), let valueB = b.value(of: y, in: pathB) else { return }
    for (m, n) in zip(Self.numbers(of: valueA, a.shapes), Self.numbers(of: valueB, b.shapes)) { align(m, n) }
  }

  private static func numbers(of value: FakeValue, _ shapes: ShapeEnv) -> [SymExpr] {
    switch value {
    case .tensor(let tensor): tensor.sizes.map { shapes.expression($0) }
    case .symInt(let number): [shapes.expression(number)]
    case .symFloat(let number): [number.expression]
    default: []
    }
  }

  private mutating func align(_ m: SymExpr, _ n: SymExpr) {
    guard let x = a.shapes.arena.asSymbol(m), let y = b.shapes.arena.asSymbol(n) else { return }
    let (nameA, nameB) = (a.shapes.arena.name(of: x), b.shapes.arena.name(of: y))
    guard toB[nameA] == nil, toA[nameB] == nil else { return }
    toB[nameA] = nameB
    toA[nameB] = nameA
    names.append((nameA, nameB))
  }

  /// An expression of A in B's symbols; `nil` when a symbol has no counterpart.
  mutating func translate(_ expression: SymExpr) -> SymExpr? {
    if let known = translations[expression] { return known }
    let isKnown = a.shapes.arena.freeSymbols(of: expression).allSatisfy {
      toB[a.shapes.arena.name(of: $0)] != nil
    }
    let result = isKnown ? try? b.shapes.parse(text(of: expression)) : nil
    translations[expression] = .some(result)
    return result
  }

  /// Whether an expression of A reads as one of B does.
  ///
  /// A size that was left factored may be expanded when its text is parsed; and a symbol that no input shows alone has
  /// the counterpart of the same name.
  func read(_ m: SymExpr, as n: SymExpr) -> Bool {
    let hasCounterparts = a.shapes.arena.freeSymbols(of: m).allSatisfy {
      let name = a.shapes.arena.name(of: $0)
      return toB[name] != nil || toA[name] == nil
    }
    return hasCounterparts && text(of: m) == b.shapes.arena.text(of: n)
  }

  /// The text of an expression of A, in B's symbols.
  private func text(of expression: SymExpr) -> String {
    a.shapes.arena.text(of: expression).replacingWords { toB[$0] }
  }
}
