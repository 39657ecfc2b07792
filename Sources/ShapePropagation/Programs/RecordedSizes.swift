import ExportedPrograms
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

extension FakeProgram {
  /// Learns that no recorded size is negative.
  ///
  /// ```
  /// %index : f32[u0, 4]         0 <= u0
  /// %diff  : f32[u0 - 1, 4]     1 <= u0
  /// ```
  ///
  /// In most archives, this follows from the declared ranges; then no value is looked at.
  ///
  /// - Source: `GraphModuleDeserializer.deserialize_tensor_meta`, `torch/_export/serde/serialize.py`, makes a tensor of
  ///   every recorded value when a program is loaded; `empty_strided` checks its sizes.
  func learnThatSizesAreNotNegative() {
    func mayBeNegative(_ e: SymExpr) -> Bool {
      guard shapes.arena.hasUnbacked(e), case .int(let range) = shapes.bound(of: e) else { return false }
      return range.lower < 0
    }
    forEachSize(where: mayBeNegative) { _ = shapes.check(shapes.ge($0, 0)) }
  }

  /// Guards on whether a recorded size is 0, where ranges leave it open: `Ne(s0//8, 0)`.
  ///
  /// - Source: as above; `empty_strided` computes the bytes of the tensor, and there are none if a size is 0.
  func guardOnSizesOfZero() {
    func mayBeZero(_ e: SymExpr) -> Bool {
      guard !shapes.arena.hasUnbacked(e), case .int(let range) = shapes.bound(of: e) else { return false }
      return range.contains(0)
    }
    forEachSize(where: mayBeZero) { _ = shapes.guardOrFalse(shapes.eq($0, 0)) }
  }

  /// Calls `body` for each recorded size of which `isOpen` is true, once, with the node as the origin of what is learned.
  private func forEachSize(where isOpen: (SymExpr) -> Bool, _ body: (SymInt) -> Void) {
    var isOpen = ContiguousArray(expressions.map(isOpen))
    guard isOpen.contains(true) else { return }
    exported.graphModule.forEachModule { path, module in
      guard let recorded = exported.recordedValues[path] else { return }
      for node in module.graph.nodes {
        if path.isEmpty { shapes.origin = ShapeEnv.Origin(step: node.index) }
        recorded.value(of: node, in: module.graph)?.forEachSize { size in
          guard let id = size.expression, isOpen[Int(id.index)] else { return }
          isOpen[Int(id.index)] = false
          body(shapes.symInt(expressions[Int(id.index)]))
        }
      }
      shapes.origin = .input
    }
  }
}

extension RecordedValue {
  /// Calls `body` for the sizes of the value's tensors.
  func forEachSize(_ body: (RecordedInt) -> Void) {
    switch self {
    case .tensor(let tensor): tensor.sizes.forEach(body)
    case .tuple(let items): for case let item? in items { item.forEachSize(body) }
    default: return
    }
  }
}
