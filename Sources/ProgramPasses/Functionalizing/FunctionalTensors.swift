import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// The current value of a tensor of the original program, after the writes so far.
///
/// - Source: `FunctionalTensorWrapper` in `aten/src/ATen/FunctionalTensorWrapper.cpp`, v2.13.
final class FunctionalTensor {
  /// The tensor of the new graph that has the value.
  fileprivate(set) var inner: FakeTensor
  fileprivate let storage: FunctionalStorage
  /// The views that lead from the storage to the tensor.
  fileprivate let views: [ViewStep]
  fileprivate var generation: Int

  fileprivate init(_ inner: FakeTensor, _ storage: FunctionalStorage, views: [ViewStep] = []) {
    self.inner = inner
    self.storage = storage
    self.views = views
    generation = storage.generation
  }

  /// Whether something was written to the memory.
  var isWritten: Bool { storage.generation > 0 }
}

/// Memory that several tensors may share.
private final class FunctionalStorage {
  var base: FakeTensor
  var generation = 0

  init(_ base: FakeTensor) { self.base = base }
}

/// One view operator on the way from a storage to a tensor.
struct ViewStep {
  let call: BoundCall
  /// Which result, for an operator with several.
  let output: Int?
}

/// The tensors of a program that is functionalized.
final class FunctionalTensors {
  private var known: [ObjectIdentifier: (outer: FakeTensor, tensor: FunctionalTensor)] = [:]
  private var outerOfInner: [ObjectIdentifier: FakeTensor] = [:]
  private let shapes: ShapeEnv
  private let operators: TracedOperators
  /// Applies an operator in the new graph.
  private let apply: (BoundCall) throws -> FakeValue

  init(
    _ shapes: ShapeEnv, _ operators: TracedOperators, apply: @escaping (BoundCall) throws -> FakeValue
  ) {
    self.shapes = shapes
    self.operators = operators
    self.apply = apply
  }

  func functional(_ outer: FakeTensor) -> FunctionalTensor? { known[ObjectIdentifier(outer)]?.tensor }

  /// The current value of a tensor.
  func current(_ outer: FakeTensor) throws -> FakeTensor {
    guard let tensor = functional(outer) else { return outer }
    if tensor.generation < tensor.storage.generation {
      try regenerate(tensor, outer)
    }
    return tensor.inner
  }

  /// The original tensor that a new tensor represents: one with new memory unless it is known.
  func wrap(_ inner: FakeTensor) -> FakeTensor {
    if let outer = outerOfInner[ObjectIdentifier(inner)] { return outer }
    enter(FunctionalTensor(inner, FunctionalStorage(inner)), outer: inner)
    return inner
  }

  /// The original tensor for a view of another.
  func wrap(_ inner: FakeTensor, viewOf outer: FakeTensor, by step: ViewStep) -> FakeTensor {
    guard let base = functional(outer) else { return wrap(inner) }
    if let known = outerOfInner[ObjectIdentifier(inner)] { return known }
    enter(FunctionalTensor(inner, base.storage, views: base.views + [step]), outer: inner)
    return inner
  }

  private func enter(_ tensor: FunctionalTensor, outer: FakeTensor) {
    known[ObjectIdentifier(outer)] = (outer, tensor)
    outerOfInner[ObjectIdentifier(tensor.inner)] = outer
  }

  /// Gives a tensor a new value, which all tensors that share its memory see.
  func write(_ value: FakeTensor, to outer: FakeTensor) throws {
    guard let tensor = functional(outer) else {
      throw ProgramPassError("a tensor of unknown origin is written to")
    }
    var bases = [tensor.storage.base]
    for step in tensor.views.dropLast() { bases.append(try forward(step, bases[bases.count - 1])) }
    var written = value
    for (step, base) in zip(tensor.views, bases).reversed() {
      written = try ViewInverse.apply(step, base: base, written: written, shapes, operators, apply)
    }
    tensor.storage.base = written
    tensor.storage.generation += 1
    try regenerate(tensor, outer)
  }

  private func regenerate(_ tensor: FunctionalTensor, _ outer: FakeTensor) throws {
    var value = tensor.storage.base
    for step in tensor.views { value = try forward(step, value) }
    tensor.inner = value
    tensor.generation = tensor.storage.generation
    // A tensor that was copied into another keeps its own name.
    if outerOfInner[ObjectIdentifier(value)] == nil { outerOfInner[ObjectIdentifier(value)] = outer }
  }

  private func forward(_ step: ViewStep, _ base: FakeTensor) throws -> FakeTensor {
    var call = step.call
    call.arguments[0] = .tensor(base)
    let result = try apply(call)
    let item = step.output.map { index in (result.elements ?? []).dropFirst(index).first ?? .none } ?? result
    guard let tensor = item.tensor else { throw ProgramPassError("\(call.schema.name) gives no tensor") }
    return tensor
  }
}
