import FX

extension JSONScanner {
  /// Reads `{input_specs, output_specs}`.
  mutating func graphSignature() throws(JSONFailure) -> GraphSignature {
    var signature = GraphSignature(inputSpecs: [], outputSpecs: [])
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "input_specs":
        try beginArray()
        while try nextElement() { signature.inputSpecs.append(try inputSpec()) }
      case "output_specs":
        try beginArray()
        while try nextElement() { signature.outputSpecs.append(try outputSpec()) }
      default: try skipValue()
      }
    }
    return signature
  }

  private mutating func inputSpec() throws(JSONFailure) -> InputSpec {
    let tag = try beginUnion()
    let spec: InputSpec
    switch tag {
    case "user_input": spec = InputSpec(try specFields("arg", ""), .userInput)
    case "parameter": spec = InputSpec(try specFields("arg", "parameter_name"), .parameter)
    case "buffer": spec = InputSpec(try specFields("arg", "buffer_name"), .buffer)
    case "tensor_constant": spec = InputSpec(try specFields("arg", "tensor_constant_name"), .constantTensor)
    case "custom_obj": spec = InputSpec(try specFields("arg", "custom_obj_name"), .customObject)
    case "token": spec = InputSpec(try specFields("arg", ""), .token)
    case "constant_input": spec = InputSpec(kind: .userInput, argument: try constantInput())
    default:
      let text = try raw().text
      let opaque = Node.Argument.opaque(.init(tag: tag.text, text: text))
      spec = InputSpec(kind: .unknown(tag.text), argument: .constant(name: "", opaque))
    }
    try endUnion()
    return spec
  }

  private mutating func outputSpec() throws(JSONFailure) -> OutputSpec {
    let tag = try beginUnion()
    let spec: OutputSpec
    switch tag {
    case "user_output": spec = OutputSpec(try specFields("arg", ""), .userOutput)
    case "loss_output": spec = OutputSpec(try specFields("arg", ""), .lossOutput)
    case "buffer_mutation": spec = OutputSpec(try specFields("arg", "buffer_name"), .bufferMutation)
    case "parameter_mutation":
      spec = OutputSpec(try specFields("arg", "parameter_name"), .parameterMutation)
    case "gradient_to_parameter":
      spec = OutputSpec(try specFields("arg", "parameter_name"), .gradientToParameter)
    case "gradient_to_user_input":
      spec = OutputSpec(try specFields("arg", "user_input_name"), .gradientToUserInput)
    case "user_input_mutation":
      spec = OutputSpec(try specFields("arg", "user_input_name"), .userInputMutation)
    case "token": spec = OutputSpec(try specFields("arg", ""), .token)
    default:
      let text = try raw().text
      let opaque = Node.Argument.opaque(.init(tag: tag.text, text: text))
      spec = OutputSpec(kind: .unknown(tag.text), argument: .constant(name: "", opaque))
    }
    try endUnion()
    return spec
  }

  /// The payload of a spec: its argument, its target, and `persistent`.
  fileprivate struct SpecFields {
    var argument: ArgumentSpec
    var target: String?
    var isPersistent: Bool?
  }

  private mutating func specFields(
    _ argumentKey: StaticString, _ targetKey: StaticString
  ) throws(JSONFailure) -> SpecFields {
    var argument: ArgumentSpec?
    var target: String?
    var isPersistent: Bool?
    try beginObject()
    while let key = try nextKey() {
      if key == argumentKey {
        argument = try argumentSpec()
      } else if key == targetKey {
        target = try string().text
      } else if key == "persistent" {
        isPersistent = try boolean()
      } else {
        try skipValue()
      }
    }
    guard let argument else { throw missing(argumentKey) }
    guard target != nil || targetKey.utf8CodeUnitCount == 0 else { throw missing(targetKey) }
    return SpecFields(argument: argument, target: target, isPersistent: isPersistent)
  }

  /// Reads `{name, value}` of a constant input.
  private mutating func constantInput() throws(JSONFailure) -> ArgumentSpec {
    var name: String?
    var value = Node.Argument.none
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "name": name = try string().text
      case "value":
        let tag = try beginUnion()
        value = try constant(tag)
        try endUnion()
      default: try skipValue()
      }
    }
    guard let name else { throw missing("name") }
    return .constant(name: name, value)
  }

  /// Reads either an Argument, or the bare `{name}` of specs that only allow tensors.
  mutating func argumentSpec() throws(JSONFailure) -> ArgumentSpec {
    let start = mark
    let tag = try beginUnion()
    let spec: ArgumentSpec
    switch tag {
    case "name", "class_fqn":
      return try namedArgumentSpec(from: start)
    case "as_tensor": spec = .tensor(try member("name").text)
    case "as_sym_int": spec = try symbolicSpec { .symInt($0) }
    case "as_sym_float": spec = try symbolicSpec { .symFloat($0) }
    case "as_sym_bool": spec = try symbolicSpec { .symBool($0) }
    case "as_custom_obj": spec = try namedArgumentSpec(from: mark)
    default: spec = .constant(name: "", try constant(tag))
    }
    try endUnion()
    return spec
  }

  /// Reads `{as_name}`, or `{as_int}` and similar.
  private mutating func symbolicSpec(_ make: (String) -> ArgumentSpec) throws(JSONFailure) -> ArgumentSpec {
    let tag = try beginUnion()
    let spec = tag == "as_name" ? make(try string().text) : .constant(name: "", try constant(tag))
    try endUnion()
    return spec
  }

  /// Reads `{name}` or `{name, class_fqn}`, starting at `start`.
  private mutating func namedArgumentSpec(from start: Mark) throws(JSONFailure) -> ArgumentSpec {
    jump(to: start)
    var name: String?
    var className: String?
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "name": name = try string().text
      case "class_fqn": className = try string().text
      default: try skipValue()
      }
    }
    guard let name else { throw missing("name") }
    return className.map { .customObject(name: name, className: $0) } ?? .tensor(name)
  }

  /// Reads a constant after its tag; an unknown tag makes it opaque.
  mutating func constant(_ tag: JSONString) throws(JSONFailure) -> Node.Argument {
    switch tag {
    case "as_none":
      try skipValue()
      return .none
    case "as_int": return .int(try integer())
    case "as_float": return .float(try float())
    case "as_bool": return .bool(try boolean())
    case "as_string": return .string(try string().text)
    default: return .opaque(.init(tag: tag.text, text: try raw().text))
    }
  }
}

extension InputSpec {
  fileprivate init(_ fields: JSONScanner.SpecFields, _ kind: Kind) {
    self.init(kind: kind, argument: fields.argument, target: fields.target, isPersistent: fields.isPersistent)
  }
}

extension OutputSpec {
  fileprivate init(_ fields: JSONScanner.SpecFields, _ kind: Kind) {
    self.init(kind: kind, argument: fields.argument, target: fields.target)
  }
}
