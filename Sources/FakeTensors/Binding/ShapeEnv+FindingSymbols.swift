public import SymbolicExpressions
public import SymbolicShapes
import TensorVocabulary

/// Finds symbols in a value, and what lies at a path.
extension ShapeEnv {
  /// The places in `value` that bind the pending symbols.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `pendingUnbackedNotFound` if one does not occur in the value.
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

  /// The first place of each of `symbols` in `value`; symbols that do not occur in it are left out.
  public func findBindings(of symbols: Set<SymExpr.Symbol>, in value: FakeValue) -> [UnbackedBinding] {
    guard !symbols.isEmpty else { return [] }
    var search = BindingSearch(wanted: symbols, shapes: self, simplifies: true)
    search.visit(value)
    return search.found
  }

  /// The expression at `path` in `value`: a size, a stride, an offset or a number.
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
