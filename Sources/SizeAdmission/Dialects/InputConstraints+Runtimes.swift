import EscapedTexts
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

extension InputConstraints {
  /// `ct.RangeDim` for a symbol; a size with few values, because a divisor is known, is enumerated.
  ///
  /// - Source: coremltools 8, "Flexible input shapes".
  var coreMLLines: [String] {
    var lines = ["import coremltools as ct", "import numpy as np", ""]
    // A symbol may be named once only: inputs share its object.
    for variable in variables {
      lines.append("\(variable.name) = \(rangeDim(shapes.arena.handle(of: variable.symbol)))")
    }
    lines += ["", "inputs = ["]
    var unsaid: [String] = []
    for input in inputs {
      guard case .tensor(let sizes) = input.kind else { continue }
      let type = input.dtype.flatMap { Self.numpyTypes[$0] }
      if type == nil {
        unsaid.append(
          "# \(Escaped.line(input.name)): Core ML has no \(input.dtype.map(\.name) ?? "such") tensors")
      }
      let dtype = type.map { ", dtype=\($0)" } ?? ""
      let shape: String
      if let shapes = enumerated(sizes) {
        shape = "ct.EnumeratedShapes(shapes=[\(shapes.joined(separator: ", "))])"
      } else {
        let dims = sizes.enumerated().map { dim, size -> String in
          if let constant = shapes.arena.integerValue(of: size) { return "\(constant)" }
          if let variable = shapes.arena.asSymbol(size).flatMap({ self.variable($0) }) {
            return variable.name
          }
          unsaid.append(
            "# \(Escaped.line(input.name)), dim \(dim): must be \(Escaped.line(shapes.text(of: size)))")
          return rangeDim(size)
        }
        shape = "ct.Shape(shape=(\(dims.joined(separator: ", "))\(dims.count == 1 ? "," : "")))"
      }
      lines.append("    ct.TensorType(name=\(Escaped.python(input.name)), shape=\(shape)\(dtype)),")
    }
    for variable in variables where variable.divisor > 1 {
      unsaid.append("# \(variable.name) must be a multiple of \(variable.divisor)")
    }
    for variable in variables where variable.upper == nil {
      unsaid.append("# \(variable.name) has no upper bound: choose one to convert to an ML program")
    }
    return lines + ["]"] + unsaid + comments(relations) + inputComments
  }

  /// The most shapes that Core ML enumerates.
  private static let mostEnumeratedShapes = 128

  /// All shapes of an input with one symbol that has a divisor and few values.
  private func enumerated(_ sizes: [SymExpr]) -> [String]? {
    let symbols = Set(sizes.flatMap { Array(shapes.arena.freeSymbols(of: $0)) })
    guard symbols.count == 1, let variable = symbols.first.flatMap({ self.variable($0) }),
      variable.divisor > 1,
      let most = variable.most, most >= variable.least,
      // Bound: 1 <= least <= most, and a divisor is at least 1.
      (most - variable.least) / variable.divisor < Self.mostEnumeratedShapes
    else { return nil }
    return stride(from: variable.least, through: most, by: variable.divisor).map { value in
      let dims = sizes.map { size in evaluate(size) { _ in value }.map { "\($0)" } ?? shapes.text(of: size) }
      return "(\(dims.joined(separator: ", "))\(dims.count == 1 ? "," : ""))"
    }
  }

  private func rangeDim(_ size: SymExpr) -> String {
    // A least size beyond 64 bits is none: the code is refused.
    let lower = evaluate(size) { $0.least }.map { "\($0)" } ?? "..."
    let upper = evaluate(size) { $0.most } ?? -1
    let symbol =
      shapes.arena.asSymbol(size).map {
        ", symbol=\(Escaped.python(pythonText(shapes.arena.handle(of: $0))))"
      } ?? ""
    let typical = evaluate(size) { $0.typical }.map { ", default=\($0)" } ?? ""
    return "ct.RangeDim(lower_bound=\(lower), upper_bound=\(upper)\(typical)\(symbol))"
  }

  private static let numpyTypes: [ScalarType: String] = [
    .float32: "np.float32", .float16: "np.float16", .int32: "np.int32", .int64: "np.int32", .int8: "np.int8",
    .uint8: "np.uint8", .bool: "bool",
  ]

  /// The inputs as `ValueInfoProto` in the text format.
  ///
  /// ONNX has names for sizes, but no ranges.
  ///
  /// - Source: `onnx.proto`, `TensorShapeProto.Dimension`.
  var onnxLines: [String] {
    var lines: [String] = []
    for input in inputs {
      guard case .tensor(let sizes) = input.kind else { continue }
      lines += ["input {", "  name: \(Self.protoString(input.name))", "  type {", "    tensor_type {"]
      if let type = input.dtype.flatMap({ Self.onnxTypes[$0] }) {
        lines.append("      elem_type: \(type)")
      } else {
        lines.append("      # ONNX has no element type for \(input.dtype.map(\.name) ?? "this")")
      }
      lines.append("      shape {")
      for size in sizes {
        let dim =
          shapes.arena.integerValue(of: size).map { "dim_value: \($0)" }
          ?? "dim_param: \(Self.protoString(shapes.text(of: size)))"
        lines.append("        dim { \(dim) }")
      }
      lines += ["      }", "    }", "  }", "}"]
    }
    return lines + variables.flatMap { rangeComments($0) } + comments(relations) + inputComments
  }

  private static func protoString(_ text: String) -> String { Escaped.c(text) }

  /// The range and the divisor of a symbol as comments.
  private func rangeComments(_ variable: Variable) -> [String] {
    var lines: [String] = []
    if variable.lower != nil || variable.upper != nil {
      let lower = variable.lower.map { "\($0) <= " } ?? ""
      lines.append("# \(lower)\(variable.name)\(variable.upper.map { " <= \($0)" } ?? "")")
    }
    if variable.divisor > 1 { lines.append("# \(variable.name) % \(variable.divisor) == 0") }
    return lines
  }

  private static let onnxTypes: [ScalarType: Int] = [
    .float32: 1, .uint8: 2, .int8: 3, .uint16: 4, .int16: 5, .int32: 6, .int64: 7, .bool: 9, .float16: 10,
    .float64: 11, .uint32: 12, .uint64: 13, .complex64: 14, .complex128: 15, .bfloat16: 16,
  ]

  /// `IOptimizationProfile.set_shape` with the least, a typical and the largest sizes.
  ///
  /// - Source: TensorRT 10, `IOptimizationProfile`.
  var tensorRTLines: [String] {
    var lines: [String] = []
    for variable in variables where variable.upper == nil {
      lines.append("\(variable.name)_max = ...  # \(variable.name) has no upper bound: choose one")
    }
    if !lines.isEmpty { lines.append("") }
    lines.append("profile = builder.create_optimization_profile()")
    for input in inputs {
      guard case .tensor(let sizes) = input.kind else { continue }
      func tuple(_ dims: [String]) -> String {
        "(\(dims.joined(separator: ", "))\(dims.count == 1 ? "," : ""))"
      }
      func at(_ value: (Variable) -> Int?) -> String {
        tuple(sizes.map { size in evaluate(size, value).map { "\($0)" } ?? largest(size) })
      }
      lines.append(
        "profile.set_shape(\(Escaped.python(input.name)), min=\(at { $0.least }), opt=\(at { $0.typical }), max=\(at { $0.most }))"
      )
    }
    lines.append("config.add_optimization_profile(profile)")
    var derived: [String] = []
    for input in inputs {
      guard case .tensor(let sizes) = input.kind else { continue }
      for (dim, size) in sizes.enumerated()
      where shapes.arena.integerValue(of: size) == nil && shapes.arena.asSymbol(size) == nil {
        derived.append(
          "# \(Escaped.line(input.name)), dim \(dim): must be \(Escaped.line(shapes.text(of: size)))")
      }
    }
    let divisors = variables.filter { $0.divisor > 1 }.map {
      "# \($0.name) must be a multiple of \($0.divisor)"
    }
    let equal = repeatedSymbols.map {
      "# \($0) must be the same everywhere: name the dims alike in the network"
    }
    return lines + derived + divisors + equal + comments(relations) + inputComments
  }

  /// The largest value of a size whose symbols have no upper bound, in terms of what must be chosen.
  private func largest(_ size: SymExpr) -> String {
    shapes.arena.pythonText(of: size) { symbol in
      guard let variable = self.variable(symbol) else { return shapes.arena.name(of: symbol) }
      return variable.most.map { "\($0)" } ?? "\(variable.name)_max"
    }
  }

  /// The symbols that are sizes of several dims.
  private var repeatedSymbols: [String] {
    var counts: [SymExpr: Int] = [:]
    for input in inputs {
      if case .tensor(let sizes) = input.kind { for size in sizes { counts[size, default: 0] += 1 } }
    }
    return variables.filter { counts[shapes.arena.handle(of: $0.symbol), default: 0] > 1 }.map(\.name)
  }
}
