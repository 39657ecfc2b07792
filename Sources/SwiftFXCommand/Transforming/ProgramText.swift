import SwiftFX

/// A program as `print(exported_program)` writes it, with strides and devices; what `transform` writes for a text.
///
/// Reading it gives the program again.
struct ProgramText {
  private let program: FakeProgram

  /// - Throws: ``PropagationError`` when an expression of the program cannot be read.
  init(_ exported: ExportedProgram) throws { program = try FakeProgram(exported) }

  private var shapes: ShapeEnv { program.shapes }

  var text: String {
    let exported = program.exported
    var code = exported.graphModule.readable(
      symbols: { shapes.text(raw: $0) },
      annotation: { path, node in program.recordedValue(of: node, in: path).flatMap(annotation) })
    while code.last == "\n" { code.removeLast() }
    let indented = code.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? "" : "    \($0)"
    }
    let ranges = exported.rangeConstraints.map { constraint in
      let bound = { (value: Int?, infinity: String) in value.map { "\($0)" } ?? infinity }
      return
        "\(constraint.text): VR[\(bound(constraint.lower, "-int_oo")), \(bound(constraint.upper, "int_oo"))]"
    }
    return
      (["ExportedProgram:"] + indented + signature(of: exported) + [
        "Range constraints: {\(ranges.joined(separator: ", "))}", "",
      ]).joined(separator: "\n")
  }

  private func signature(of exported: ExportedProgram) -> [String] {
    let signature = exported.signature
    guard !signature.inputSpecs.isEmpty || !signature.outputSpecs.isEmpty else { return [""] }
    func line(_ argument: ArgumentSpec, _ kind: String, _ target: String?) -> String {
      "    \(argument.name ?? "None"): \(kind)" + (target.map { " target='\($0)'" } ?? "")
    }
    let inputs = signature.inputSpecs.map { spec in
      line(spec.argument, "\(spec.kind)", spec.target)
        + (spec.isPersistent.map { " persistent=\($0 ? "True" : "False")" } ?? "")
    }
    let outputs = signature.outputSpecs.map { line($0.argument, "\($0.kind)", $0.target) }
    return ["", "Graph signature:", "    # inputs"] + inputs + ["", "    # outputs"] + outputs + [""]
  }

  /// `f32[s0, 16][16, 1]cpu` of a tensor, `Sym(s0)` of a number.
  private func annotation(_ value: FakeValue) -> String? {
    if case .symInt(let size) = value, let number = size.constant { return "Sym(\(number))" }
    let isStrided = value.tensor?.layout == .strided
    return shapes.annotation(of: value, isStrided ? [.strides, .device] : [])
  }
}
