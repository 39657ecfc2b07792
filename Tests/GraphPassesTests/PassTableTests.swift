import FX
import GraphPasses
import Testing

@Suite struct PassTableTests {
  @Test func namesTheNearestPass() {
    #expect(throws: GraphPassError(.unknownPass("dead-cod", nearest: "dead-code"))) {
      try PassTable.structural.pass("dead-cod")
    }
  }

  @Test func refusesAnArgumentThatThePassDoesNotTake() {
    #expect(throws: GraphPassError.self) { try PassTable.structural.pass("sort=fast:yes") }
    #expect(throws: GraphPassError.self) { try PassTable.structural.pass("cse=sloppy") }
  }

  @Test func everyPassHasAUniqueNameAndASentence() {
    let names = PassTable.structural.entries.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(PassTable.structural.entries.allSatisfy { $0.summary.hasSuffix(".") })
  }
}
