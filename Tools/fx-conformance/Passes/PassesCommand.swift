import ArgumentParser
import FX
import Foundation
import GraphPasses
import ProgramPasses

/// `fx-conformance passes`: answers recorded passes, one JSON object per line.
struct PassesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passes",
    abstract: "Run recorded graph passes.",
    discussion: """
      Reads one case a line (`-` is standard input): a graph, a pass and its parameters. Writes one answer a line: the
      graph afterwards and what the pass says of it. Archives are looked for in the working directory.
      Example: fx-conformance passes cases.jsonl
      """)

  @Argument(help: "The cases, one JSON object a line.")
  var cases: String

  func run() throws {
    try CaseLines(path: cases).forEach { line in
      let json = try OrderedJSON(line)
      let id = json["id"] ?? .null
      var answer: OrderedJSON
      do {
        var work = try PassCase(json)
        answer = try work.answer()
      } catch let error as CaseError {
        answer = ["unsupported": .string(error.description)]
      } catch let error as GraphPassError {
        if case .unsupported(let reason) = error.kind {
          answer = ["unsupported": .string(reason)]
        } else {
          answer = ["error": .string("\(error)")]
        }
      } catch { answer = ["error": .string("\(error)")] }
      print(OrderedJSON.object([.init(key: "id", value: id)] + answer.entries))
    }
  }
}

/// The result of a pass on the case's module, and what the pass reports.
extension PassCase {
  mutating func answer() throws -> OrderedJSON {
    guard let run = Self.kinds[kind] else { throw CaseError("no pass of kind '\(kind)'") }
    let result = try run(&self)
    return ["graph_after": GraphAnswer.module(module), "result": result]
  }

  /// The function that answers each kind of case; it changes the module and returns the result.
  private static let kinds: [String: @Sendable (inout PassCase) throws -> OrderedJSON] = [
    "eliminate_dead_code": { try $0.eliminateDeadCode() },
    "cse_pass": { try $0.mergeSubexpressions(.csePass(banned: $0.bannedOperators)) },
    "fx_graph_cse": { try $0.mergeSubexpressions(.fxGraphCSE()) },
    "legalize_graph": { try $0.change { try $0.graph.legalizeOrder() } },
    "stable_topological_sort": { try $0.change { try $0.graph.sortTopologically() } },
    "canonicalize_graph": { try $0.canonicalize() },
    "replace_pattern": { try $0.replacePattern() },
    "replace_pattern_with_filters": { try $0.replacePattern() },
    "subgraph_matcher": { try $0.matchSubgraph() },
    "split_module": { try $0.splitModule() },
    "split_by_tags": { try $0.splitByTags() },
    "partition": { try $0.partition() },
    "fuse_by_partitions": { try $0.fuseByPartitions() },
    "inline_module": { try $0.inlineModule() },
    "edit": { try $0.edit() },
    "namespace": { $0.namespace() },
    "target_names": { try $0.targetNames() },
    "lint": { try $0.lint() },
    "split_const_subgraphs": { try $0.splitConstants() },
    "constant_fold": { try $0.foldConstants() },
    "run_decompositions": { try $0.rewrite(.coreATen) },
    "functionalize": { try $0.rewrite(.none) },
    "remove_noop_ops": { try $0.removeNoOps() },
    "insert_deferred_runtime_asserts": { try $0.insertAsserts() },
  ]

  mutating func change(_ body: (inout GraphModule) throws -> Void) throws -> OrderedJSON {
    try body(&module)
    return [:]
  }
}
