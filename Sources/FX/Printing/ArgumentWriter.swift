import EscapedTexts
import SymbolicExpressions
import TensorVocabulary

/// Writes arguments as PyTorch prints them.
struct ArgumentWriter {
  /// The style in which a value is printed.
  enum Style {
    /// As in `str(graph)`: nodes with `%`, strings bare.
    case graph
    /// Python's `repr`: nodes bare, strings quoted.
    case repr
    /// As in generated code: like `repr`, with operators by their full name.
    case code
  }

  var nodeName: (Node) -> String
  var symbolText: (SymExpr) -> String
  /// What surrounds constants in generated code.
  var constantText: (String) -> String = { $0 }

  /// Python's `str`, which differs from `repr` only for a value that is not inside a container.
  func str(_ argument: Node.Argument) -> String {
    switch argument {
    case .string, .device, .operator: text(argument, .graph)
    default: text(argument, .repr)
    }
  }

  func text(_ argument: Node.Argument, _ style: Style) -> String {
    guard style == .code else { return plainText(argument, style) }
    return switch argument {
    case .node, .tuple, .list, .slice, .operator, .submodule, .tensorConstant: plainText(argument, style)
    default: constantText(plainText(argument, style))
    }
  }

  private func plainText(_ argument: Node.Argument, _ style: Style) -> String {
    switch argument {
    case .node(let node): style == .graph ? "%" + nodeName(node) : nodeName(node)
    case .none: "None"
    case .ellipsis: "Ellipsis"
    case .bool(let value): PythonText.bool(value)
    case .int(let value): "\(value)"
    case .float(let value): PythonText.float(value)
    case .complex(let real, let imaginary): PythonText.complex(real, imaginary)
    case .string(let value): style == .graph ? value : Escaped.python(value)
    case .dtype(let type): "torch.\(type.name)"
    case .device(let device): style == .graph ? device.description : repr(device)
    case .layout(let layout): "torch.\(layout.name)"
    case .memoryFormat(let format): "torch.\(format.name)"
    case .operator(let target): text(target, style)
    case .symInt(let value), .symFloat(let value), .symBool(let value): symbolText(value)
    case .tuple(let items): PythonText.tuple(items.map { text($0, style) })
    case .list(let items): "[\(items.map { text($0, style) }.joined(separator: ", "))]"
    case .dict(let entries): dict(entries, style)
    case .slice(let slice): text(slice, style == .code ? .code : .repr)
    case .range(let range):
      range.step == 1
        ? "range(\(range.start), \(range.stop))" : "range(\(range.start), \(range.stop), \(range.step))"
    case .submodule(let path), .tensorConstant(let path): path
    case .opaque(let value): value.text
    }
  }

  func dict(_ entries: some Sequence<DictEntry<Node.Argument>>, _ style: Style) -> String {
    let items = entries.map { entry in
      style == .graph
        ? "\(entry.key): \(text(entry.value, .graph))"
        : "\(entry.key.pythonText): \(text(entry.value, .repr))"
    }
    return "{\(items.joined(separator: ", "))}"
  }

  /// Keyword arguments as a dictionary.
  func keywords(_ entries: some Sequence<Node.KeywordArgument>, _ style: Style) -> String {
    dict(entries.map { DictEntry(.string($0.name), $0.value) }, style)
  }

  private func text(_ slice: Node.Argument.Slice, _ style: Style) -> String {
    "slice(\(slice.bounds.map { text($0, style) }.joined(separator: ", ")))"
  }

  private func repr(_ device: Device) -> String {
    let type = Escaped.python("\(device.type)")
    return device.index.map { "device(type=\(type), index=\($0))" } ?? "device(type=\(type))"
  }

  private func text(_ target: Node.Target, _ style: Style) -> String {
    switch style {
    case .graph: return target.pythonText
    case .code: return target.text
    case .repr:
      guard target.isOperatorOverload, let dot = target.pythonText.lastIndex(of: ".") else {
        return target.pythonText
      }
      let text = target.pythonText
      return "<OpOverload(op='\(text[..<dot])', overload='\(text[text.index(after: dot)...])')>"
    }
  }
}

extension Graph {
  /// A writer for this graph's arguments; without `symbols`, symbolic expressions are printed by number.
  func writer(symbols: ((SymExpr) -> String)?) -> ArgumentWriter {
    ArgumentWriter(nodeName: { name(of: $0) }, symbolText: symbols ?? { "\($0)" })
  }
}
