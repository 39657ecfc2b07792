import EscapedTexts
import FX
import OperatorSchemas
import TensorVocabulary

/// Arguments of calls.
///
/// - Source: `serialize_inputs`, `serialize_hoo_inputs` and `serialize_input`, `torch/_export/serde/serialize.py`, v2.13.
extension GraphWriter {
  /// Writes the list of `{name, arg, kind}`.
  func writeInputs(of node: Node, to output: inout JSONWriter) throws(SavingError) {
    let target = graph.target(of: node)
    let args = graph.args(of: node)
    let kwargs = graph.kwargs(of: node)
    try output.array { (output) throws(SavingError) in
      guard target.text.hasPrefix("torch.ops."), !target.isHigherOrder else {
        // Python functions and higher-order operators are called by position; names do not matter.
        for (position, argument) in args.enumerated() {
          let name = target.isHigherOrder ? "" : Self.letters[position % Self.letters.count]
          try writeInput(name, argument, nil, isKeyword: false, of: node, to: &output)
        }
        for entry in kwargs {
          try writeInput(entry.name, entry.value, nil, isKeyword: true, of: node, to: &output)
        }
        return
      }
      guard let schema = program.schema(of: target) else {
        return try writeInputsAsArchived(of: node, to: &output)
      }
      try check(node, schema)
      for (position, parameter) in schema.arguments.enumerated() {
        if let argument = kwargs[parameter.name] {
          try writeInput(parameter.name, argument, parameter.type, isKeyword: true, of: node, to: &output)
        } else if position < args.count {
          try writeInput(
            parameter.name, args[position], parameter.type, isKeyword: false, of: node, to: &output)
        }
      }
    }
  }

  private static let letters = ["a", "b", "c", "d"]

  /// Checks that the schema has all arguments of the call.
  private func check(_ node: Node, _ schema: FunctionSchema) throws(SavingError) {
    let target = graph.target(of: node)
    let positional = schema.arguments.count { !$0.isKeywordOnly }
    let count = graph.argumentCount(of: node)
    guard count <= positional else {
      throw SavingError(.unknownArgument("at position \(positional)", of: target.text))
    }
    for entry in graph.kwargs(of: node) {
      guard let position = schema.position(of: entry.name), position >= count else {
        throw SavingError(.unknownArgument("'\(entry.name)'", of: target.text))
      }
    }
  }

  /// Writes the arguments of an operator without a known schema, by the names that another call of the archive has.
  private func writeInputsAsArchived(of node: Node, to output: inout JSONWriter) throws(SavingError) {
    let target = graph.target(of: node)
    let args = graph.args(of: node)
    guard let names = try program.argumentNames(of: target), names.count >= args.count else {
      throw SavingError(.unknownSchema(target.text))
    }
    for (name, argument) in zip(names, args) {
      try writeInput(name, argument, nil, isKeyword: false, of: node, to: &output)
    }
    for entry in graph.kwargs(of: node) {
      try writeInput(entry.name, entry.value, nil, isKeyword: true, of: node, to: &output)
    }
  }

  private func writeInput(
    _ name: String, _ argument: Node.Argument, _ type: ArgumentType?, isKeyword: Bool, of node: Node,
    to output: inout JSONWriter
  ) throws(SavingError) {
    try output.object { (output) throws(SavingError) in
      output.key("name")
      output.string(name)
      output.key("arg")
      try write(argument, as: type, of: node, to: &output)
      output.key("kind")
      output.int(isKeyword ? 2 : 1)
    }
  }

  /// Writes an argument, or a result of the graph; `type` is what the operator's schema says.
  func write(
    _ argument: Node.Argument, as type: ArgumentType?, of node: Node, to output: inout JSONWriter
  ) throws(SavingError) {
    switch argument {
    case .node(let input): try writeNodeArgument(input, to: &output)
    case .none:
      try output.union("as_none") { (output) throws(SavingError) in
        // Schema 7 has an empty list there.
        if program.edited.schemaVersion.major < 8 { output.verbatim("[]") } else { output.bool(true) }
      }
    case .bool(let value):
      output.union("as_bool") { $0.bool(value) }
    case .int(let value):
      output.union("as_int") { $0.int(value) }
    case .float(let value):
      output.union("as_float") { $0.double(value) }
    case .complex(let real, let imaginary):
      try output.union("as_complex") { (output) throws(SavingError) in
        try output.object { (output) throws(SavingError) in
          output.key("real")
          output.double(real)
          output.key("imag")
          output.double(imaginary)
        }
      }
    case .string(let value):
      output.union("as_string") { $0.string(value) }
    case .dtype(let dtype): try writeCode("as_scalar_type", dtype.archiveCode, argument, to: &output)
    case .layout(let layout): try writeCode("as_layout", layout.archiveCode, argument, to: &output)
    case .memoryFormat(let format):
      try writeCode("as_memory_format", format.archiveCode, argument, to: &output)
    case .device(let device):
      output.union("as_device") { $0.device(device) }
    case .operator(let target):
      output.union("as_operator") { $0.string(target.text) }
    case .opaque(let opaque):
      output.union(opaque.tag) { $0.verbatim(opaque.text) }
    case .list(let items), .tuple(let items): try writeList(items, type, argument, to: &output)
    case .dict(let entries):
      try output.union("as_string_to_argument") { (output) throws(SavingError) in
        try output.object { (output) throws(SavingError) in
          for entry in entries {
            guard case .string(let key) = entry.key else {
              throw SavingError(.unsupportedArgument("\(argument)"))
            }
            output.key(key)
            try write(entry.value, as: nil, of: node, to: &output)
          }
        }
      }
    case .submodule(let name): try writeSubgraph(name, to: &output)
    case .symInt, .symFloat, .symBool, .slice, .range, .ellipsis, .tensorConstant:
      throw SavingError(.unsupportedArgument("\(argument)"))
    }
  }

  private func writeCode(
    _ tag: StaticString, _ code: Int?, _ argument: Node.Argument, to output: inout JSONWriter
  ) throws(SavingError) {
    guard let code else { throw SavingError(.unsupportedArgument("\(argument)")) }
    output.union(tag) { $0.int(code) }
  }

  private func writeNodeArgument(_ node: Node, to output: inout JSONWriter) throws(SavingError) {
    if graph.op(of: node) == .getAttr {
      try writeSubgraph(graph.target(of: node).text, to: &output)
    } else {
      writeReference(to: node, in: &output)
    }
  }

  /// Writes the name of a value as an argument.
  func writeReference(to node: Node, in output: inout JSONWriter) {
    let name = results.name(of: node)
    if let tag = table(of: node)?.tag {
      output.symbolic(tag, name)
    } else if case .customObject(let className)? = recorded.value(of: node, in: graph) {
      output.customObject(named: name, className)
    } else {
      output.named("as_tensor", name)
    }
  }

  private func writeSubgraph(_ name: String, to output: inout JSONWriter) throws(SavingError) {
    guard let submodule = module.submodule(at: name) else {
      throw SavingError(.unsupportedArgument("'\(name)', which is no graph of the module"))
    }
    try output.union("as_graph") { (output) throws(SavingError) in
      try output.object { (output) throws(SavingError) in
        output.key("name")
        output.string(name)
        output.key("graph")
        try program.writeGraph(submodule, at: path.isEmpty ? name : "\(path).\(name)", to: &output)
      }
    }
  }
}

/// Lists, which archives tell apart by what their elements are.
extension GraphWriter {
  private func writeList(
    _ items: [Node.Argument], _ type: ArgumentType?, _ argument: Node.Argument, to output: inout JSONWriter
  ) throws(SavingError) {
    guard let form = form(of: items, type) else { throw SavingError(.unsupportedArgument("\(argument)")) }
    try output.union(form.rawValue) { (output) throws(SavingError) in
      try output.array { (output) throws(SavingError) in
        for item in items { try write(item, in: form, to: &output) }
      }
    }
  }

  /// What the elements of a list are, by the tag of the list.
  private enum ListForm: String {
    case ints = "as_ints"
    case floats = "as_floats"
    case bools = "as_bools"
    case strings = "as_strings"
    case symInts = "as_sym_ints"
    case symFloats = "as_sym_floats"
    case symBools = "as_sym_bools"
    case tensors = "as_tensors"
    case optionalTensors = "as_optional_tensors"
    case nestedTensors = "as_nested_tensors"
    case intLists = "as_int_lists"
    case floatLists = "as_float_lists"
  }

  private func form(of items: [Node.Argument], _ type: ArgumentType?) -> ListForm? {
    guard let first = items.first else { return emptyForm(type) }
    func all(_ isFit: (Node.Argument) -> Bool) -> Bool { items.allSatisfy(isFit) }
    func each(_ isFit: (Node.Argument) -> Bool) -> Bool {
      all { Self.elements(of: $0)?.allSatisfy(isFit) == true }
    }
    switch first {
    case .list, .tuple:
      if each(isTensor) { return .nestedTensors }
      if each(Self.isInt) { return .intLists }
      return each(Self.isFloat) ? .floatLists : nil
    default: break
    }
    if all({ if case .bool = $0 { true } else { false } }) { return .bools }
    if all({ if case .string = $0 { true } else { false } }) { return .strings }
    if all(Self.isInt) { return type?.element == .float ? .floats : .ints }
    if all(Self.isNumber), all({ if case .node = $0 { false } else { true } }) { return .floats }
    if all(isTensor) { return .tensors }
    if all({ $0 == .none || isTensor($0) }) { return .optionalTensors }
    for (table, form) in [
      (ValueTable.symInts, ListForm.symInts), (.symFloats, .symFloats), (.symBools, .symBools),
    ] {
      if all({ isSymbolic($0, table) }) { return form }
    }
    return nil
  }

  private func emptyForm(_ type: ArgumentType?) -> ListForm {
    switch type?.element?.nonOptional {
    case .bool?: .bools
    case .int?, .symInt?, .scalar?: .ints
    case .float?: .floats
    case .string?: .strings
    default: .tensors
    }
  }

  private func write(
    _ item: Node.Argument, in form: ListForm, to output: inout JSONWriter
  ) throws(SavingError) {
    switch (form, item) {
    case (.ints, .int(let value)), (.intLists, .int(let value)): output.int(value)
    case (.floats, .int(let value)), (.floatLists, .int(let value)): output.double(Double(value))
    case (.floats, .float(let value)), (.floatLists, .float(let value)): output.double(value)
    case (.bools, .bool(let value)): output.bool(value)
    case (.strings, .string(let value)): output.string(value)
    case (.tensors, .node(let node)), (.nestedTensors, .node(let node)): output.name(results.name(of: node))
    case (.intLists, _), (.floatLists, _), (.nestedTensors, _):
      let items = Self.elements(of: item) ?? []
      try output.array { (output) throws(SavingError) in
        for item in items { try write(item, in: form, to: &output) }
      }
    case (.symInts, .node(let node)), (.symFloats, .node(let node)), (.symBools, .node(let node)):
      output.symbolicName(results.name(of: node))
    default: try write(item, as: nil, of: Node(index: 0), to: &output)
    }
  }

  private static func elements(of argument: Node.Argument) -> [Node.Argument]? {
    switch argument {
    case .list(let items), .tuple(let items): items
    default: nil
    }
  }

  private static func isInt(_ argument: Node.Argument) -> Bool {
    if case .int = argument { true } else { false }
  }

  private static func isFloat(_ argument: Node.Argument) -> Bool {
    if case .float = argument { true } else { false }
  }

  private static func isNumber(_ argument: Node.Argument) -> Bool { isInt(argument) || isFloat(argument) }

  private func isTensor(_ argument: Node.Argument) -> Bool {
    guard case .node(let node) = argument, graph.op(of: node) != .getAttr else { return false }
    let table = table(of: node)
    return table == .tensors || table == nil
  }

  private func isSymbolic(_ argument: Node.Argument, _ table: ValueTable) -> Bool {
    switch argument {
    case .node(let node): self.table(of: node) == table
    case .int: table == .symInts
    case .float: table == .symFloats
    case .bool: table == .symBools
    default: false
    }
  }
}
