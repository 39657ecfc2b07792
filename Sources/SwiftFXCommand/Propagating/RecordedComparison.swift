import SwiftFX

/// Compares the result with the archive's recorded values: sizes, strides, dtypes and numbers, node by node.
///
/// PyTorch records the offset of views as zero, so offsets are not compared.
struct RecordedComparison {
  private(set) var lines: [String] = []

  init(_ loaded: LoadedProgram, _ result: Propagation, showsAll: Bool) {
    let graph = loaded.exported.graphModule.graph
    let shapes = loaded.program.shapes
    let omissions = loaded.exported.recordedValues[""]?.omissions ?? []
    var compared = 0
    var differences: [(node: String, recorded: String, found: String)] = []
    for node in graph.nodes where graph.op(of: node) == .callFunction {
      guard let value = result.values[node], let recorded = loaded.program.recordedValue(of: node, in: "")
      else { continue }
      compared += 1
      if !Self.agree(recorded, value, shapes, omitting: omissions) {
        differences.append(
          (graph.name(of: node), Self.text(recorded, shapes), Self.text(value, shapes)))
      }
    }
    guard compared > 0 else { return }
    lines.append("  recorded  \(compared - differences.count) of \(compared) values agree")
    for (node, recorded, found) in differences.prefix(showsAll ? .max : 8) {
      lines.append("  differs   \(node): recorded \(recorded), found \(found)")
    }
    if !showsAll, differences.count > 8 {
      lines.append("            \(differences.count - 8) more, --all shows them")
    }
  }

  private static func text(_ value: FakeValue, _ shapes: ShapeEnv) -> String {
    guard case .tensor(let tensor) = value else { return shapes.shortText(of: value) ?? "None" }
    return shapes.shortText(of: tensor) + " strides " + shapes.shortText(of: tensor.strides)
  }

  /// Whether the recorded value `a` and the propagated `b` agree in everything that is compared.
  ///
  /// Sizes that are written differently agree if they are proved to be equal. What `omissions` lists is not
  /// compared.
  static func agree(
    _ a: FakeValue, _ b: FakeValue, _ shapes: ShapeEnv, omitting omissions: RecordedValues.Omissions = []
  ) -> Bool {
    if let x = a.elements, let y = b.elements { return allAgree(x, y, shapes, omissions) }
    switch (a, b) {
    // The archive has no value for the node.
    case (.none, _): return true
    case (.tensor(let x), .tensor(let y)):
      return x.dtype == y.dtype && (omissions.contains(.devices) || x.device == y.device)
        && x.layout == y.layout
        && agree(x.sizes, y.sizes, shapes)
        && (omissions.contains(.strides) || agree(x.strides, y.strides, shapes))
    case (.symInt(let x), .symInt(let y)): return agree(x, y, shapes)
    case (.dictionary(let x), .dictionary(let y)):
      return x.map(\.key) == y.map(\.key) && allAgree(x.map(\.value), y.map(\.value), shapes, omissions)
    default:
      // Compare other numbers, and values without sizes, by their text.
      return shapes.shortText(of: a) == shapes.shortText(of: b)
    }
  }

  private static func allAgree(
    _ a: [FakeValue], _ b: [FakeValue], _ shapes: ShapeEnv, _ omissions: RecordedValues.Omissions
  ) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1, shapes, omitting: omissions) }
  }

  private static func agree(_ a: Sizes, _ b: Sizes, _ shapes: ShapeEnv) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1, shapes) }
  }

  private static func agree(_ a: SymInt, _ b: SymInt, _ shapes: ShapeEnv) -> Bool {
    let (a, b) = (shapes.resolve(a), shapes.resolve(b))
    return a == b || shapes.prove(shapes.eq(a, b))?.holds == true
  }
}
