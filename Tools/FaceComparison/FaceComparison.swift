import ATenOperators
public import ExportedPrograms
public import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Runs both faces of propagation on one program and reports where their answers differ.
///
/// The engine and the open classes must agree on values, strides, storage sharing, flags, guards, asserts with their
/// origins, ranges, replacements, renamings, divisibility and hints.
public struct FaceComparison {
  /// The differences, one per line.
  public private(set) var differences: [String] = []
  /// Whether both faces fail.
  public private(set) var bothFail = false

  /// Compares both faces on an archive, or on an edited copy of its module.
  public init(_ exported: ExportedProgram, edited: GraphModule? = nil) throws {
    let module = edited ?? exported.graphModule
    let (first, second) = (try FakeProgram(exported), try FakeProgram(exported))
    let context = try first.context(for: module, table: .aten)
    let engine = context.propagate(first.inputs)
    let open = PropagateUnbackedSymInts(
      try second.context(for: module, table: .aten), garbageCollectValues: false)
    let failure: InterpreterError?
    do {
      _ = try open.run(second.inputs, enableIOProcessing: false)
      failure = nil
    } catch { failure = error }
    bothFail = engine.error != nil && failure != nil
    if (engine.error == nil) != (failure == nil) {
      differences.append("only one fails: \(engine.error.map { "\($0)" } ?? failure.map { "\($0)" } ?? "")")
      return
    }
    // The engine lists all operators without a rule before it runs; the open class stops at the first.
    if case .unsupportedOperators? = engine.error?.kind { return }
    var (engineText, openText) = (ValueText(first.shapes), ValueText(second.shapes))
    for node in module.graph.nodes where module.graph.op(of: node) != .output {
      let text = engineText.text(of: engine.values[node])
      let other = openText.text(of: open.env[node].map { FakeValue($0, second.shapes) })
      if text != other { differences.append("value \(module.graph.name(of: node)): \(text) | \(other)") }
    }
    let here = Facts(first.shapes) { context.provenance(of: $0)?.qualifiedName }
    let there = Facts(second.shapes) { open.provenance(of: $0)?.qualifiedName }
    differences += here.differences(from: there)
    compare(
      "renamings by node", engine.renamings.map { "\($0.node.index) \(first.shapes.text($0.renaming))" },
      open.renamings.map { "\($0.node.index) \(second.shapes.text($0.renaming))" })
    compare(
      "fresh", engine.fresh.map { "\($0.node.index) \($0.bindings.count) \($0.unbound.count)" },
      open.fresh.map { "\($0.node.index) \($0.bindings.count) \($0.unbound.count)" })
    compare("trusted", engine.trusted.map(\.index), open.trusted.map(\.index))
  }

  private mutating func compare<Item: Equatable>(_ what: String, _ engine: [Item], _ open: [Item]) {
    if engine != open { differences.append("\(what): \(engine) | \(open)") }
  }
}

extension ShapeEnv {
  fileprivate func text(_ renaming: Renaming) -> String {
    "\(arena.name(of: renaming.from)) -> \(arena.name(of: renaming.to))"
  }
}

/// Values as text, with storages numbered in the order in which they occur.
private struct ValueText {
  private let shapes: ShapeEnv
  private var storages: [Storage: Int] = [:]

  init(_ shapes: ShapeEnv) { self.shapes = shapes }

  mutating func text(of value: FakeValue?) -> String {
    guard let value else { return "no value" }
    switch value {
    case .tensor(let tensor): return text(of: tensor)
    case .list(let items): return "[" + texts(of: items) + "]"
    case .tuple(let items): return "(" + texts(of: items) + ")"
    case .sizes(let sizes): return "[" + sizes.map { shapes.text(of: $0) }.joined(separator: ", ") + "]"
    case .dictionary(let entries):
      return "{" + entries.map { "\($0.key): " + text(of: $0.value) }.joined(separator: ", ") + "}"
    default: return shapes.shortText(of: value) ?? "None"
    }
  }

  private mutating func texts(of items: [FakeValue]) -> String {
    items.map { text(of: $0) }.joined(separator: ", ")
  }

  private mutating func text(of tensor: FakeTensor) -> String {
    let number = storages[tensor.storage] ?? storages.count
    storages[tensor.storage] = number
    let flags = [
      tensor.requiresGrad, tensor.isLeaf, tensor.isConjugate, tensor.isNegative, tensor.wasWritten,
    ]
    return """
      \(shapes.shortText(of: tensor)) strides \(shapes.shortText(of: tensor.strides)) \
      offset \(shapes.text(of: tensor.storageOffset)) \(tensor.device) \(tensor.layout) \
      flags \(flags.map { $0 ? "1" : "0" }.joined()) constant \(tensor.constant.map { "\($0.values)" } ?? "-") \
      memory \(number)
      """
  }
}

/// What a run learned, as text.
private struct Facts {
  private var lines: [(what: String, lines: [String])] = []

  init(_ shapes: ShapeEnv, _ place: (ShapeEnv.Origin) -> String?) {
    func at(_ origin: ShapeEnv.Origin) -> String {
      origin == .input ? "input" : place(origin) ?? "unknown place"
    }
    func name(_ symbol: SymExpr.Symbol) -> String { shapes.arena.name(of: symbol) }
    add("guards", shapes.guards.map { "\(shapes.text(raw: $0.expression)) @ \(at($0.origin))" })
    add(
      "asserts",
      shapes.runtimeAsserts.map {
        "\(shapes.text(raw: $0.assert.expression)) \($0.assert.message) @ \(at($0.assert.origin))"
      })
    add(
      "ranges",
      shapes.symbols.map {
        "\(name($0)) \(shapes.rangeText(of: $0)) \(shapes.isSizeLike($0)) @ \(at(shapes.birth(of: $0)))"
      })
    add("replacements", shapes.replacements.map { "\(name($0.symbol)) -> \(shapes.text(raw: $0.target))" })
    add("renamings", shapes.renamings.map { "\(name($0.from)) -> \(name($0.to))" })
    add("divisible", shapes.divisible.map { shapes.text(raw: $0) }.sorted())
    add("hints", shapes.symbols.map { "\(name($0)) \(shapes.hint(of: $0).map { "\($0)" } ?? "-")" })
    add("contradiction", ["\(shapes.isContradictory)"])
  }

  private mutating func add(_ what: String, _ lines: [String]) { self.lines.append((what, lines)) }

  func differences(from other: Facts) -> [String] {
    zip(lines, other.lines).filter { $0.lines != $1.lines }.map { "\($0.what): \($0.lines) | \($1.lines)" }
  }
}
