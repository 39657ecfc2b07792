import ArgumentParser
import SwiftFX

/// What a command was told about the inputs of a text.
struct GivenInputs: Sendable {
  /// A file with one annotation a line.
  var file: String?
  /// Annotations such as `x=f32[s0,8]`.
  var annotations: [String] = []

  /// - Throws: ``ModelError`` when the file cannot be read or an annotation is none; ``ZipError``.
  func read() throws -> InputAnnotations {
    var lines = ""
    if let file {
      guard case .text(let bytes) = try ModelFile(file), let text = String(validating: bytes, as: UTF8.self)
      else {
        throw ModelError(file, "is no text of annotations")
      }
      lines = text.hasSuffix("\n") ? text : text + "\n"
    }
    lines += annotations.joined(separator: "\n")
    guard !lines.isEmpty else { return InputAnnotations() }
    do { return try InputAnnotations(lines) } catch {
      if let file { throw ModelError(file, error) }
      throw ModelError("--input", "\(annotations.joined(separator: " ")): \(error.message)")
    }
  }
}

/// The options of commands that take texts.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Lines such as 'x: f32[s0, 8]' that say what the inputs of a text without shapes are.",
      valueName: "file"))
  var inputs: String?

  @Option(
    name: .customLong("input"), parsing: .singleValue,
    help: ArgumentHelp("What an input of a text is, such as x=f32[s0,8].", valueName: "NAME=VALUE"))
  var annotations: [String] = []

  var given: GivenInputs { GivenInputs(file: inputs, annotations: annotations) }
}
