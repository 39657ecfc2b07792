import EscapedTexts
import FX
import TensorVocabulary

/// The tables of a graph that hold the recorded values by name.
enum ValueTable: String, CaseIterable {
  case tensors = "tensor_values"
  case symInts = "sym_int_values"
  case symBools = "sym_bool_values"
  case symFloats = "sym_float_values"
  case customObjects = "custom_obj_values"

  /// The table that holds `value`; `nil` for values that are not held in one.
  init?(_ value: RecordedValue) {
    switch value {
    case .tensor: self = .tensors
    case .symInt: self = .symInts
    case .symBool, .bool: self = .symBools
    case .symFloat, .float: self = .symFloats
    case .customObject: self = .customObjects
    case .constant(.int): self = .symInts
    case .constant(.bool): self = .symBools
    case .constant(.float): self = .symFloats
    case .none, .constant, .tuple: return nil
    }
  }

  /// The tag of the symbolic number that a node of this table is as an argument.
  var tag: StaticString? {
    switch self {
    case .tensors, .customObjects: nil
    case .symInts: "as_sym_int"
    case .symBools: "as_sym_bool"
    case .symFloats: "as_sym_float"
    }
  }
}

/// Compares and writes recorded values of a program that shares its expressions with its archive.
final class RecordedValueWriter {
  private let expressions: RecordedExpressions
  /// The JSON of the tensors written so far; one layer of a model has the shapes of the next.
  private var tensors: [RecordedTensor: [UInt8]] = [:]
  /// Whether the expression with a number is the archive's with that number.
  private let isShared: [Bool]

  init(_ program: ExportedProgram, archived: ExportedProgram) {
    expressions = program.expressions
    let count = min(program.expressions.count, archived.expressions.count)
    isShared = zip(program.expressions.ids, archived.expressions.ids).prefix(count).map {
      program.expressions.text(of: $0) == archived.expressions.text(of: $1)
    }
  }

  /// Whether a value is the one that the archive has.
  func isSame(_ value: RecordedValue?, asArchived archived: RecordedValue?) -> Bool {
    switch (value, archived) {
    case (nil, nil), (RecordedValue.none?, RecordedValue.none?): true
    case (.tensor(let a)?, .tensor(let b)?):
      a.dtype == b.dtype && a.device == b.device && a.layout == b.layout && a.requiresGrad == b.requiresGrad
        && isSame(a.sizes, b.sizes) && isSame(a.strides ?? [], b.strides ?? [])
        && isSame(a.storageOffset, b.storageOffset)
    case (.symInt(let a)?, .symInt(let b)?): isSame(a, b)
    case (.float(let a)?, .float(let b)?): a == b || a.isNaN && b.isNaN
    case (.bool(let a)?, .bool(let b)?): a == b
    case (.symFloat(let a)?, .symFloat(let b)?), (.symBool(let a)?, .symBool(let b)?): isSame(a, b)
    case (.customObject(let a)?, .customObject(let b)?): a == b
    case (.constant(let a)?, .constant(let b)?): a == b
    case (.tuple(let a)?, .tuple(let b)?):
      a.count == b.count
        && zip(a, b).allSatisfy { isSame($0 ?? RecordedValue.none, asArchived: $1 ?? RecordedValue.none) }
    default: false
    }
  }

  private func isSame(_ a: ArraySlice<RecordedInt>, _ b: ArraySlice<RecordedInt>) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
  }

  private func isSame(_ a: RecordedInt, _ b: RecordedInt) -> Bool {
    a == b && (a.expression.map(isSharedExpression) ?? true)
  }

  private func isSame(_ a: RecordedExpressionID, _ b: RecordedExpressionID) -> Bool {
    a == b && isSharedExpression(a)
  }

  private func isSharedExpression(_ id: RecordedExpressionID) -> Bool {
    Int(id.index) < isShared.count && isShared[Int(id.index)]
  }

  /// Writes the entry of a value in its table.
  func write(_ value: RecordedValue, named name: String, to output: inout JSONWriter) throws(SavingError) {
    switch value {
    case .tensor(let tensor): output.verbatim(try text(of: tensor))
    case .symInt(let integer): write(integer, to: &output)
    case .symFloat(let id), .symBool(let id): write(id, to: &output)
    case .float(let number), .constant(.float(let number)):
      output.union("as_float") { $0.double(number) }
    case .bool(let truth), .constant(.bool(let truth)):
      output.union("as_bool") { $0.bool(truth) }
    case .constant(.int(let number)):
      output.union("as_int") { $0.int(number) }
    case .customObject(let className):
      output.object(named: name, ofClass: className)
    case .none, .constant, .tuple: throw SavingError(.missingValue, node: name)
    }
  }

  private func text(of tensor: RecordedTensor) throws(SavingError) -> [UInt8] {
    if let known = tensors[tensor] { return known }
    var output = JSONWriter(style: .python)
    try write(tensor, to: &output)
    tensors[tensor] = output.bytes
    return output.bytes
  }

  private func write(_ tensor: RecordedTensor, to output: inout JSONWriter) throws(SavingError) {
    guard let dtype = tensor.dtype.archiveCode else {
      throw SavingError(.unsupportedArgument("a tensor of \(tensor.dtype)"))
    }
    guard let layout = tensor.layout.archiveCode else {
      throw SavingError(.unsupportedArgument("a tensor with layout \(tensor.layout)"))
    }
    guard let device = tensor.device, let strides = tensor.strides else {
      throw SavingError(.unsupportedArgument("a tensor of which the program does not say device or strides"))
    }
    output.object { output in
      output.key("dtype")
      output.int(dtype)
      output.key("sizes")
      write(tensor.sizes, to: &output)
      output.key("requires_grad")
      output.bool(tensor.requiresGrad)
      output.key("device")
      output.device(device)
      output.key("strides")
      write(strides, to: &output)
      output.key("storage_offset")
      write(tensor.storageOffset, to: &output)
      output.key("layout")
      output.int(layout)
    }
  }

  private func write(_ integers: ArraySlice<RecordedInt>, to output: inout JSONWriter) {
    output.array { output in
      for integer in integers { write(integer, to: &output) }
    }
  }

  private func write(_ integer: RecordedInt, to output: inout JSONWriter) {
    if let id = integer.expression { return write(id, to: &output) }
    if let number = integer.constant {
      output.union("as_int") { $0.int(number) }
    }
  }

  private func write(_ id: RecordedExpressionID, to output: inout JSONWriter) {
    output.union("as_expr") { output in
      output.object { output in
        output.key("expr_str")
        output.string(expressions.text(of: id))
        output.key("hint")
        switch expressions.hint(of: id) {
        case nil: output.null()
        case .int(let hint)?: output.union("as_int") { $0.int(hint) }
        case .float(let hint)?:
          output.union("as_float") { $0.double(hint) }
        case .bool(let hint)?:
          output.union("as_bool") { $0.bool(hint) }
        }
      }
    }
  }
}
