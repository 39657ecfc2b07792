import ExportedPrograms
import FX
import TensorVocabulary

/// Makes the nodes of one graph from what a text says about them, whatever its form.
struct GraphBuilder {
  let text: SourceText
  let symbols: SymbolTexts
  private(set) var graph = Graph()
  private(set) var values = RecordedValues()
  private(set) var places = NodePlaces()
  /// Submodules by the name under which `self` has them.
  var module = GraphModule()
  /// Whether a node's value was released, by its number.
  private var isReleased: ContiguousArray<Bool> = []
  /// The devices that arguments name.
  private var devices: Set<Device> = []
  /// Whether every tensor so far came with strides, and with a device.
  private var saysStrides = true
  private var saysDevices = true
  /// Inputs whose annotation says no device.
  private var inputsWithoutDevice: [(node: Node, tensor: RecordedTensor)] = []
  /// The line of the author's program that following nodes come from.
  var stackTrace: String?
  /// Finds the line that defines a name which is used earlier.
  var laterDefinition: (String) -> Int? = { _ in nil }

  init(_ text: SourceText, _ symbols: SymbolTexts) {
    self.text = text
    self.symbols = symbols
  }

  func failure(_ kind: TextError.Kind, at spot: Spot) -> TextError {
    TextError(kind, at: text.position(of: spot))
  }

  /// How many nodes there are.
  var count: Int { graph.nodeCount }

  // Names

  /// The node that a name stands for; `nil` for a name that is none.
  func node(_ name: String) -> Node? { graph.node(named: name) }

  /// The node that a name stands for here.
  ///
  /// - Throws: ``TextError`` when nothing has the name, or its value was released.
  func node(_ name: String, at spot: Spot) throws(TextError) -> Node {
    guard let node = graph.node(named: name) else {
      throw failure(.undefined(name, later: laterDefinition(name)), at: spot)
    }
    guard !isReleased[Int(node.index)] else { throw failure(.released(name), at: spot) }
    return node
  }

  /// Ends the life of values.
  ///
  /// - Throws: ``TextError`` for a name that nothing has.
  mutating func release(_ names: [PythonStatement.Name]) throws(TextError) {
    for name in names {
      // Globals and parameters are no nodes, and may be released as well.
      guard let node = graph.node(named: name.text) else {
        throw failure(.undefined(name.text, later: laterDefinition(name.text)), at: name.spot)
      }
      isReleased[Int(node.index)] = true
    }
  }

  // Nodes

  /// Adds a node under exactly this name.
  ///
  /// - Throws: ``TextError`` when another node has it.
  @discardableResult
  mutating func add(
    _ op: Graph.Op, _ target: Node.Target, _ args: [Node.Argument] = [],
    _ kwargs: [Node.KeywordArgument] = [],
    name: PythonStatement.Name, targetSpot: Spot? = nil, annotation: (text: String, spot: Spot)? = nil
  ) throws(TextError) -> Node {
    var text = name.text
    let id = text.withUTF8 { graph.internName($0) }
    let targetID = graph.intern(target)
    guard let node = graph.createNode(op, target: targetID, name: id, args: args, kwargs: kwargs) else {
      throw failure(.redefined(name.text), at: name.spot)
    }
    finish(node, op, name.spot, targetSpot ?? name.spot)
    for argument in args { note(argument) }
    for argument in kwargs { note(argument.value) }
    if let annotation { try record(annotation, of: node) }
    return node
  }

  /// Adds the node that returns the results.
  mutating func addOutput(_ argument: Node.Argument, at spot: Spot) {
    let node = graph.createNode(.output, "output", args: [argument])
    finish(node, .output, spot, spot)
  }

  private mutating func finish(_ node: Node, _ op: Graph.Op, _ name: Spot, _ target: Spot) {
    isReleased.append(false)
    places.append(name: text.position(of: name), target: text.position(of: target))
    if let stackTrace, op != .placeholder, op != .output {
      graph.setMetadata(NodeMetadata([Named("stack_trace", stackTrace)]), of: node)
    }
  }

  private mutating func note(_ argument: Node.Argument) {
    switch argument {
    case .device(let device): devices.insert(device)
    case .list(let items), .tuple(let items): for item in items { note(item) }
    default: break
    }
  }

  // Values

  /// Records what an annotation says of a node's value.
  mutating func record(_ annotation: (text: String, spot: Spot), of node: Node) throws(TextError) {
    // The annotation's bytes, without the quote before it.
    let start = annotation.spot.offset + 1
    let bytes = start..<start + annotation.text.utf8.count
    guard !bytes.isEmpty, bytes.upperBound <= text.bytes.count,
      text.bytes[bytes].elementsEqual(annotation.text.utf8)
    else { throw failure(.unknownAnnotation(annotation.text), at: annotation.spot) }
    record(try ValueAnnotation.read(text, bytes, line: annotation.spot.line, symbols), of: node)
    places.setAnnotation(text.position(of: annotation.spot), of: node)
  }

  /// Records the value of a node.
  mutating func record(_ value: RecordedValue, of node: Node) {
    let isInput = graph.op(of: node) == .placeholder
    if case .tensor(let tensor) = value {
      for size in tensor.sizes { symbols.noteSize(size, ofInput: isInput) }
      if tensor.strides == nil { saysStrides = false }
      if tensor.device == nil {
        saysDevices = false
        if isInput || graph.op(of: node) == .getAttr { inputsWithoutDevice.append((node, tensor)) }
      }
    }
    values.setValue(value, of: node, in: graph)
  }

  /// Whether something is known of the node's value.
  func isRecorded(_ node: Node) -> Bool { values.value(of: node, in: graph) != nil }

  /// The most results of one call that are put together from the nodes that select them.
  private static let resultLimit = 1_000

  /// Records the results of calls with several, which only the nodes that select them show.
  private mutating func recordTuples() {
    var elements: [Node: [Int: Node]] = [:]
    for node in graph.nodes where graph.op(of: node) == .callFunction && graph.target(of: node) == .getitem {
      guard case .node(let source)? = graph.argument(0, of: node),
        case .int(let index)? = graph.argument(1, of: node),
        graph.op(of: source) == .callFunction, (0..<Self.resultLimit).contains(index), isRecorded(node),
        !isRecorded(source)
      else { continue }
      if elements[source]?[index] == nil { elements[source, default: [:]][index] = node }
    }
    for (source, found) in elements {
      guard let last = found.keys.max() else { continue }
      values.setTuple((0...last).map { found[$0] }, of: source, in: graph)
    }
  }

  /// The module, when all nodes are there.
  mutating func finish() -> GraphModule {
    recordTuples()
    if !saysStrides { values.omissions.insert(.strides) }
    if !saysDevices { values.omissions.insert(.devices) }
    // A text without devices is of a program on one device; its factories name it.
    if devices.count == 1, let device = devices.first, device != .cpu {
      for (node, tensor) in inputsWithoutDevice {
        var tensor = tensor
        tensor.device = device
        values.replaceValue(.tensor(tensor), of: node, in: graph)
      }
    }
    module.graph = graph
    return module
  }
}
