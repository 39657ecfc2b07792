import ExportedPrograms
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

extension FakeProgram {
  /// Learns that no recorded size is negative: PyTorch makes a tensor of every recorded value when it loads a program.
  ///
  /// ```
  /// %index : f32[u0, 4]         0 <= u0
  /// %diff  : f32[u0 - 1, 4]     1 <= u0
  /// ```
  ///
  /// In most archives, this follows from the declared ranges; then no value is looked at.
  ///
  /// - Source: `GraphModuleDeserializer.deserialize_tensor_meta`, `torch/_export/serde/serialize.py`; `empty_strided` checks
  ///   its sizes.
  func learnThatSizesAreNotNegative() {
    var isOpen = ContiguousArray(
      expressions.map { expression in
        guard shapes.arena.hasUnbacked(expression), case .int(let range) = shapes.bound(of: expression) else {
          return false
        }
        return range.lower < 0
      })
    guard isOpen.contains(true) else { return }
    exported.graphModule.forEachModule { path, module in
      guard let recorded = exported.recordedValues[path] else { return }
      for node in module.graph.nodes {
        if path.isEmpty { shapes.origin = ShapeEnv.Origin(step: node.index) }
        recorded.value(of: node, in: module.graph)?.forEachSize { size in
          guard let id = size.expression, isOpen[Int(id.index)] else { return }
          isOpen[Int(id.index)] = false
          _ = shapes.check(shapes.ge(shapes.symInt(expressions[Int(id.index)]), 0))
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
