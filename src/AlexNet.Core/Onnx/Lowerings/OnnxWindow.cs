using AlexNetTF.Onnx.Protos;

namespace AlexNetTF.Onnx;

/// <summary>A window that moves over height and width: TensorFlow's attributes as ONNX's.</summary>
internal sealed class OnnxWindow
{
    private readonly long[] strides;
    private readonly long[] dilations;
    private readonly (long Before, long After)? rows;
    private readonly (long Before, long After)? columns;

    /// <param name="attributes">The op's: strides, padding and, for convolutions, explicit_paddings.</param>
    /// <param name="input">The pictures' shape.</param>
    /// <param name="kernel">The window's height and width.</param>
    /// <param name="dilations">[1, rows, columns, 1], or null.</param>
    public OnnxWindow(AttributeMap attributes, Shape input, int[] kernel, object? dilations = null)
    {
        strides = ((long[])attributes["strides"]!)[1..3];
        this.dilations = dilations is long[] given ? given[1..3] : [1, 1];
        rows = Padding(attributes, input, kernel, 0);
        columns = Padding(attributes, input, kernel, 1);
    }

    /// <summary>Whether the padding follows from sizes that are not known before the run.</summary>
    public bool IsOpen => rows is null || columns is null;

    /// <summary>strides, dilations and pads, or SAME_UPPER where sizes are open: as TensorFlow it pads more at the end.</summary>
    public IEnumerable<AttributeProto> Attributes((long Top, long Left, long Bottom, long Right) more = default)
    {
        yield return OnnxGraph.Ints("strides", strides);
        if (dilations.Any(step => step != 1)) yield return OnnxGraph.Ints("dilations", dilations);
        yield return rows is { } vertical && columns is { } horizontal
            ? OnnxGraph.Ints("pads", vertical.Before + more.Top, horizontal.Before + more.Left, vertical.After + more.Bottom, horizontal.After + more.Right)
            : OnnxGraph.Text("auto_pad", "SAME_UPPER");
    }

    private (long Before, long After)? Padding(AttributeMap attributes, Shape input, int[] kernel, int axis)
    {
        switch (attributes["padding"])
        {
            case "VALID": return (0, 0);
            case "EXPLICIT":
                var sizes = (long[])attributes["explicit_paddings"]!;
                return (sizes[2 + (2 * axis)], sizes[3 + (2 * axis)]);
            default:
                if (input[1 + axis] is not { } size) return null;
                // SAME: as many windows as strides fit; the smaller half of the zeros comes first.
                long output = (size + strides[axis] - 1) / strides[axis];
                long reach = ((kernel[axis] - 1) * dilations[axis]) + 1;
                long zeros = Math.Max(((output - 1) * strides[axis]) + reach - size, 0);
                return (zeros / 2, zeros - (zeros / 2));
        }
    }
}
