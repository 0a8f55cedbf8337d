namespace AlexNetTF;

/// <summary>The order of a picture's dimensions in an ONNX model.</summary>
public enum OnnxLayout
{
    /// <summary>[batch, height, width, channels], as in TensorFlow.</summary>
    Nhwc,

    /// <summary>[batch, channels, height, width], as in PyTorch and Caffe.</summary>
    Nchw,
}

/// <summary>How a graph is written as an ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The layout of the model's pictures: its inputs and outputs of four dimensions.</summary>
    public OnnxLayout Layout { get; init; }

    /// <summary>
    /// What the model does to its first input before the network reads it; null: the input is what the network reads.
    /// With it the input holds pixels, uint8 in the order red, green, blue, at the network's size.
    /// </summary>
    public OnnxPreprocessing? Preprocessing { get; init; }

    /// <summary>Whether the weights lie in a second file, MODEL.data; null: only where one file would be larger than ONNX allows (2 GB).</summary>
    public bool? ExternalData { get; init; }

    /// <summary>Facts about the model that it carries, such as its topology.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>From pixels to a network's input inside an ONNX model: <c>(pixel / Divisor − Mean) / Deviation</c> for each channel.</summary>
/// <param name="ReverseChannels">Whether the network takes blue, green, red.</param>
/// <param name="Divisor">What every pixel is divided by first.</param>
/// <param name="Mean">Subtracted, in the order of the network's channels.</param>
/// <param name="Deviation">What each channel is divided by at last, in the same order.</param>
public sealed record OnnxPreprocessing(bool ReverseChannels, float Divisor, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation);

/// <summary>An input or output of an ONNX model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Tensor">The graph's tensor.</param>
public sealed record OnnxPort(string Name, Tensor Tensor);
