import FX
import Foundation
import SymbolicExpressions
import SymbolicShapes
import Testing

@testable import ProgramCosts

/// Memory and FLOPs of real runs of PyTorch 2.13, at several sizes.
@Suite struct RecordedCostTests {
  /// One run, as the goldens have it.
  struct Run: Decodable, Sendable {
    struct Flops: Decodable, Sendable {
      let value: Int?
      let with_attention: Int?
    }
    struct Peak: Decodable, Sendable {
      let value: Int
      let ties: [String]
    }
    struct Node: Decodable, Sendable {
      let live: Int
      let flops: Int?
      let flops_with_attention: Int?
    }
    let set: [String: Int]
    let flops: Flops
    let parameters_bytes: Int
    let inputs_bytes: Int
    let peak: Peak
    let per_node: [String: Node]
  }

  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let sizes: [Run]
    var testDescription: String { name }
  }

  static let goldens: [Golden] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens")
    let files =
      folder.flatMap { try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
      ?? []
    return files.sorted { $0.path < $1.path }.compactMap { file in
      guard file.lastPathComponent.hasSuffix(".costs.json"), let data = try? Data(contentsOf: file) else {
        return nil
      }
      return try? JSONDecoder().decode(Golden.self, from: data)
    }
  }()

  @Test func goldensAreThere() { #expect(Self.goldens.count >= 18) }

  @Test(arguments: goldens) func agreeWithPyTorch(_ golden: Golden) throws {
    let costs = try Sample.costs(golden.name)
    #expect(costs.error == nil)
    for run in golden.sizes {
      let sizes = try CostAssignment(run.set.map { ($0.key, $0.value) }, in: costs.shapes)
      func value(_ size: SymInt) -> Int? { costs.value(of: size, at: sizes).number }
      #expect(value(costs.weights) == run.parameters_bytes)
      #expect(value(costs.inputs) == run.inputs_bytes)
      #expect(value(costs.peak.formula) == run.peak.value)
      let peak = try #require(costs.peakNode(at: sizes))
      #expect(peak.bytes == run.peak.value)
      #expect(run.peak.ties.contains(costs.graph.name(of: peak.node.node)))
      if let flops = run.flops.with_attention ?? run.flops.value { #expect(value(costs.flops) == flops) }
      for node in costs.nodes {
        let name = costs.graph.name(of: node.node)
        let expected = try #require(run.per_node[name])
        #expect(value(node.live) == expected.live, "\(name)")
        if run.flops.value != nil {
          #expect(value(node.flops) == expected.flops_with_attention ?? expected.flops ?? 0, "\(name)")
        }
      }
    }
  }
}
