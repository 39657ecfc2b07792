extension SchemaTable {
  /// The torchvision operators of detectors, their derivatives and their quantized forms, one per line, sorted by bytes.
  ///
  /// Source: torchvision 0.29.2, `torchvision/csrc/ops`.
  static let torchvision: StaticString = """
    torchvision::_deform_conv2d_backward(Tensor grad, Tensor input, Tensor weight, Tensor offset, Tensor mask, \
    Tensor bias, SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, \
    SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) \
    -> (Tensor, Tensor, Tensor, Tensor, Tensor)
    torchvision::_ps_roi_align_backward(Tensor grad, Tensor rois, Tensor channel_mapping, float spatial_scale, \
    SymInt pooled_height, SymInt pooled_width, int sampling_ratio, SymInt batch_size, SymInt channels, \
    SymInt height, SymInt width) -> Tensor
    torchvision::_ps_roi_pool_backward(Tensor grad, Tensor rois, Tensor channel_mapping, float spatial_scale, \
    SymInt pooled_height, SymInt pooled_width, SymInt batch_size, SymInt channels, SymInt height, SymInt width) \
    -> Tensor
    torchvision::_roi_align_backward(Tensor grad, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width, SymInt batch_size, SymInt channels, SymInt height, SymInt width, int sampling_ratio, \
    bool aligned) -> Tensor
    torchvision::_roi_pool_backward(Tensor grad, Tensor rois, Tensor argmax, float spatial_scale, \
    SymInt pooled_height, SymInt pooled_width, SymInt batch_size, SymInt channels, SymInt height, SymInt width) \
    -> Tensor
    torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, \
    SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, \
    SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor
    torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor
    torchvision::ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width, int sampling_ratio) -> (Tensor, Tensor)
    torchvision::ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width) -> (Tensor, Tensor)
    torchvision::qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor
    torchvision::qroi_align(Tensor input, Tensor rois, float input_scale, int input_zero_point, float rois_scale, \
    int rois_zero_point, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio, \
    bool aligned) -> Tensor
    torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor
    torchvision::roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width) -> (Tensor, Tensor)
    """
}
