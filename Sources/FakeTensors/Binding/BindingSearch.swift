import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// A depth-first search for symbols in a value.
///
/// Only the first place of each symbol counts.
struct BindingSearch {
  var wanted: Set<SymExpr.Symbol>
  let shapes: ShapeEnv
  let simplifies: Bool
  var found: [UnbackedBinding] = []
  var path: [BindingKey] = []

  init(wanted: Set<SymExpr.Symbol>, shapes: ShapeEnv, simplifies: Bool) {
    self.wanted = wanted
    self.shapes = shapes
    self.simplifies = simplifies
  }

  mutating func visit(_ value: FakeValue) {
    guard !wanted.isEmpty else { return }
    switch value {
    case .tensor(let tensor): visit(tensor)
    case .symInt(let value): visit(shapes.expression(value))
    case .symFloat(let value): visit(value.expression)
    case .symBool(let condition):
      if let symbol = shapes.truthSymbol(of: resolved(condition.expression)) {
        at(.convertInt) { $0.visit(symbol) }
      }
    case .list(let items), .tuple(let items):
      for (index, item) in items.enumerated() { at(.sequence(index)) { $0.visit(item) } }
    case .sizes(let sizes): visit(sizes)
    case .dictionary(let entries):
      for entry in entries {
        switch entry.key {
        case .string(let name): at(.mapping(name)) { $0.visit(entry.value) }
        // PyTorch writes both paths as `[0]`.
        case .int(let key): at(.sequence(key)) { $0.visit(entry.value) }
        }
      }
    default: break
    }
  }

  private mutating func visit(_ tensor: FakeTensor) {
    at(.callMethod(.size)) { $0.visit(tensor.sizes) }
    if tensor.layout == .strided { at(.callMethod(.stride)) { $0.visit(tensor.strides) } }
    at(.callMethod(.storageOffset)) { $0.visit(.symInt(tensor.storageOffset)) }
  }

  private mutating func visit(_ sizes: Sizes) {
    for (index, size) in sizes.enumerated() where size.isSymbolic {
      let expression = shapes.expression(size)
      at(.sequence(index)) { $0.visit(expression) }
    }
  }

  /// A number binds a symbol if it is the symbol or the symbol times one known factor.
  private mutating func visit(_ raw: SymExpr) {
    let expression = resolved(raw)
    if let symbol = shapes.arena.asSymbol(expression) {
      bind(symbol)
    } else if case .mul(let factors) = shapes.arena.view(of: expression), factors.count == 2 {
      for (factor, other) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        guard let symbol = shapes.arena.asSymbol(factor), wanted.contains(symbol),
          !shapes.arena.hasUnbacked(other)
        else { continue }
        at(.divideBy(shapes.symInt(other))) { $0.bind(symbol) }
        return
      }
    }
  }

  private func resolved(_ expression: SymExpr) -> SymExpr {
    simplifies ? shapes.resolve(expression) : expression
  }

  private mutating func bind(_ symbol: SymExpr.Symbol) {
    if wanted.remove(symbol) != nil { found.append(UnbackedBinding(symbol: symbol, path: path)) }
  }

  private mutating func at(_ key: BindingKey, _ body: (inout BindingSearch) -> Void) {
    path.append(key)
    body(&self)
    path.removeLast()
  }
}
