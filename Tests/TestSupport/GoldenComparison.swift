public import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

extension OperatorGolden {
  /// Runs the call through `table` and describes how the answer differs from PyTorch's; `nil` if it does not.
  ///
  /// Compares the kind of result, dtype, sizes, strides, offset, device, layout, lazy bits, numbers and the metadata of
  /// mutated arguments, guards; for an error, its kind.
  public func mismatch(with table: OperatorTable) throws -> String? {
    let mode = FakeTensorMode(allowsDynamicOutputs: symbols != nil)
    mode.shapes.profile = SemanticProfile(
      version.flatMap(PyTorchVersion.init) ?? PyTorchVersion(2, 13), underPythonDispatcher: true)
    let reader = GoldenReader(mode)
    reader.declare(symbols ?? [:], fresh: fresh ?? [])
    for fact in facts ?? [] { _ = mode.shapes.check(SymBool(try reader.expression(fact))) }
    let expectedGuards = try guards?.map(reader.expression)
    let guardsBefore = mode.shapes.guards.count
    guard let name = OperatorName(op), let resolved = table.resolve(name) else { return "there is no rule" }
    let result: FakeValue
    do {
      let call = try resolved.call(args.map(reader.value), (kwargs ?? [:]).mapValues(reader.value), in: mode)
      result = try resolved.apply(call)
    } catch let failure as OperatorError {
      return try mismatch(failure)
    }
    if let error { return "PyTorch refuses with \(error)" }
    let added = mode.shapes.guards[guardsBefore...].map(\.expression)
    if let expectedGuards, expectedGuards != added {
      return "guards: \(guards ?? []) expected, got \(added.map { mode.shapes.text(raw: $0) })"
    }
    let comparison = GoldenComparison(reader)
    if let difference = try comparison.difference(out ?? .null, result, at: "out") { return difference }
    for (position, golden) in after ?? [:] {
      guard let index = Int(position), index < reader.tensors.count else { continue }
      let difference = try comparison.difference(
        golden, .tensor(reader.tensors[index]), at: "argument \(position)")
      if let difference { return difference }
    }
    return nil
  }

  private func mismatch(_ failure: OperatorError) throws -> String? {
    guard let error else { return "refused: \(failure.message)" }
    let (expected, found) = (try OperatorErrorKind(pyTorch: error), OperatorErrorKind(failure))
    if found == expected { return nil }
    return "PyTorch raises \(error) (\(expected)), we say (\(found)): \(failure.message)"
  }
}

/// Compares values with those of goldens.
public struct GoldenComparison {
  let reader: GoldenReader
  private var shapes: ShapeEnv { reader.mode.shapes }

  /// Compares with values that `reader` reads.
  public init(_ reader: GoldenReader) { self.reader = reader }

  /// Where `value` differs from `golden`; `nil` if it does not.
  public func difference(_ golden: GoldenValue, _ value: FakeValue, at place: String) throws -> String? {
    if case .list(let items) = golden {
      guard let elements = value.elements, elements.count == items.count else {
        return "\(place): \(items.count) items expected, got \(shapes.shortText(of: value) ?? "None")"
      }
      for (index, (item, element)) in zip(items, elements).enumerated() {
        if let difference = try difference(item, element, at: "\(place)[\(index)]") { return difference }
      }
      return nil
    }
    if case .text(let text) = golden, let tensor = value.tensor {
      return text.hasPrefix("ref ") ? nil : try difference(TensorText(text), tensor, at: place)
    }
    let expected = shapes.shortText(of: try reader.value(golden))
    let actual = shapes.shortText(of: value)
    return expected == actual ? nil : "\(place): \(expected ?? "None") expected, got \(actual ?? "None")"
  }

  private func difference(_ golden: TensorText, _ tensor: FakeTensor, at place: String) throws -> String? {
    let expected = try golden.tensor(in: reader)
    var fields = [
      ("dtype", expected.dtype.name, tensor.dtype.name),
      ("sizes", text(expected.sizes), text(tensor.sizes, like: expected.sizes)),
      ("device", "\(expected.device)", "\(tensor.device)"),
      ("layout", expected.layout.name, tensor.layout.name),
      ("conjugate bit", "\(expected.isConjugate)", "\(tensor.isConjugate)"),
      ("negative bit", "\(expected.isNegative)", "\(tensor.isNegative)"),
    ]
    if expected.layout == .strided {
      fields.append(("strides", text(expected.strides), text(tensor.strides, like: expected.strides)))
      fields.append(
        ("offset", shapes.text(of: expected.storageOffset), shapes.text(of: tensor.storageOffset)))
    }
    guard let (field, wanted, got) = fields.first(where: { $0.1 != $0.2 }) else { return nil }
    return "\(place).\(field): \(wanted) expected, got \(got)"
  }

  /// Sizes after all replacements, so that equal sizes print the same.
  private func text(_ sizes: Sizes) -> String {
    shapes.shortText(of: Sizes(sizes.map { shapes.resolve($0) }))
  }

  /// The text of `sizes`, or that of `expected` if that is another form of the same sizes: `(s0**2)//s0` for `s0`.
  private func text(_ sizes: Sizes, like expected: Sizes) -> String {
    let isSame = sizes.count == expected.count && zip(sizes, expected).allSatisfy(haveSameValues)
    return text(isSame ? expected : sizes)
  }

  private func haveSameValues(_ a: SymInt, _ b: SymInt) -> Bool {
    if a == b { return true }
    let (x, y) = (shapes.expression(shapes.resolve(a)), shapes.expression(shapes.resolve(b)))
    return (2..<12).allSatisfy { seed in
      func value(_ symbol: SymExpr.Symbol) -> SymExpr.Number? {
        .int(2 + (Int(symbol.index) * 5 + seed * 7) % 23)
      }
      guard let first = shapes.arena.evaluate(x, value) else { return false }
      return first == shapes.arena.evaluate(y, value)
    }
  }
}
