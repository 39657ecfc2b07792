import TensorVocabulary
import Testing

@Suite struct DeviceTests {
  @Test(arguments: ["cpu", "cuda", "cuda:0", "cuda:15", "meta", "mps:0", "privateuseone:1"])
  func printsWhatItRead(_ text: String) throws {
    #expect(try #require(Device(text)).description == text)
  }

  @Test(arguments: [
    "", ":", "cuda:", ":0", "cuda:-1", "cuda:+1", "cuda:01", "cuda:1:2", "cuda:99999", "gpu", "CPU",
  ])
  func refusesOtherTexts(_ text: String) {
    #expect(Device(text) == nil)
  }

  @Test func readsBackEveryName() {
    for type in DeviceType.allCases { #expect(DeviceType(name: type.name) == type) }
    #expect(Device(.cuda, index: 1) != Device(.cuda))
    #expect(Device.cpu.description == "cpu")
  }
}
