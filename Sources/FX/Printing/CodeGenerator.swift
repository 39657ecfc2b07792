/// How the Python function of a graph is written (PyTorch's `CodeGen`): its head, and what becomes of its body.
///
/// ```swift
/// let traced = CodeGenerator.plain.transformingBody { ["import pdb; pdb.set_trace()"] + $0 }
/// print(module.code(traced))
/// ```
public struct CodeGenerator: Sendable {
  /// Writes the lines above the body, without indentation for the body.
  ///
  /// The parameters are as in a Python definition, `self` first: `x`, `x : torch.Tensor`, `y = 2`, `*args`. The result
  /// is an annotation such as ` -> torch.Tensor`, or empty.
  public var head: @Sendable (_ parameters: [String], _ result: String) -> [String]
  /// Changes the lines of the body, which are not indented.
  public var body: @Sendable (_ lines: [String]) -> [String] = { $0 }

  /// Creates a generator with a head of its own.
  public init(head: @escaping @Sendable (_ parameters: [String], _ result: String) -> [String]) {
    self.head = head
  }

  /// The function with one parameter for each input.
  public static var plain: CodeGenerator {
    CodeGenerator { parameters, result in ["def forward(\(parameters.joined(separator: ", ")))\(result):"] }
  }

  /// The function with one line for each input.
  public static var expanded: CodeGenerator {
    CodeGenerator { parameters, result in
      ["def forward("] + parameters.map { "    \($0)," } + [")\(result):"]
    }
  }

  /// The function that takes its inputs in a list and empties it, so that the caller keeps none of them alive.
  ///
  ///     def forward(self, args_list):
  ///         args_iter = iter(args_list)
  ///         x = next(args_iter)
  ///         args_list.clear()
  ///
  /// - Source: `_BoxedCodeGen` in `torch/fx/graph.py`, v2.13.
  public static var boxed: CodeGenerator {
    CodeGenerator { parameters, result in
      let inputs = parameters.dropFirst().map { parameter in
        String(parameter.prefix { $0 != ":" && $0 != "=" && $0 != " " })
      }
      let head = "def forward(self, args_list)\(result):"
      if inputs.isEmpty { return [head] }
      return [head, "    args_iter = iter(args_list)"] + inputs.map { "    \($0) = next(args_iter)" }
        + ["    args_list.clear()"]
    }
  }

  /// The generator that passes its body on to `transform` (PyTorch's `on_generate_code`).
  ///
  /// Several transformations run in the order in which they were added.
  public func transformingBody(
    _ transform: @escaping @Sendable (_ lines: [String]) -> [String]
  ) -> CodeGenerator {
    var generator = self
    generator.body = { [body] in transform(body($0)) }
    return generator
  }
}
