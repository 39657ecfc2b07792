import ExportedPrograms
import FX
import TensorVocabulary

/// A layer of `torch.nn` as a module of its own: a graph that makes the call of its `forward`, and its parameters.
///
///     Conv1d(2, 4, kernel_size=(3,), stride=(1,))  ─▶  torch.conv1d(input, self.weight, self.bias, (1,), 0, 1, 1)
///
/// Layers are in evaluation mode; training changes no shape.
struct TorchLayer {
  let module: GraphModule
  /// The parameters, recorded for the nodes that fetch them.
  let values: RecordedValues

  /// The layer that a constructor's call makes; `nil` for a class that has no row, or arguments that do not fit it.
  init?(_ value: PythonExpression) {
    guard case .call(let function, let positional, let keywords) = value.kind,
      let name = function.dottedName?.split(separator: ".").last,
      let row = LayerRow.named(String(name)), positional.count <= row.arguments.count
    else { return nil }
    var arguments: [String: Node.Argument] = [:]
    for (argument, value) in zip(row.arguments, positional) {
      guard let constant = Self.constant(value) else { return nil }
      arguments[argument.name] = constant
    }
    for keyword in keywords {
      guard let constant = Self.constant(keyword.value) else { return nil }
      arguments[keyword.name] = constant
    }
    for argument in row.arguments where arguments[argument.name] == nil {
      guard let text = argument.defaultText, let constant = Self.constant(text) else { return nil }
      arguments[argument.name] = constant
    }
    var graph = Graph()
    var values = RecordedValues()
    var nodes: [String: Node] = ["input": graph.createNode(.placeholder, "input", name: "input_1")]
    for parameter in row.parameters {
      if let condition = parameter.condition, arguments[condition] != .bool(true) { continue }
      guard let sizes = Self.sizes(parameter.sizes, arguments) else { return nil }
      let node = graph.createNode(.getAttr, Node.Target(parameter.name), name: parameter.name)
      values.setValue(
        .tensor(RecordedTensor(dtype: .float32, sizes: sizes, strides: nil, device: .cpu)), of: node,
        in: graph)
      nodes[parameter.name] = node
    }
    let known = Set(row.parameters.map(\.name))
    var args: [Node.Argument] = []
    var kwargs: [Node.KeywordArgument] = []
    for (keyword, text) in row.call {
      let argument: Node.Argument
      if let node = nodes[text] {
        argument = .node(node)
      } else if known.contains(text) {
        argument = .none
      } else if let value = arguments[text] ?? Self.constant(text) {
        argument = value
      } else {
        return nil
      }
      if let keyword { kwargs.append(Named(keyword, argument)) } else { args.append(argument) }
    }
    let call = graph.createNode(.callFunction, Node.Target(row.function), args: args, kwargs: kwargs)
    graph.createNode(.output, "output", args: [.node(call)])
    module = GraphModule(graph, className: row.name)
    self.values = values
  }

  /// A constant of a constructor.
  private static func constant(_ value: PythonExpression) -> Node.Argument? {
    switch value.kind {
    case .name("True"): return .bool(true)
    case .name("False"): return .bool(false)
    case .name("None"): return Node.Argument.none
    case .float(let number): return .float(number)
    case .string(let text): return .string(text)
    case .unary("-", let operand):
      if case .float(let number)? = constant(operand) { return .float(-number) }
      return value.integer.map { .int($0) }
    default: break
    }
    if let number = value.integer { return .int(number) }
    guard let items = value.elements else { return nil }
    let constants = items.compactMap(constant)
    return constants.count == items.count ? .tuple(constants) : nil
  }

  private static func constant(_ text: String) -> Node.Argument? {
    switch text {
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "None": return Node.Argument.none
    default:
      if let number = Int(text) { return .int(number) }
      if let number = Double(text) { return .float(number) }
      return text.hasPrefix("'") && text.count > 1 ? .string(String(text.dropFirst().dropLast())) : nil
    }
  }

  /// The sizes of a parameter; `nil` when they are no positive numbers.
  private static func sizes(_ texts: [String], _ arguments: [String: Node.Argument]) -> [RecordedInt]? {
    var sizes: [Int] = []
    for text in texts {
      if text.hasSuffix("*") {
        switch arguments[String(text.dropLast())] {
        case .tuple(let items)?:
          for item in items {
            guard case .int(let size) = item else { return nil }
            sizes.append(size)
          }
        case .int(let size)?: sizes.append(size)
        default: return nil
        }
        continue
      }
      let parts = text.split(separator: "/").map { arguments[String($0)] }
      guard case .int(let size)?? = parts.first else { return nil }
      guard parts.count > 1 else {
        sizes.append(size)
        continue
      }
      guard case .int(let divisor)? = parts[1], divisor > 0 else { return nil }
      sizes.append(size / divisor)
    }
    let recorded = sizes.compactMap { $0 < 0 ? nil : RecordedInt($0) }
    return recorded.count == sizes.count && sizes.count <= ValueAnnotation.dimLimit ? recorded : nil
  }
}
