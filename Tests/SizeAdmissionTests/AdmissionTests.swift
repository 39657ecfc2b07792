import ATenOperators
import ExportedPrograms
import FX
import ShapePropagation
import SymbolicExpressions
import Testing

@testable import SizeAdmission

/// `check` agrees with PyTorch.
@Suite struct AdmissionTests {
  @Test(arguments: AdmissionGolden.all) func agreesWithPyTorch(_ golden: AdmissionGolden) throws {
    let checker = try checker(golden.name)
    for (sizes, isAccepted, error) in golden.cases {
      let patterns = try golden.arguments(sizes).map { try SizePattern($0) }
      let answer = checker.check(try SizeRequest(patterns, checker.rules), findsNearest: false)
      #expect((answer.verdict == .accepted) == isAccepted, "\(sizes): \(error)")
      if isAccepted { #expect(!answer.outputs.isEmpty) } else { #expect(!answer.violations.isEmpty) }
    }
  }

  /// The compiled function alone also agrees.
  @Test(arguments: AdmissionGolden.all) func theCompiledCheckAgrees(_ golden: AdmissionGolden) throws {
    let checker = try checker(golden.name)
    let check = checker.admissionCheck()
    #expect(check.parameters.map { AdmissionGolden.Place(input: $0.input, dim: $0.dim) } == golden.places)
    for (sizes, isAccepted, error) in golden.cases {
      #expect((check.check(sizes) == .admitted) == isAccepted, "\(sizes): \(error)")
      #expect((check.check(sizes.span) == .admitted) == isAccepted)
    }
  }

  /// Dropping implied constraints changes no answer.
  @Test(arguments: AdmissionGolden.all) func leavingOutImpliedConstraintsChangesNothing(
    _ golden: AdmissionGolden
  ) throws {
    let checker = try checker(golden.name)
    for policy in [CompiledPolicy.stated, .strict] {
      let short = AdmissionCheck(checker.rules, policy: policy)
      let long = AdmissionCheck(checker.rules, policy: policy, keepsImplied: true)
      for (sizes, _, _) in golden.cases {
        #expect((short.check(sizes) == .admitted) == (long.check(sizes) == .admitted), "\(sizes)")
      }
    }
  }

  @Test func aWrongNumberOfSizesDoesNotTrap() throws {
    let check = try checker("misc_dim_auto_derived_213").admissionCheck()
    let sizes = Array(repeating: 4, count: check.parameters.count)
    for wrong in [[], sizes.dropLast(), sizes + [4]] {
      #expect(check.check(Array(wrong)) == .wrongCount)
      #expect(check.problems(Array(wrong)) == [.wrongCount])
    }
    #expect(check.check(sizes) != .wrongCount)
  }

  @Test func theGoldensAreThere() {
    #expect(AdmissionGolden.all.count >= 8)
    #expect(AdmissionGolden.all.flatMap(\.cases).count { $0.isAccepted } > 60)
    #expect(AdmissionGolden.all.flatMap(\.cases).count { !$0.isAccepted } > 60)
  }

  @Test func derivedSizesAreSolved() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let answer = try ask(checker, "y=15x3")
    #expect(answer.verdict == .refused)
    #expect(answer.violations.map(\.text) == ["y.size()[0] == 2*s77"])
    #expect(Set(answer.nearest) == ["y=14x3", "y=16x3"])
    #expect(try ask(checker, "y=16x3").outputs.first?.text == "f32[16, 3]")
  }

  @Test func equalSizesMustAgree() throws {
    let checker = try checker("unb_bool_index_memo_213")
    let answer = try ask(checker, "x=8x4", "y=7x4")
    #expect(answer.verdict == .refused)
    #expect(answer.violations.first?.values == "7 == 8")
    #expect(answer.violations.first?.origins.contains(.input("y", dim: 0)) == true)
    #expect(answer.nearest.contains { $0.contains("x=8x4 y=8x4") })
  }

  /// Sizes that are not given are not decided, and shapes that use them stay symbolic.
  @Test func openSizesStaySymbolic() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let answer = try ask(checker, "x=?x3")
    #expect(answer.verdict == .undecided)
    #expect(!answer.undecided.isEmpty)
    #expect(answer.outputs.first?.text == "f32[2*s77, 3]")
  }

  /// The range of an unbacked size follows from the given sizes.
  @Test func unbackedSizesKeepTheirRange() throws {
    let checker = try checker("ver_mask_291")
    let answer = try ask(checker, "x=8x2", "t=8")
    #expect(answer.outputs.contains { $0.text.contains("u0") && $0.symbols == ["u0 in 0 … 8"] })
  }

  @Test func strictRefusesWhatTheShapesDoNotCover() throws {
    let checker = try checker("ver_attn_291")
    let request = try SizeRequest([SizePattern("x=1x7x16"), SizePattern("mask=1x7")], checker.rules)
    let lenient = checker.check(request)
    #expect(lenient.verdict == .accepted)
    #expect(lenient.beyond.map(\.text) == ["x.size()[0] >= 2"])
    let strict = checker.check(request, policy: .strict)
    #expect(strict.verdict == .refused)
    #expect(strict.nearest == ["x=2x7x16 mask=2x7"])
  }

  @Test func wrongRequestsAreTyped() throws {
    let rules = try checker("misc_symint_inputs_213").rules
    let rows: [([String], SizeError)] = [
      (["q=1"], .unknownInput(name: "q", known: ["x", "k", "j"])),
      (["x=8"], .wrongRank(input: "x", expected: ["s77", "3"], given: 1)),
      (["x=8x3", "x=8x3"], .repeatedInput(name: "x")), (["x=-1x3"], .negativeSize(input: "x", size: -1)),
      (["k=1x2"], .wrongRank(input: "k", expected: ["an integer"], given: 2)),
    ]
    for (texts, expected) in rows {
      let patterns = try texts.map { try SizePattern($0) }
      let error = #expect(throws: SizeError.self) { try SizeRequest(patterns, rules) }
      #expect(error == expected)
    }
  }

  /// An intermediate overflow of 64 bits must not admit anything.
  @Test func overflowIsNotAdmitted() throws {
    let checker = try checker("misc_divisibility_guards_213")
    let check = checker.admissionCheck()
    var sizes = check.parameters.map { $0.constant ?? 4 }
    for index in sizes.indices where check.parameters[index].constant == nil { sizes[index] = 1 << 62 }
    #expect(check.check(sizes) != .admitted)
    #expect(check.problems(sizes) == [.unexplored])
    let strict = checker.admissionCheck(policy: .strict)
    #expect(strict.problems(sizes).contains { if case .undecided = $0 { true } else { false } })
  }

  private func ask(_ checker: SizeChecker, _ texts: String...) throws -> SizeAnswer {
    checker.check(try SizeRequest(texts.map { try SizePattern($0) }, checker.rules))
  }
}
