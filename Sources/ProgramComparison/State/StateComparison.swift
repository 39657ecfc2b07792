import ExportedPrograms
import FX
import ZipArchives

/// Which parameters, buffers and constants of two programs are the same, by name or else by content.
struct StateComparison {
  private(set) var changed: [String] = []
  private(set) var kindChanged: [String] = []
  private(set) var renamed: [(a: String, b: String)] = []
  private(set) var removed: [String] = []
  private(set) var added: [String] = []
  /// The placeholders that stand for the same parameter, buffer or constant.
  private(set) var pairs: [(Node, Node)] = []

  init(_ a: ComparedProgram, _ b: ComparedProgram) {
    var others: [String: ComparedProgram.Input] = [:]
    for input in b.state { if let name = input.spec?.target { others[name] = input } }
    var left: [ComparedProgram.Input] = []
    for input in a.state {
      guard let name = input.spec?.target else { continue }
      guard let other = others.removeValue(forKey: name) else {
        left.append(input)
        continue
      }
      pairs.append((input.node, other.node))
      if !Self.hasEqualContents(input, other) { changed.append(name) }
      if !Self.isOfSameKind(input, other) { kindChanged.append(name) }
    }
    var right = b.state.filter { input in input.spec?.target.map { others[$0] != nil } ?? false }
    for input in left {
      guard let name = input.spec?.target else { continue }
      let position = right.firstIndex { other in
        Self.isOfSameKind(input, other) && (input.tensor != nil || input.object != nil)
          && Self.hasEqualContents(input, other)
      }
      if let position, let other = right[position].spec?.target {
        pairs.append((input.node, right.remove(at: position).node))
        renamed.append((name, other))
      } else {
        removed.append(name)
      }
    }
    added = right.compactMap { $0.spec?.target }
  }

  /// Whether both have the same elements; values that an archive does not store are taken for equal.
  private static func hasEqualContents(_ a: ComparedProgram.Input, _ b: ComparedProgram.Input) -> Bool {
    if let a = a.tensor, let b = b.tensor { return a.hasEqualContents(b) }
    if let a = a.object, let b = b.object {
      return a.count == b.count && a.withUnsafeBytes { mine in b.withUnsafeBytes { $0.elementsEqual(mine) } }
    }
    return (a.tensor == nil) == (b.tensor == nil)
  }

  private static func isOfSameKind(_ a: ComparedProgram.Input, _ b: ComparedProgram.Input) -> Bool {
    a.spec?.kind == b.spec?.kind && (a.spec?.isPersistent ?? true) == (b.spec?.isPersistent ?? true)
  }
}
