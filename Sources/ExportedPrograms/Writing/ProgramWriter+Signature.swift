import EscapedTexts
import FX

/// Ranges, and what inputs and outputs stand for.
extension ProgramWriter {
  /// Writes the ranges, those of the archive where they did not change.
  func writeRanges(_ place: Range<Int>, to output: inout JSONWriter) throws(SavingError) {
    let old = archived.program.rangeConstraints
    guard edited.rangeConstraints != old else { return output.copy(place, of: archived.text) }
    let members = try reading { () throws(ArchiveError) in try archived.text.members(at: place.lowerBound) }
    output.object { output in
      for constraint in edited.rangeConstraints {
        output.key(constraint.text)
        if old.contains(constraint), let member = members.first(where: { $0.key == constraint.text }) {
          output.copy(member.value, of: archived.text)
        } else {
          output.object { output in
            output.key("min_val")
            if let lower = constraint.lower { output.int(lower) } else { output.null() }
            output.key("max_val")
            if let upper = constraint.upper { output.int(upper) } else { output.null() }
          }
        }
      }
    }
  }

  /// Writes the signature with the names that the nodes have now.
  func writeSignature(_ place: Range<Int>, to output: inout JSONWriter) throws(SavingError) {
    let signature = try edited.signature.renamed(for: edited)
    let old = archived.program.signature
    let (members, inputs, outputs) = try reading { () throws(ArchiveError) in
      let members = try archived.text.members(at: place.lowerBound)
      let lists = try ["input_specs", "output_specs"].map { (key) throws(ArchiveError) in
        try members.first { $0.key == key }.map { (member) throws(ArchiveError) in
          try archived.text.elements(at: member.value.lowerBound)
        } ?? []
      }
      return (members, lists[0], lists[1])
    }
    output.object { output in
      for member in members {
        output.key(member.key)
        switch member.key {
        case "input_specs":
          output.array { output in
            for (position, spec) in signature.inputSpecs.enumerated() {
              if position < inputs.count, spec == old.inputSpecs[position] {
                output.copy(inputs[position], of: archived.text)
              } else {
                output.spec(spec)
              }
            }
          }
        case "output_specs":
          output.array { output in
            for (position, spec) in signature.outputSpecs.enumerated() {
              if position < outputs.count, spec == old.outputSpecs[position] {
                output.copy(outputs[position], of: archived.text)
              } else {
                output.spec(spec)
              }
            }
          }
        default: output.copy(member.value, of: archived.text)
        }
      }
    }
  }
}

extension GraphSignature {
  /// The signature with the names that placeholders and results have in the program's graph.
  ///
  /// - Throws: ``SavingError`` when there are other numbers of them.
  package func renamed(for program: ExportedProgram) throws(SavingError) -> GraphSignature {
    let graph = program.graphModule.graph
    let results = CallResults(graph)
    let recorded = program.recordedValues[""] ?? RecordedValues()
    var renamed = self
    var inputNames: [String: String] = [:]
    let placeholders = graph.nodes.filter { graph.op(of: $0) == .placeholder }
    guard placeholders.count == inputSpecs.count else {
      throw SavingError(
        .signatureMismatch(what: "inputs", signature: inputSpecs.count, graph: placeholders.count))
    }
    for (position, node) in placeholders.enumerated() {
      guard let old = inputSpecs[position].argument.name else { continue }
      inputNames[old] = graph.name(of: node)
      renamed.inputSpecs[position].argument.rename(to: graph.name(of: node))
    }
    let items: [Node.Argument]
    switch graph.outputNode.flatMap({ graph.argument(0, of: $0) }) {
    case .tuple(let results)?, .list(let results)?: items = results
    case let result?: items = [result]
    case nil: items = []
    }
    guard items.count == outputSpecs.count else {
      throw SavingError(.signatureMismatch(what: "outputs", signature: outputSpecs.count, graph: items.count))
    }
    for (position, item) in items.enumerated() {
      if [.userInputMutation, .gradientToUserInput].contains(outputSpecs[position].kind) {
        renamed.outputSpecs[position].target = outputSpecs[position].target.map { inputNames[$0] ?? $0 }
      }
      if case .unknown = outputSpecs[position].kind { continue }
      if case .node(let node) = item {
        let name = results.name(of: node)
        guard outputSpecs[position].argument.name != name || outputSpecs[position].argument.isConstant else {
          continue
        }
        let table = recorded.value(of: results.first(node), in: graph).flatMap { ValueTable($0) }
        renamed.outputSpecs[position].argument = ArgumentSpec(name, in: table)
      } else if case .constant(_, item) = outputSpecs[position].argument {
        continue
      } else {
        renamed.outputSpecs[position].argument = .constant(name: "", item)
      }
    }
    return renamed
  }
}

extension ArgumentSpec {
  fileprivate var isConstant: Bool {
    if case .constant = self { true } else { false }
  }

  fileprivate init(_ name: String, in table: ValueTable?) {
    switch table {
    case .symInts?: self = .symInt(name)
    case .symFloats?: self = .symFloat(name)
    case .symBools?: self = .symBool(name)
    case .tensors?, .customObjects?, nil: self = .tensor(name)
    }
  }

  fileprivate mutating func rename(to name: String) {
    switch self {
    case .tensor: self = .tensor(name)
    case .symInt: self = .symInt(name)
    case .symFloat: self = .symFloat(name)
    case .symBool: self = .symBool(name)
    case .customObject(_, let className): self = .customObject(name: name, className: className)
    case .token: self = .token(name)
    case .constant(let old, let value): if !old.isEmpty { self = .constant(name: name, value) }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func spec(_ spec: InputSpec) {
    switch spec.kind {
    case .userInput:
      if case .constant(let name, let value) = spec.argument, !name.isEmpty {
        union("constant_input") { output in
          output.object { output in
            output.key("name")
            output.string(name)
            output.key("value")
            output.constant(value)
          }
        }
      } else {
        union("user_input") { $0.union("arg") { $0.argument(spec.argument) } }
      }
    case .parameter: named("parameter", spec.argument, "parameter_name", spec.target)
    case .buffer: named("buffer", spec.argument, "buffer_name", spec.target, spec.isPersistent)
    case .constantTensor: named("tensor_constant", spec.argument, "tensor_constant_name", spec.target)
    case .customObject: named("custom_obj", spec.argument, "custom_obj_name", spec.target)
    case .token: named("token", spec.argument, nil, nil)
    case .unknown(let tag): unknown(tag, spec.argument)
    }
  }

  fileprivate mutating func spec(_ spec: OutputSpec) {
    switch spec.kind {
    case .userOutput: union("user_output") { $0.union("arg") { $0.argument(spec.argument) } }
    case .lossOutput: named("loss_output", spec.argument, nil, nil)
    case .bufferMutation: named("buffer_mutation", spec.argument, "buffer_name", spec.target)
    case .parameterMutation: named("parameter_mutation", spec.argument, "parameter_name", spec.target)
    case .gradientToParameter: named("gradient_to_parameter", spec.argument, "parameter_name", spec.target)
    case .gradientToUserInput: named("gradient_to_user_input", spec.argument, "user_input_name", spec.target)
    case .userInputMutation: named("user_input_mutation", spec.argument, "user_input_name", spec.target)
    case .token: named("token", spec.argument, nil, nil)
    case .unknown(let tag): unknown(tag, spec.argument)
    }
  }

  /// Writes a spec whose argument is given by name alone.
  private mutating func named(
    _ tag: String, _ argument: ArgumentSpec, _ key: String?, _ target: String?, _ isPersistent: Bool? = nil
  ) {
    union(tag) { output in
      output.object { output in
        output.key("arg")
        if case .customObject(let name, let className) = argument {
          output.object(named: name, ofClass: className)
        } else {
          output.name(argument.name ?? "")
        }
        if let key, let target {
          output.key(key)
          output.string(target)
        }
        if let isPersistent {
          output.key("persistent")
          output.bool(isPersistent)
        }
      }
    }
  }

  private mutating func unknown(_ tag: String, _ argument: ArgumentSpec) {
    union(tag) { output in
      if case .constant(_, .opaque(let opaque)) = argument {
        output.verbatim(opaque.text)
      } else {
        output.null()
      }
    }
  }

  private mutating func argument(_ argument: ArgumentSpec) {
    switch argument {
    case .tensor(let name), .token(let name): named("as_tensor", name)
    case .symInt(let name): symbolic("as_sym_int", name)
    case .symFloat(let name): symbolic("as_sym_float", name)
    case .symBool(let name): symbolic("as_sym_bool", name)
    case .customObject(let name, let className): customObject(named: name, className)
    case .constant(_, let value): constant(value)
    }
  }

  /// Writes a constant of a signature, of the kinds that ``JSONScanner/constant(_:)`` reads.
  private mutating func constant(_ value: Node.Argument) {
    switch value {
    case .int(let value): union("as_int") { $0.int(value) }
    case .float(let value): union("as_float") { $0.double(value) }
    case .bool(let value): union("as_bool") { $0.bool(value) }
    case .string(let value): union("as_string") { $0.string(value) }
    case .opaque(let opaque): union(opaque.tag) { $0.verbatim(opaque.text) }
    default: union("as_none") { $0.bool(true) }
    }
  }
}
