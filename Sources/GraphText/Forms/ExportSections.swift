import ExportedPrograms
import FX

/// Reads what `print(exported_program)` writes below the code: signature and ranges.
///
///     Graph signature:
///         # inputs
///         p_w: PARAMETER target='w'
///         x: USER_INPUT
///
///         # outputs
///         add: USER_OUTPUT
///
///     Range constraints: {s77: VR[2, int_oo]}
///
/// Up to PyTorch 2.7 the signature is the `repr` of its class, on one line.
///
/// - Source: `ExportedProgram.__str__` in `torch/export/exported_program.py`, v2.13.
struct ExportSections {
  let text: SourceText
  let lines: [Int]

  // Signature

  /// Reads the signature whose title is at `row`.
  ///
  /// - Returns: the signature, and the row after it.
  func signature(at row: Int) throws(TextError) -> (GraphSignature, next: Int) {
    let title = text.trimmed(lines[row])
    let rest = title.lowerBound + "Graph signature:".utf8.count..<title.upperBound
    if let start = text.find("ExportGraphSignature(", in: rest) {
      var scanner = PythonScanner(text, lines[row...])
      scanner.skip(to: start)
      var parser = try PythonParser(scanner)
      return (try signature(try parser.expression()), max(parser.scanner.row, row + 1))
    }
    var signature = GraphSignature(inputSpecs: [], outputSpecs: [])
    var isOutputs = false
    var next = row + 1
    while next < lines.count {
      let range = text.trimmed(lines[next])
      if range.isEmpty {
        next += 1
        continue
      }
      if text.bytes[range.lowerBound] == UInt8(ascii: "#") {
        isOutputs = text.find("outputs", in: range) != nil
        next += 1
        continue
      }
      guard let line = line(range, lines[next]) else { break }
      if isOutputs {
        signature.outputSpecs.append(
          OutputSpec(kind: .init(name: line.kind), argument: argument(line.name), target: line.target))
      } else {
        signature.inputSpecs.append(
          InputSpec(
            kind: .init(name: line.kind), argument: argument(line.name), target: line.target,
            isPersistent: line.isPersistent))
      }
      next += 1
    }
    return (signature, next)
  }

  /// `b: BUFFER target='b' persistent=True`; `nil` for a line of another kind.
  private func line(
    _ range: Range<Int>, _ line: Int
  ) -> (name: String, kind: String, target: String?, isPersistent: Bool?)? {
    guard let colon = text.find(": ", in: range) else { return nil }
    let name = text.text(range.lowerBound..<colon)
    var end = colon + 2
    while end < range.upperBound, text.bytes[end].isLetter || text.bytes[end] == UInt8(ascii: "_") {
      end += 1
    }
    let kind = text.text(colon + 2..<end)
    guard !kind.isEmpty, kind == kind.uppercased() else { return nil }
    var target: String?
    if let start = text.find("target='", in: end..<range.upperBound) {
      let open = start + "target='".utf8.count
      let close = text.bytes[open..<range.upperBound].firstIndex(of: UInt8(ascii: "'")) ?? range.upperBound
      target = text.text(open..<close)
    }
    var isPersistent: Bool?
    if text.find("persistent=True", in: end..<range.upperBound) != nil { isPersistent = true }
    if text.find("persistent=False", in: end..<range.upperBound) != nil { isPersistent = false }
    return (name, kind, target, isPersistent)
  }

  private func argument(_ name: String) -> ArgumentSpec {
    name == "None" ? .constant(name: "", .none) : .tensor(name)
  }

  /// The signature that the `repr` of its class writes.
  private func signature(_ value: PythonExpression) throws(TextError) -> GraphSignature {
    var signature = GraphSignature(inputSpecs: [], outputSpecs: [])
    guard case .call(_, _, let fields) = value.kind else { return signature }
    for field in fields {
      for spec in field.value.elements ?? [] {
        guard case .call(_, _, let members) = spec.kind else { continue }
        let member = { (name: String) in members.first { $0.name == name }?.value }
        guard case .name(let kind)? = member("kind")?.kind else {
          throw TextError(.unexpected(expected: "a kind", found: "none"), at: text.position(of: spec.start))
        }
        // `<InputKind.BUFFER: 3>`
        let name = String(kind.drop { $0 != "." }.dropFirst().prefix { $0.isLetter || $0 == "_" })
        var argument = ArgumentSpec.constant(name: "", .none)
        if case .call(_, _, let parts)? = member("arg")?.kind,
          let text = parts.first(where: { $0.name == "name" })?.value.string
        {
          argument = .tensor(text)
        }
        let target = member("target")?.string
        if field.name == "input_specs" {
          var isPersistent: Bool?
          if case .name(let flag)? = member("persistent")?.kind, flag != "None" {
            isPersistent = flag == "True"
          }
          signature.inputSpecs.append(
            InputSpec(kind: .init(name: name), argument: argument, target: target, isPersistent: isPersistent)
          )
        } else {
          signature.outputSpecs.append(
            OutputSpec(kind: .init(name: name), argument: argument, target: target))
        }
      }
    }
    return signature
  }

  // Ranges

  /// Reads the ranges at `row` into `symbols`.
  ///
  /// - Returns: the row after them.
  func ranges(at row: Int, into symbols: SymbolTexts) throws(TextError) -> Int {
    let title = text.trimmed(lines[row])
    var scanner = PythonScanner(text, lines[row...])
    scanner.skip(to: title.lowerBound + "Range constraints:".utf8.count)
    var parser = try PythonParser(scanner)
    let value = try parser.expression()
    guard case .dict(let entries) = value.kind else {
      throw TextError(
        .unexpected(expected: "ranges in braces", found: "something else"), at: text.position(of: value.start)
      )
    }
    for entry in entries {
      let name = text.text(entry.key.start.offset..<max(entry.key.end, entry.key.start.offset))
      let (lower, upper) = try RangeText(text).bounds(entry.value)
      _ = try symbols.intern(text, entry.key.start.offset..<entry.key.end, line: entry.key.start.line)
      symbols.state(RangeConstraint(text: name, lower: lower, upper: upper))
    }
    return max(parser.scanner.row, row + 1)
  }
}

/// Reads `VR[0, int_oo]` and what older versions write for it.
struct RangeText {
  private let text: SourceText

  init(_ text: SourceText) { self.text = text }

  /// The bounds; `nil` for infinity, and for a bound that is no integer.
  func bounds(_ value: PythonExpression) throws(TextError) -> (lower: Int?, upper: Int?) {
    switch value.kind {
    case .item(_, let bounds):
      if let items = bounds.elements, items.count == 2 { return (bound(items[0]), bound(items[1])) }
    case .list(let items) where items.count == 2: return (bound(items[0]), bound(items[1]))
    case .call(_, let items, let keywords):
      if items.count >= 2 { return (bound(items[0]), bound(items[1])) }
      let named = { (name: String) in keywords.first { $0.name == name }?.value }
      if let lower = named("lower"), let upper = named("upper") { return (bound(lower), bound(upper)) }
    default: break
    }
    throw TextError(
      .unexpected(expected: "a range such as VR[0, 8]", found: "something else"),
      at: text.position(of: value.start))
  }

  private func bound(_ value: PythonExpression) -> Int? { value.integer }
}

extension InputSpec.Kind {
  /// The kind that PyTorch calls `name`, such as `USER_INPUT`.
  init(name: String) {
    switch name {
    case "USER_INPUT": self = .userInput
    case "PARAMETER": self = .parameter
    case "BUFFER": self = .buffer
    case "CONSTANT_TENSOR": self = .constantTensor
    case "CUSTOM_OBJ": self = .customObject
    case "TOKEN": self = .token
    default: self = .unknown(name)
    }
  }
}

extension OutputSpec.Kind {
  /// The kind that PyTorch calls `name`, such as `USER_OUTPUT`.
  init(name: String) {
    switch name {
    case "USER_OUTPUT": self = .userOutput
    case "LOSS_OUTPUT": self = .lossOutput
    case "BUFFER_MUTATION": self = .bufferMutation
    case "PARAMETER_MUTATION": self = .parameterMutation
    case "GRADIENT_TO_PARAMETER": self = .gradientToParameter
    case "GRADIENT_TO_USER_INPUT": self = .gradientToUserInput
    case "USER_INPUT_MUTATION": self = .userInputMutation
    case "TOKEN": self = .token
    default: self = .unknown(name)
    }
  }
}
