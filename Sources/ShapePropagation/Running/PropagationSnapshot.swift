public import FX
public import FakeTensors
public import SymbolicExpressions
import SymbolicShapes
public import TensorVocabulary

/// The result of a run, as plain data that tasks may share.
///
/// The tensors and symbols of a run belong to its ``FakeTensorMode``, which one task uses at a time. A snapshot has its
/// own copy of the expressions, so it outlives the mode:
///
/// ```swift
/// let snapshot = context.snapshot(of: context.propagate(program.inputs))
/// await withTaskGroup(of: Int?.self) { group in
///   for batch in 1...64 { group.addTask { snapshot.elementCount(of: node, at: ["s0": batch]) } }
/// }
/// ```
public struct PropagationSnapshot: Sendable {
  /// A value of a node.
  public indirect enum Value: Sendable {
    case tensor(Tensor)
    /// A number: an integer, a float or a bool, concrete or symbolic.
    case number(SymExpr)
    case list([Value])
    case tuple([Value])
    case dictionary([Named<Value>])
    case none
    /// Anything else, as text.
    case other(String)
  }

  /// The metadata of a tensor.
  public struct Tensor: Sendable {
    /// The dtype of the elements.
    public let dtype: ScalarType
    /// The sizes, outermost dim first.
    public let sizes: [SymExpr]
    /// The strides, in elements.
    public let strides: [SymExpr]
    /// The storage offset, in elements.
    public let storageOffset: SymExpr
    /// The tensor's device.
    public let device: Device
    /// The tensor's layout.
    public let layout: Layout
    /// The storage: tensors that share it have the same number.
    public let storage: Storage
  }

  /// A symbol and its range.
  public struct SymbolRange: Sendable {
    /// The symbol's name, such as `u0`.
    public let name: String
    /// Its range as text, such as `[2, 1024]`.
    public let range: String
  }

  private let arena: FrozenArena
  private let values: NodeMap<Value>
  /// The symbols of the program that have no replacement.
  public let symbols: [SymbolRange]
  /// The guards, as text.
  public let guards: [String]
  /// The runtime asserts, as text.
  public let runtimeAsserts: [String]
  /// The error that stopped the run, if any.
  public let failure: String?

  init(_ result: Propagation, _ shapes: ShapeEnv) {
    var copier = SnapshotCopier(shapes)
    var values: NodeMap<Value> = [:]
    for node in result.values.nodes { values[node] = result.values[node].map { copier.value($0) } }
    self.values = values
    symbols = shapes.symbols.filter { !shapes.isReplaced($0) }.map {
      SymbolRange(name: shapes.arena.name(of: $0), range: shapes.rangeText(of: $0))
    }
    guards = shapes.guards.map { shapes.text(of: $0.expression) }
    runtimeAsserts = shapes.runtimeAsserts.map { shapes.text(of: $0.assert.expression) }
    failure = result.error.map { "\($0)" }
    arena = FrozenArena(copier)
  }

  /// The value of a node; `nil` if it was not reached.
  public subscript(node: Node) -> Value? { values[node] }

  /// An expression as PyTorch prints it.
  public func text(of expression: SymExpr) -> String { arena.expressions.text(of: expression) }

  /// The value of an expression for these values of its symbols; `nil` if one is missing, or on overflow.
  public func evaluate(_ expression: SymExpr, at values: [String: Int]) -> SymExpr.Number? {
    arena.expressions.evaluate(expression) { symbol in
      values[arena.expressions.name(of: symbol)].map { .int($0) }
    }
  }

  /// The sizes of a node's tensor for these values of the symbols; `nil` if it has no tensor, a symbol is missing, or a
  /// size overflows.
  public func sizes(of node: Node, at values: [String: Int]) -> [Int]? {
    guard case .tensor(let tensor)? = self[node] else { return nil }
    var sizes: [Int] = []
    for size in tensor.sizes {
      guard case .int(let value)? = evaluate(size, at: values) else { return nil }
      sizes.append(value)
    }
    return sizes
  }

  /// The number of elements of a node's tensor for these values of the symbols; `nil` as in ``sizes(of:at:)``.
  public func elementCount(of node: Node, at values: [String: Int]) -> Int? {
    sizes(of: node, at: values)?.reduce(Optional(1)) { product, size in
      product.flatMap {
        let (result, overflow) = $0.multipliedReportingOverflow(by: size)
        return overflow ? nil : result
      }
    }
  }
}

extension PropagationContext {
  /// The result of a run of this program, as plain data that tasks may share.
  public func snapshot(of result: Propagation) -> PropagationSnapshot {
    PropagationSnapshot(result, mode.shapes)
  }
}

/// Expressions that are no longer added to.
private final class FrozenArena: Sendable {
  let expressions: ExprArena

  init(_ copier: consuming SnapshotCopier) { expressions = copier.arena }
}

/// Copies values and their expressions.
private struct SnapshotCopier: ~Copyable {
  var arena = ExprArena()
  private var copier = ExpressionCopier()
  private let shapes: ShapeEnv

  init(_ shapes: ShapeEnv) { self.shapes = shapes }

  mutating func value(_ value: FakeValue) -> PropagationSnapshot.Value {
    switch value {
    case .tensor(let tensor): return .tensor(copy(tensor))
    case .symInt(let size): return .number(copy(size))
    case .symFloat(let number): return .number(copy(number.expression))
    case .symBool(let condition): return .number(copy(condition.expression))
    case .float(let number): return .number(arena.float(number))
    case .bool(let flag): return .number(flag ? .true : .false)
    case .sizes(let sizes): return .list(sizes.map { .number(copy($0)) })
    case .list(let items): return .list(items.map { self.value($0) })
    case .tuple(let items): return .tuple(items.map { self.value($0) })
    case .dictionary(let entries):
      return .dictionary(entries.map { Named("\($0.key)", self.value($0.value)) })
    case .none: return .none
    default: return .other(shapes.shortText(of: value) ?? "None")
    }
  }

  private mutating func copy(_ tensor: FakeTensor) -> PropagationSnapshot.Tensor {
    PropagationSnapshot.Tensor(
      dtype: tensor.dtype, sizes: tensor.sizes.map { copy($0) }, strides: tensor.strides.map { copy($0) },
      storageOffset: copy(tensor.storageOffset), device: tensor.device, layout: tensor.layout,
      storage: tensor.storage)
  }

  private mutating func copy(_ size: SymInt) -> SymExpr { copy(shapes.expression(size)) }

  private mutating func copy(_ expression: SymExpr) -> SymExpr {
    copier.copy(shapes.resolve(expression), from: shapes.arena, into: &arena)
  }
}
