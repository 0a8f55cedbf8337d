namespace AlexNetTF;

/// <summary>The shape rule that convolution and pooling share.</summary>
internal static class WindowRule
{
    /// <summary>Refuses what the kernels do not compute.</summary>
    public static void RequireNhwc(InferenceContext inputs, string dataFormat)
    {
        if (dataFormat != "NHWC")
        {
            throw inputs.Error($"the data format must be NHWC, pictures as [batch, height, width, channels], the layout of this library's kernels and of TensorFlow's on CPU; it is {dataFormat}. Bring the input into it with ArrayOps.Transpose(x, [0, 2, 3, 1])");
        }
    }

    /// <summary>Requires four numbers with 1 for batch and channels and at least 1 for rows and columns.</summary>
    public static void RequireSpatial(InferenceContext inputs, string what, int[] values)
    {
        if (values.Length != 4 || values[0] != 1 || values[3] != 1 || values[1] < 1 || values[2] < 1)
        {
            throw inputs.Error($"the {what} must be four numbers [1, rows, columns, 1] of at least 1; they are [{string.Join(",", values)}]");
        }
    }

    /// <summary>The number of outputs along a dimension, null while the input's size or the window's is unknown.</summary>
    /// <exception cref="GraphException">The window does not fit.</exception>
    public static int? Output(InferenceContext inputs, int? input, int? kernel, int stride, int dilation, WindowPadding padding, int dimension)
    {
        if (input is not { } size || kernel is not { } window) return null;
        int output = Window.Of(size, window, stride, dilation, padding, dimension).Output;

        // While a graph is built, no output at all counts as a mistake too; in a run it is an empty tensor.
        if (output > 0 || (output == 0 && (padding.IsSame || !inputs.IsBuilding))) return output;
        throw inputs.Error($"a window of {((window - 1) * dilation) + 1} cells does not fit into {size} cells of dimension {dimension} with padding {padding.Name}. Use padding SAME, a smaller window or a larger picture");
    }
}
