import SwiftFX

/// Compares a fake value with PyTorch's: expressions are parsed into one arena, so equal ones have the same handle.
///
/// Each implementation numbers unbound symbols in its own way. Expressions that contain one are compared with
/// those symbols renamed in order of appearance.
struct ValueComparison {
  let shapes: ShapeEnv

  init(_ shapes: ShapeEnv) { self.shapes = shapes }

  /// The difference, or `nil`.
  func difference(_ expected: CorpusGolden.Value, _ value: FakeValue) -> String? {
    switch (expected, value) {
    case (.tensor(let dtype, let sizes, let strides, let offset), .tensor(let tensor)):
      if dtype != tensor.dtype.name { return "dtype \(tensor.dtype.name), not \(dtype)" }
      if !agree(sizes, tensor.sizes) { return "sizes \(shapes.shortText(of: tensor.sizes)), not \(sizes)" }
      if !agree(strides, tensor.strides) {
        return "strides \(shapes.shortText(of: tensor.strides)), not \(strides)"
      }
      if !agree(offset, shapes.expression(tensor.storageOffset)) {
        return "offset \(shapes.text(of: tensor.storageOffset)), not \(offset)"
      }
      return nil
    case (.number(let text), .symInt(let number)):
      return agree(text, shapes.expression(number)) ? nil : "\(shapes.text(of: number)), not \(text)"
    case (.number(let text), .symFloat(let number)):
      return agree(text, number.expression) ? nil : "\(shapes.text(of: number.expression)), not \(text)"
    case (.number(let text), .symBool(let condition)):
      return agree(text, condition.expression) ? nil : "\(shapes.text(of: condition.expression)), not \(text)"
    case (.number(let text), .bool(let flag)):
      return text == (flag ? "True" : "False") || agree(text, flag ? .true : .false)
        ? nil : "\(flag), not \(text)"
    case (.number(let text), .float(let number)):
      return Double(text) == number ? nil : "\(number), not \(text)"
    case (.items(let items), _):
      guard let elements = value.elements, elements.count == items.count else { return "other items" }
      for (index, (a, b)) in zip(items, elements).enumerated() {
        if let inner = difference(a, b) { return "[\(index)] \(inner)" }
      }
      return nil
    case (.none, .none): return nil
    case (.text(let expected), .string(let found)), (.submodule(let expected), .submodule(let found)),
      (.opaque(let expected), .opaque(let found)):
      return found == expected ? nil : "'\(found)', not '\(expected)'"
    default: return "\(shapes.shortText(of: value) ?? "None"), not \(expected)"
    }
  }

  private func agree(_ texts: [String], _ sizes: Sizes) -> Bool {
    texts.count == sizes.count && zip(texts, sizes).allSatisfy { agree($0, shapes.expression($1)) }
  }

  private func agree(_ text: String, _ found: SymExpr) -> Bool {
    let found = shapes.resolve(found)
    if shapes.text(of: found) == text { return true }
    guard let expected = try? shapes.parse(text) else { return false }
    if shapes.resolve(expected) == found { return true }
    // A condition that is constant here may be an expression there.
    guard let truth = SymBool(found).constant else { return false }
    return shapes.staticallyKnown(SymBool(expected)) == truth
  }
}
