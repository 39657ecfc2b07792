import Foundation
import SyntheticPrograms
import Testing

/// Work per node must not grow with the program.
@Suite struct GrowthTests {
  @Test(arguments: SyntheticFamily.all)
  func workPerNodeIsConstant(_ family: SyntheticFamily) throws {
    let (short, long) = (try Work(family, nodes: 1_000), try Work(family, nodes: 10_000))
    #expect(long.nodes > 9 * short.nodes)
    for ((name, few), (_, many)) in zip(short.counters, long.counters) {
      #expect(
        long.perNode(many) <= 1.1 * short.perNode(few),
        "\(name): \(short.perNode(few)) a node, then \(long.perNode(many))")
    }
  }

  /// A counter that never counts would pass every threshold.
  @Test func everyCounterCounts() throws {
    let works = try SyntheticFamily.all.map { try Work($0, nodes: 200) }
    for position in works[0].counters.indices {
      let total = works.map { $0.counters[position].value }.reduce(0, +)
      #expect(total > 0, "\(works[0].counters[position].name)")
    }
  }

  @Test func countsTheSameInEveryRun() throws {
    for family in SyntheticFamily.all {
      let (first, second) = (try Work(family, nodes: 500), try Work(family, nodes: 500))
      #expect(first.counters.map(\.value) == second.counters.map(\.value), "\(family.name)")
    }
  }

  @Test func thresholdsReportExcesses() throws {
    let (little, much) = (try Work(.elementwise, nodes: 20), try Work(.dataDependent, nodes: 20))
    #expect(Thresholds([little, much]).findings(in: much).isEmpty)
    #expect(
      Thresholds([little]).findings(in: much)
        == ["data dependent, \(much.nodes) nodes: nothing says how much work it may be"])
    let tight = try JSONDecoder().decode(
      Thresholds.self, from: Data(#"{"elementwise": {"20": {"rules": 0}}}"#.utf8))
    let findings = tight.findings(in: little)
    #expect(findings.count == little.counters.count)
    #expect(
      findings.first?.hasPrefix("elementwise, 21 nodes: \(little.counters[0].value) rules, 0 allowed; ")
        == true)
  }
}
