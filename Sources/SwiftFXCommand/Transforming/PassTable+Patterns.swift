import GraphPasses
import ProgramPasses
import SwiftFX

extension PassTable<ProgramPass> {
  /// The passes that `swiftfx transform` knows: those of the libraries, and those that read files.
  static var command: PassTable { programs + PassTable([replace]) }

  private static var replace: Entry {
    Entry(
      "replace",
      "Replaces every match of a pattern; pattern and replacement are graphs as PyTorch prints them.",
      parameters: [
        Parameter("pattern", "the text of the pattern, whose inputs match anything"),
        Parameter("with", "the text of the replacement, with as many inputs and outputs"),
        Parameter("literals", "exact (default) or any: whether constants must be equal, too"),
      ]
    ) { arguments in
      let pattern = try graph("pattern", arguments)
      let replacement = try graph("with", arguments)
      var options = SubgraphMatcher.Options()
      options.ignoresLiterals = try arguments.choice(
        "literals", ["exact": false, "any": true], default: false)
      return ProgramPass(GraphPass("replace", replacing: pattern, with: replacement, options: options))
    }
  }

  private static func graph(_ name: String, _ arguments: PassArguments) throws -> GraphModule {
    let path = try arguments.required(name)
    do {
      guard case .text(let bytes) = try ModelFile(path), let text = String(validating: bytes, as: UTF8.self)
      else {
        throw ModelError(path, "is no text of a graph")
      }
      do { return try GraphModule(text: text) } catch { throw ModelError(path, error) }
    } catch {
      throw GraphPassError(
        .badArgument(
          pass: "replace", argument: name, problem: "cannot be read: \("\(error)".prefix { $0 != "\n" })"))
    }
  }
}
