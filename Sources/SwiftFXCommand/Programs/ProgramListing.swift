import SwiftFX

/// What `swiftfx show` prints: the code with shapes, the signature, the constraints.
struct ProgramListing {
  let loaded: LoadedProgram
  var annotations: AnnotationOptions = []
  var style = ReadableStyle()

  private var shapes: ShapeEnv { loaded.program.shapes }

  var text: String {
    let exported = loaded.exported
    let graph = exported.graphModule.graph
    var code = exported.graphModule.readable(
      symbols: { shapes.text(raw: $0) },
      annotation: { path, node in
        loaded.program.recordedValue(of: node, in: path).flatMap { shapes.annotation(of: $0, annotations) }
      }, style: style)
    while code.last == "\n" { code.removeLast() }
    return [
      Escaped.line(
        "\(loaded.name)   PyTorch \(exported.torchVersion)   schema \(exported.schemaVersion)   \(graph.nodes.count) nodes"
      ),
      code, section("inputs", exported.signature.inputSpecs.map(text)),
      section("outputs", exported.signature.outputSpecs.map(text)),
      section("ranges", exported.rangeConstraints.map(text)), section("guards", exported.guardsCode),
    ].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    lines.isEmpty ? "" : "\(title):\n" + lines.map { "  \(Escaped.line($0))" }.joined(separator: "\n")
  }

  private func text(_ spec: InputSpec) -> String {
    "\(spec.argument.name ?? "constant"): \(spec.kind)" + (spec.target.map { " target='\($0)'" } ?? "")
  }

  private func text(_ spec: OutputSpec) -> String {
    "\(spec.argument.name ?? "constant"): \(spec.kind)" + (spec.target.map { " target='\($0)'" } ?? "")
  }

  private func text(_ constraint: RangeConstraint) -> String {
    let range = IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max)
    return "\(constraint.text): \(ShapeEnv.text(of: range))"
  }
}
