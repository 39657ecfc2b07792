import FX
import FakeTensors
import SymbolicShapes

extension FakeValue {
  /// The element that Python's `value[key]` selects.
  func item(_ key: FakeValue) throws -> FakeValue {
    switch (self, key) {
    case (.dictionary(let entries), .string(let key)):
      if let entry = entries.first(where: { $0.key == key }) { return entry.value }
    case (_, .symInt(let index)):
      if let elements, let index = index.constant {
        let position = index < 0 ? index + elements.count : index
        if elements.indices.contains(position) { return elements[position] }
      }
    default: break
    }
    throw PropagationError(.malformed("the value has no such element"))
  }
}
