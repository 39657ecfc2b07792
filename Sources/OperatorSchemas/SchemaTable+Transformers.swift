extension SchemaTable {
  /// The operators of Hugging Face transformers that exported programs keep, one per line, sorted by bytes.
  ///
  /// Source: transformers 5.24, `transformers/integrations/moe.py`.
  static let transformers: StaticString = """
    transformers::grouped_mm_fallback(Tensor input, Tensor weight, Tensor offs) -> Tensor
    transformers::grouped_mm_fallback_backward(Tensor input, Tensor weight, Tensor offs, Tensor grad_output) \
    -> (Tensor, Tensor)
    """
}
