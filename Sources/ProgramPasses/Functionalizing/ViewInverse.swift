import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// How a write to a view becomes a value of its base: one row per view operator.
///
/// - Source: `aten/src/ATen/FunctionalInverses.cpp`, v2.13.
enum ViewInverse {
  /// The value of `base` after `written` replaced what the step views.
  static func apply(
    _ step: ViewStep, base: FakeTensor, written: FakeTensor, _ shapes: ShapeEnv,
    _ operators: TracedOperators, _ apply: (BoundCall) throws -> FakeValue
  ) throws -> FakeTensor {
    let name = step.call.schema.name.base
    guard let row = rows[name] else {
      throw ProgramPassError("a write to the result of \(step.call.schema.name) cannot be undone here")
    }
    switch try row(step, base, shapes) {
    case .identity: return written
    case .call(let target, let rest):
      guard let callee = operators.named(target) else {
        throw ProgramPassError("there is no schema of \(target)")
      }
      let scatters = target.contains("_scatter")
      let call = try BoundCall(
        callee, (scatters ? [.tensor(base)] : []) + [.tensor(written)] + rest, [])
      guard let result = try apply(call).tensor else { throw ProgramPassError("\(target) gives no tensor") }
      return result
    }
  }

  private enum Answer {
    /// The written value is the result.
    case identity
    /// An operator of the base and the written value, or of the latter alone.
    case call(String, [FakeValue])
  }

  private typealias Row = @Sendable (ViewStep, FakeTensor, ShapeEnv) throws -> Answer

  private static let rows: [String: Row] = [
    "alias": { _, _, _ in .identity },
    "as_strided": { step, _, _ in
      .call("aten.as_strided_scatter.default", Array(step.call.arguments.dropFirst()))
    },
    "detach": { _, _, _ in .identity },
    "diagonal": { step, _, _ in .call("aten.diagonal_scatter.default", Array(step.call.arguments.dropFirst()))
    },
    "permute": { step, base, _ in
      guard let dims = step.call.ints("dims") else { throw ProgramPassError("dims are no constants") }
      var inverse = [Int](repeating: 0, count: dims.count)
      for (position, dim) in dims.enumerated() { inverse[dim < 0 ? dim + dims.count : dim] = position }
      return .call("aten.permute.default", [.sizes(Sizes(inverse.map { SymInt($0) }))])
    },
    "select": { step, _, _ in .call("aten.select_scatter.default", [step.call["dim"], step.call["index"]]) },
    "slice": { step, _, _ in
      .call("aten.slice_scatter.default", ["dim", "start", "end", "step"].map { step.call[$0] })
    },
    "split": { step, base, shapes in
      let dim = try step.call.int("dim")
      guard let size = step.call.sizes("split_size")?.first, let index = step.output else {
        throw ProgramPassError("a split of unknown size")
      }
      let whole = base.sizes[dim < 0 ? dim + base.rank : dim]
      let start = shapes.mul(size, SymInt(index))
      var end = shapes.add(start, size)
      if let last = end.constant, let whole = whole.constant, last > whole { end = SymInt(whole) }
      return .call("aten.slice_scatter.default", [.symInt(SymInt(dim)), .symInt(start), .symInt(end)])
    },
    "split_with_sizes": { step, base, shapes in
      guard let sizes = step.call.sizes("split_sizes"), let index = step.output else {
        throw ProgramPassError("a split of unknown sizes")
      }
      let start = sizes.prefix(index).reduce(SymInt(0)) { shapes.add($0, $1) }
      let end = shapes.add(start, sizes[index])
      return .call("aten.slice_scatter.default", [step.call["dim"], .symInt(start), .symInt(end)])
    },
    "squeeze": { step, base, _ in
      guard step.call.schema.name.overload == "dim" else { throw ProgramPassError("squeeze of several dims") }
      let dim = try step.call.int("dim")
      let size = base.sizes[dim < 0 ? dim + base.rank : dim]
      return size.constant == 1 ? .call("aten.unsqueeze.default", [.symInt(SymInt(dim))]) : .identity
    },
    "t": { _, _, _ in .call("aten.t.default", []) },
    "transpose": { step, _, _ in
      .call("aten.transpose.int", [step.call["dim0"], step.call["dim1"]])
    },
    "unbind": { step, _, _ in
      .call("aten.select_scatter.default", [step.call["dim"], .symInt(SymInt(step.output ?? 0))])
    },
    "unsqueeze": { step, _, _ in .call("aten.squeeze.dim", [step.call["dim"]]) },
    "view": { step, base, _ in
      step.call.schema.name.overload == "dtype"
        ? .call("aten.view.dtype", [.dtype(base.dtype)]) : .call("aten.view.default", [.sizes(base.sizes)])
    },
    "_unsafe_view": { _, base, _ in .call("aten._unsafe_view.default", [.sizes(base.sizes)]) },
  ]

  /// Whether writes to the results of an operator can be functionalized.
  static func isKnown(_ name: OperatorName) -> Bool { name.namespace == "aten" && rows[name.base] != nil }
}
