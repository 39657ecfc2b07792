import TensorVocabulary
import Testing

@Suite struct ScalarTypeTests {}
