public import SymbolicExpressions
public import SymbolicShapes
import TensorVocabulary

/// Where the symbols of a value are found, and what is found there.
extension ShapeEnv {
  /// The places in `value` that bind the symbols which wait to be found.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `pendingUnbackedNotFound` when one is nowhere in the value.
  /// - Source: `compute_unbacked_bindings`.
  public func computeUnbackedBindings(of value: FakeValue) throws(SymbolicShapeError) -> [UnbackedBinding] {
    let pending = takePendingFresh()
    guard !pending.isEmpty else { return [] }
    var search = BindingSearch(wanted: Set(pending), shapes: self, simplifies: false)
    search.visit(value)
    if let missing = pending.first(where: { search.wanted.contains($0) }) {
      let name = arena.name(of: missing)
      throw SymbolicShapeError(
        .pendingUnbackedNotFound, expression: arena.handle(of: missing), simplified: name,
        message:
          "Pending unbacked symbols {\(name)} not in returned outputs \(shortText(of: value) ?? "None")")
    }
    return search.found
  }

  /// The first place of each of `symbols` in `value`; symbols that are nowhere in it are left out.
  public func findBindings(of symbols: Set<Symbol>, in value: FakeValue) -> [UnbackedBinding] {
    guard !symbols.isEmpty else { return [] }
    var search = BindingSearch(wanted: symbols, shapes: self, simplifies: true)
    search.visit(value)
    return search.found
  }

  /// What lies at `path` in `value`, as an expression: a size, a stride, an offset or a number.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `bindingPathNotFound`.
  public func expression(at path: [BindingKey], in value: FakeValue) throws(SymbolicShapeError) -> SymExpr {
    var place = BindingPlace(value)
    for key in path {
      guard let next = place.step(key, self) else {
        throw SymbolicShapeError(
          .bindingPathNotFound, expression: nil, simplified: "",
          message: "the value \(shortText(of: value) ?? "None") has nothing at \(pathText(path))")
      }
      place = next
    }
    guard let expression = place.expression(self) else {
      throw SymbolicShapeError(
        .bindingPathNotFound, expression: nil, simplified: "",
        message: "the value \(shortText(of: value) ?? "None") holds no number at \(pathText(path))")
    }
    return expression
  }

  /// `.size()[0]`, `[1].storage_offset()`.
  public func pathText(_ path: [BindingKey]) -> String {
    path.map { key in
      switch key {
      case .callMethod(.size): ".size()"
      case .callMethod(.stride): ".stride()"
      case .callMethod(.storageOffset): ".storage_offset()"
      case .sequence(let index): "[\(index)]"
      case .mapping(let name): "['\(name)']"
      case .innerTensor(let name): ".\(name)"
      case .divideBy(let value): " // \(text(of: value))"
      case .convertInt: ".cast_symbool_to_symint_guardless()"
      }
    }.joined()
  }
}

/// A point on the way along a path.
private enum BindingPlace {
  case value(FakeValue)
  case integers(Sizes)
  case number(SymExpr)

  init(_ value: FakeValue) { self = .value(value) }

  func step(_ key: BindingKey, _ shapes: ShapeEnv) -> BindingPlace? {
    switch (self, key) {
    case (.value(.tensor(let tensor)), .callMethod(let method)):
      switch method {
      case .size: return .integers(tensor.sizes)
      case .stride: return .integers(tensor.strides)
      case .storageOffset: return .value(.symInt(tensor.storageOffset))
      }
    case (.integers(let sizes), .sequence(let index)), (.value(.sizes(let sizes)), .sequence(let index)):
      return sizes.indices.contains(index) ? .value(.symInt(sizes[index])) : nil
    case (.value(let value), .sequence(let index)):
      guard let elements = value.elements, elements.indices.contains(index) else { return nil }
      return .value(elements[index])
    case (.value(.dictionary(let entries)), .mapping(let name)):
      return entries.first { $0.key == name }.map { .value($0.value) }
    case (_, .divideBy(let divisor)):
      guard let expression = expression(shapes) else { return nil }
      return .number(shapes.arena.cleanDiv(expression, shapes.expression(divisor)))
    case (.value(.symBool(let condition)), .convertInt):
      // `Eq(u, 1)` is the image of a truth value `u`.
      return shapes.truthSymbol(of: condition.expression).map { .number($0) } ?? .number(condition.expression)
    case (.value(.bool(let value)), .convertInt): return .number(value ? .one : .zero)
    default: return nil
    }
  }

  func expression(_ shapes: ShapeEnv) -> SymExpr? {
    switch self {
    case .number(let expression): expression
    case .value(.symInt(let value)): shapes.expression(value)
    case .value(.symFloat(let value)): value.expression
    case .value(.symBool(let value)): value.expression
    case .value(.float(let value)): shapes.arena.float(value)
    case .value(.bool(let value)): value ? .true : .false
    default: nil
    }
  }
}

/// Depth-first search for symbols in a value.
///
/// The first place of each counts.
private struct BindingSearch {
  var wanted: Set<Symbol>
  let shapes: ShapeEnv
  let simplifies: Bool
  var found: [UnbackedBinding] = []
  var path: [BindingKey] = []

  init(wanted: Set<Symbol>, shapes: ShapeEnv, simplifies: Bool) {
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
    case .dictionary(let entries): for entry in entries { at(.mapping(entry.key)) { $0.visit(entry.value) } }
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

  /// A number binds a symbol when it is the symbol, or the symbol times one factor that is known.
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

  private mutating func bind(_ symbol: Symbol) {
    if wanted.remove(symbol) != nil { found.append(UnbackedBinding(symbol: symbol, path: path)) }
  }

  private mutating func at(_ key: BindingKey, _ body: (inout BindingSearch) -> Void) {
    path.append(key)
    body(&self)
    path.removeLast()
  }
}

extension ShapeEnv {
  /// `u`, when `condition` is `Eq(u, 1)`.
  func truthSymbol(of condition: SymExpr) -> SymExpr? {
    guard case .relation(.eq, let lhs, let rhs) = arena.view(of: condition) else { return nil }
    if rhs == .one, arena.asSymbol(lhs) != nil { return lhs }
    if lhs == .one, arena.asSymbol(rhs) != nil { return rhs }
    return nil
  }
}
