/// A check as the source text of one function.
///
/// The function `refusal` takes the sizes of each input. It returns nothing if they are admitted, otherwise the text of
/// a constraint that they violate. It needs only the language's standard library.
public struct AdmissionSource: Sendable {
  /// The text of a source file.
  public let text: String
  /// The constraints that the source does not check, each with the reason; the comment at its start lists them.
  public let unchecked: [Unchecked]

  /// A constraint that the source does not check.
  public struct Unchecked: Equatable, Sendable {
    /// The constraint in terms of the inputs.
    public let text: String
    /// Why it is not checked.
    public let reason: String
  }

  /// Creates source text for `check`.
  ///
  /// - Parameters:
  ///   - check: the check.
  ///   - language: the language.
  ///   - title: what is checked, for the comment at the start.
  public init(_ check: AdmissionCheck, in language: SourceLanguage, title: String) {
    let writer = SourceWriter(check, language)
    text = writer.file(title: title)
    unchecked = writer.unchecked
  }
}

/// Writes a check as a source file.
private struct SourceWriter {
  private let check: AdmissionCheck
  private let language: SourceLanguage
  private let inputs: [(name: String, identifier: String, dims: Int?)]
  private let lines: [StepWriter.Line]
  let unchecked: [AdmissionSource.Unchecked]

  init(_ check: AdmissionCheck, _ language: SourceLanguage) {
    self.check = check
    self.language = language
    var inputs: [(name: String, identifier: String, dims: Int?)] = []
    var parameters: [String] = []
    for parameter in check.parameters {
      if inputs.last?.name != parameter.input {
        inputs.append(
          (parameter.input, SourceIdentifier.valid(parameter.input, taken: inputs.map(\.identifier)), nil))
      }
      let identifier = inputs[inputs.count - 1].identifier
      if let dim = parameter.dim {
        inputs[inputs.count - 1].dims = dim + 1
        parameters.append("\(identifier)[\(dim)]")
      } else {
        parameters.append(identifier)
      }
    }
    self.inputs = inputs
    lines =
      StepWriter(check.program, language, parameters: parameters) { Self.literal($0, $1, language) }.lines
    let withoutCode = Set(lines.compactMap { if case .skipped(let number) = $0 { number } else { nil } })
    unchecked = check.constraints.enumerated().compactMap { number, constraint in
      Self.reason(constraint, hasCode: !withoutCode.contains(number)).map {
        AdmissionSource.Unchecked(text: constraint.text, reason: $0)
      }
    }
  }

  /// Why a constraint is not checked; `nil` if it is checked or requires nothing.
  private static func reason(_ constraint: AdmissionCheck.Constraint, hasCode: Bool) -> String? {
    switch constraint.fate {
    case .implied: nil
    case .checked: hasCode ? nil : "the language lacks a function for it"
    case .needsRun: "its values are known only at run time"
    case .needsInputs: "it speaks of sizes that are not given"
    case .unread(let problem): "it could not be read: \(problem)"
    case .notCompiled: "it calls a function that has no code"
    }
  }

  private static func literal(_ bits: Int, _ kind: RegisterKind, _ language: SourceLanguage) -> String {
    switch (kind, language) {
    case (.bool, .python): bits != 0 ? "True" : "False"
    case (.bool, _): bits != 0 ? "true" : "false"
    case (.int, .c):
      bits == .min ? "INT64_MIN" : bits.magnitude > 0x7FFF_FFFF ? "INT64_C(\(bits))" : "\(bits)"
    case (.int, _): bits < 0 ? "(\(bits))" : "\(bits)"
    case (.float, .python):
      bits.float.isFinite ? "\(bits.float)" : bits.float > 0 ? "math.inf" : "-math.inf"
    case (.float, .c): bits.float.isFinite ? "\(bits.float)" : bits.float > 0 ? "HUGE_VAL" : "-HUGE_VAL"
    case (.float, .swift):
      bits.float.isFinite ? "\(bits.float)" : bits.float > 0 ? "Double.infinity" : "-Double.infinity"
    }
  }

  func file(title: String) -> String {
    let notes =
      ["Sizes that \(title) takes."] + unchecked.map { "Not checked here: \($0.text) (\($0.reason))." }
    let header = notes.map { language.comment($0) }.joined(separator: "\n")
    switch language {
    case .python: return header + "\n" + python
    case .c: return header + "\n" + c
    case .swift: return header + "\n" + swift
    }
  }

  private func quoted(_ number: Int) -> String { language.quoted(check.constraints[number].text) }

  private static let noValue = "a size for which a constraint has no value"

  // MARK: - Python

  private var python: String {
    var text = "import math\n\n\n"
    if check.program.instructions.contains(where: { $0.code == .power || $0.code == .shiftLeft }) {
      text += SourcePreludes.pythonPower
    }
    text += "def refusal(\(inputs.map(\.identifier).joined(separator: ", "))):\n"
    text += "    \"\"\"The constraint that the sizes violate, or None when they are admitted.\"\"\"\n"
    for input in inputs {
      guard let dims = input.dims else { continue }
      text += "    if len(\(input.identifier)) != \(dims):\n"
      text += "        return \(language.quoted("\(input.name) has \(dims) dims"))\n"
    }
    text += "    try:\n"
    for line in lines {
      switch line {
      case .assignment(let variable, _, let value): text += "        \(variable) = \(value)\n"
      case .demand(let number, let condition):
        text += "        if not (\(condition)):\n            return \(quoted(number))\n"
      case .refusal(let number, let condition, isPartial: false):
        text += "        if \(condition):\n            return \(quoted(number))\n"
      case .refusal(let number, let condition, isPartial: true):
        text += "        try:\n            if \(condition):\n                return \(quoted(number))\n"
        text += "        except (ArithmeticError, ValueError):\n            pass\n"
      case .skipped: break
      }
    }
    text += "        return None\n"
    text += "    except (ArithmeticError, ValueError):\n        return \(language.quoted(Self.noValue))\n"
    return text
  }

  // MARK: - C and Swift

  /// Whether some line refuses sizes by a path.
  private var refuses: Bool { lines.contains { if case .refusal = $0 { true } else { false } } }

  private var c: String {
    let parameters = inputs.map { input in
      input.dims.map { "const int64_t \(input.identifier)[\(max($0, 1))]" } ?? "int64_t \(input.identifier)"
    }
    var text = SourcePreludes.c
    text += "\n// The constraint that the sizes violate, or NULL when they are admitted.\n"
    text += "const char *refusal(\(parameters.isEmpty ? "void" : parameters.joined(separator: ", "))) {\n"
    text += refuses ? "  bool bad = false, before;\n" : "  bool bad = false;\n"
    for line in lines {
      switch line {
      case .assignment(let variable, let kind, let value):
        let type = kind == .int ? "int64_t" : kind == .float ? "double" : "bool"
        text += "  const \(type) \(variable) = \(value);\n"
      case .demand(let number, let condition):
        text += "  if (!(\(condition)) || bad) return \(quoted(number));\n"
      case .refusal(let number, let condition, _):
        text += "  before = bad;\n  if (\(condition) && !bad) return \(quoted(number));\n  bad = before;\n"
      case .skipped: break
      }
    }
    if refuses { text += "  if (bad) return \(language.quoted(Self.noValue));\n" }
    return text + "  return NULL;\n}\n"
  }

  private var swift: String {
    let parameters = inputs.map { "\($0.identifier): \($0.dims == nil ? "Int" : "[Int]")" }
    var text = "\n/// The constraint that the sizes violate, or nil when they are admitted.\n"
    text += "func refusal(\(parameters.joined(separator: ", "))) -> String? {\n"
    text += SourcePreludes.swift
    if refuses { text += "  var before = false\n" }
    for input in inputs {
      guard let dims = input.dims else { continue }
      text +=
        "  guard \(input.identifier).count == \(dims) else { return \(language.quoted("\(input.name) has \(dims) dims")) }\n"
    }
    for line in lines {
      switch line {
      case .assignment(let variable, let kind, let value):
        let type = kind == .int ? "Int" : kind == .float ? "Double" : "Bool"
        text += "  let \(variable): \(type) = \(value)\n"
      case .demand(let number, let condition):
        text += "  guard \(condition), !bad else { return \(quoted(number)) }\n"
      case .refusal(let number, let condition, _):
        text += "  before = bad\n  if \(condition), !bad { return \(quoted(number)) }\n  bad = before\n"
      case .skipped: break
      }
    }
    if refuses { text += "  if bad { return \(language.quoted(Self.noValue)) }\n" }
    return text + "  return nil\n}\n"
  }
}
