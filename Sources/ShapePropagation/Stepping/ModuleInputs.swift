import FX
import FakeTensors

/// The values that a module is called with.
struct ModuleInputs {
  /// The values of the first placeholders, in order.
  let positional: [FakeValue]
  /// The values of further placeholders, by name.
  let named: [(key: String, value: FakeValue)]

  init(_ positional: [FakeValue], named: [(key: String, value: FakeValue)] = []) {
    self.positional = positional
    self.named = named
  }

  /// The value of the placeholder with this number; `nil` when none is given.
  ///
  /// `*args` takes the remaining positional inputs, `**kwargs` all named ones.
  func value(_ number: Int, of target: Node.Target) -> FakeValue? {
    if target.text.utf8.first == UInt8(ascii: "*") {
      return target.text.hasPrefix("**") ? .dictionary(named) : .list(Array(positional.dropFirst(number)))
    }
    if number < positional.count { return positional[number] }
    return named.first { $0.key == target.text }?.value
  }

  /// Refuses inputs that no placeholder of `graph` takes.
  func check(against graph: Graph) throws(PropagationError) {
    let targets = graph.findNodes(.placeholder).map { graph.target(of: $0).text }
    let plain = targets.filter { !$0.hasPrefix("*") }
    if positional.count > plain.count, plain.count == targets.count {
      throw PropagationError(.inputCount(expected: plain.count, received: positional.count))
    }
    if targets.contains(where: { $0.hasPrefix("**") }) { return }
    let open = plain.dropFirst(positional.count)
    if let unknown = named.first(where: { !open.contains($0.key) }) {
      throw PropagationError(.unknownInput(unknown.key))
    }
  }
}
