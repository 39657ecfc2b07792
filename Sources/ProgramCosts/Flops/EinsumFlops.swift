import FakeTensors
import SymbolicShapes

extension CountedCall {
  /// `einsum(equation, operands, path)`: operands are multiplied pair by pair, by `bmm` where something is summed over
  /// both, else elementwise.
  ///
  /// - Source: `einsum`, `sumproduct_pair`, `aten/src/ATen/native/Linear.cpp`.
  func einsum() -> SymInt? {
    guard case .string(let text) = self[0], let tensors = tensors(1),
      var operands = LabelledOperands(text, tensors)
    else { return nil }
    var path = (integers(2) ?? []).makeIterator()
    var flops: SymInt = 0
    while operands.labels.count > 1 {
      var pair = (0, 1)
      if let first = path.next()?.constant, let second = path.next()?.constant {
        pair = (Swift.min(first, second), Swift.max(first, second))
      }
      guard let product = operands.contract(pair.0, pair.1, shapes) else { return nil }
      flops = shapes.add(flops, product)
    }
    return flops
  }
}

/// The operands of an equation such as `bij,bjk->bik`, each as the set of its labels.
///
/// Dims of size 1 have none.
private struct LabelledOperands {
  /// A letter, or a dim of the ellipsis counted from the end.
  enum Label: Hashable {
    case letter(Character)
    case ellipsis(Int)
  }

  var labels: [Set<Label>] = []
  private var sizes: [Label: SymInt] = [:]
  private var kept: Set<Label> = []

  init?(_ text: String, _ tensors: [FakeTensor]) {
    let sides = text.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
    guard let left = sides.first else { return nil }
    let terms = (sides.count == 2 ? left.dropLast() : left).split(
      separator: ",", omittingEmptySubsequences: false)
    guard terms.count == tensors.count else { return nil }
    var uses: [Label: Int] = [:]
    var widest = 0
    for (term, tensor) in zip(terms, tensors) {
      let letters = term.filter { $0 != "." }
      let extra = tensor.rank - letters.count
      guard extra >= 0, extra == 0 || term.contains("...") else { return nil }
      widest = Swift.max(widest, extra)
      var set: Set<Label> = []
      for (label, size) in zip(Self.labels(term, ellipsis: extra), tensor.sizes) {
        uses[label, default: 0] += 1
        guard size != 1 else { continue }
        sizes[label] = size
        set.insert(label)
      }
      labels.append(set)
    }
    if sides.count == 2 {
      kept = Set(Self.labels(sides[1], ellipsis: widest))
    } else {
      kept = Set(uses.filter { $0.value == 1 }.keys).union((0..<widest).map { .ellipsis($0) })
    }
  }

  private static func labels(_ term: Substring, ellipsis: Int) -> [Label] {
    var labels: [Label] = []
    var dots = 0
    for character in term {
      if character != "." {
        labels.append(.letter(character))
        continue
      }
      dots += 1
      if dots == 3 { labels += (0..<ellipsis).reversed().map { .ellipsis($0) } }
    }
    return labels
  }

  /// Replaces two operands by their product; `nil` if the operands do not exist.
  mutating func contract(_ i: Int, _ j: Int, _ shapes: ShapeEnv) -> SymInt? {
    guard i >= 0, i < j, j < labels.count else { return nil }
    let (right, left) = (labels.remove(at: j), labels.remove(at: i))
    // Without a path the product comes first, with one it comes last; the order of the others does not change.
    let rest = labels.reduce(into: kept) { $0.formUnion($1) }
    let summed = left.intersection(right).subtracting(rest)
    // A label of only one operand that is not needed later is summed first.
    let all = left.union(right).filter { rest.contains($0) || summed.contains($0) }
    labels.insert(all.subtracting(summed), at: i == 0 && j == 1 ? 0 : labels.count)
    if summed.isEmpty { return 0 }
    return shapes.mul(2, shapes.product(all.compactMap { sizes[$0] }))
  }
}
