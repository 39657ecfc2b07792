import FX
import OperatorSchemas

/// Numbers for what nodes compute from the inputs of their graph: equal numbers are equal computations.
///
/// Both programs share one object, so that their numbers can be compared.
final class StructureClasses {
  private enum Form: Hashable {
    /// A call that reads values with these numbers.
    case call(CallForm, inputs: [Int])
    /// An argument of a call whose result has uses of this number.
    case use(CallForm, argument: String, position: Int, uses: Int)
    /// What `what` says, of things with these numbers.
    case other(_ what: String, [Int])
  }

  private var numbers: [Form: Int] = [:]
  private var count = 0
  private var schemas = SchemaCache()

  /// A number that nothing else has.
  func unique() -> Int {
    count += 1
    return count
  }

  private func number(_ form: Form) -> Int {
    if let known = numbers[form] { return known }
    let number = unique()
    numbers[form] = number
    return number
  }

  /// The forms and the numbers of a graph's nodes.
  ///
  /// `given` has the numbers of placeholders; those without one get a unique number.
  func classify(
    _ module: GraphModule, _ given: NodeMap<Int>
  ) -> (forms: NodeMap<CallForm>, classes: NodeMap<Int>) {
    let graph = module.graph
    numbers.reserveCapacity(numbers.count + graph.nodeCount)
    var forms = NodeMap<CallForm>(for: graph)
    var classes = NodeMap<Int>(for: graph)
    // What a node's value is now: a call that writes to it makes another one of it.
    var current = NodeMap<Int>(for: graph)
    for node in graph.nodes {
      let form = CallForm(node, in: graph, &schemas)
      let number: Int
      switch form.op {
      case .placeholder: number = given[node] ?? unique()
      case .getAttr: number = self.number(ofSubgraph: graph.target(of: node).text, module)
      default: number = self.number(.call(form, inputs: form.inputs.map { current[$0] ?? 0 }))
      }
      forms[node] = form
      classes[node] = number
      current[node] = number
      for position in form.written {
        let value = self.number(.other("written \(position)", [number]))
        for node in form.slots[position].nodes { current[node] = value }
      }
    }
    return (forms, classes)
  }

  /// Numbers for what becomes of the values of a graph: equal numbers are equal uses, to the outputs.
  func uses(in graph: Graph, _ forms: NodeMap<CallForm>) -> NodeMap<Int> {
    var uses = NodeMap<Int>(for: graph)
    for node in graph.nodes.reversed() {
      var numbers: [Int] = []
      for user in graph.users(of: node) {
        guard let form = forms[user] else { continue }
        for slot in form.slots {
          for (position, input) in slot.nodes.enumerated() where input == node {
            numbers.append(
              number(.use(form, argument: slot.name, position: position, uses: uses[user] ?? 0)))
          }
        }
      }
      uses[node] = number(.other("uses", numbers.sorted()))
    }
    return uses
  }

  /// Equal for nested graphs that compute the same from inputs in the same order, with the same effects.
  private func number(ofSubgraph path: String, _ module: GraphModule) -> Int {
    guard let nested = module.submodule(at: path) else {
      return number(.other("attribute \(path)", []))
    }
    var given = NodeMap<Int>(for: nested.graph)
    for (position, node) in nested.graph.findNodes(.placeholder).enumerated() {
      given[node] = number(.other("input \(position)", []))
    }
    let classes = classify(nested, given).classes
    let lasting = nested.graph.nodes.filter {
      nested.graph.isImpure($0) || nested.graph.userCount(of: $0) == 0
    }
    return number(.other("graph", lasting.map { classes[$0] ?? 0 }))
  }
}
