namespace AlexNetTF.Weights;

/// <summary>
/// MATLAB's .mat, such as MatConvNet's imagenet-caffe-alex.mat: recognised, and refused with a way to convert it. (Its
/// values are compressed structures of cells; MatConvNet's layout is TensorFlow's, so the way is short.)
/// </summary>
internal sealed class MatlabFormat : IWeightFormat
{
    public bool Recognises(WeightBytes file) => file.Head.AsSpan().StartsWith("MATLAB "u8);

    public WeightSource Open(WeightBytes file) => throw file.Error(
        0,
        """
        this is a MATLAB file, which is not read. If it is MatConvNet's, convert it in Python: read it with scipy.io.loadmat, take 'filters' (or 'weights'[0]) and 'biases' (or 'weights'[1]) of each layer, reshape those of fc6, fc7 and fc8 to (-1, outputs), and save them with np.savez under the names conv1/weights, conv1/biases and so on
        """.Trim());
}
