import ExportedPrograms
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

extension FakeProgram {
  /// Asks of every recorded size what PyTorch asks when it loads a program, for which it makes a tensor of each value.
  ///
  /// ```
  /// %index : f32[u0, 4]         0 <= u0                 no size is negative
  /// %diff  : f32[u0 - 1, 4]     1 <= u0
  /// %rows  : f32[s0//8, 4]      Ne(s0//8, 0)            whether a size is 0 decides about the bytes of a tensor
  /// ```
  ///
  /// In most archives, the declared ranges answer both; then no value is looked at.
  ///
  /// - Source: `GraphModuleDeserializer.deserialize_tensor_meta`, `torch/_export/serde/serialize.py`; `empty_strided`
  ///   checks its sizes and computes the bytes.
  func learnFromRecordedSizes() {
    var isOpen = ContiguousArray(
      expressions.map { expression in
        guard case .int(let range) = shapes.bound(of: expression) else { return false }
        return shapes.arena.hasUnbacked(expression) ? range.lower < 0 : range.contains(0)
      })
    guard isOpen.contains(true) else { return }
    exported.graphModule.forEachModule { path, module in
      guard let recorded = exported.recordedValues[path] else { return }
      for node in module.graph.nodes {
        if path.isEmpty { shapes.origin = ShapeEnv.Origin(step: node.index) }
        recorded.value(of: node, in: module.graph)?.forEachSize { size in
          guard let id = size.expression, isOpen[Int(id.index)] else { return }
          isOpen[Int(id.index)] = false
          let expression = expressions[Int(id.index)]
          let size = shapes.symInt(expression)
          if shapes.arena.hasUnbacked(expression) {
            _ = shapes.check(shapes.ge(size, 0))
          } else {
            _ = shapes.guardOrFalse(shapes.eq(size, 0))
          }
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
