using AlexNetTF.TensorFlow;
using Google.Protobuf;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>Pictures of a batch as PNG.</summary>
/// <param name="maxImages">How many at most.</param>
/// <param name="badColor">The colour, one byte a channel, of a pixel that holds NaN or infinity.</param>
internal sealed class ImageSummaryOp(int maxImages, byte[] badColor) : SummaryOp
{
    /// <summary>TensorFlow's colour for pixels that are no numbers.</summary>
    public static byte[] Red => [255, 0, 0, 255];

    public override string Type => "ImageSummary";

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        base.DescribeAttributes(attributes, op);
        attributes.Add("bad_color", TensorData.Vector<byte>(badColor));
        attributes.Add("max_images", maxImages);
    }

    protected override void Check(InferenceContext inputs)
    {
        inputs.WithRank(0, 0);
        if (maxImages < 1) throw inputs.Error($"at least one picture must be shown; max_images is {maxImages}");
        if (inputs[1].Type is not (DType.Float32 or DType.Float64 or DType.UInt8)) throw inputs.Error("pictures hold float32, float64 or uint8");
        if (inputs.WithRank(1, 4)[3] is { } channels && (channels is not (1 or 3 or 4) || channels > badColor.Length)) throw inputs.Error($"pictures have 1, 3 or 4 channels, and bad_color as many numbers or more; there are {channels} and {badColor.Length}");
    }

    protected override void Fill(SummaryProto summary, KernelContext context)
    {
        IReadOnlyList<int> dims = context.InputInfo(1).Dimensions;
        int height = dims[1], width = dims[2], channels = dims[3], size = height * width * channels;
        var pixels = new byte[size];
        for (int i = 0; i < Math.Min(maxImages, dims[0]); i++)
        {
            switch (context.InputInfo(1).Type)
            {
                case DType.UInt8: context.Input<byte>(1).Slice(i * size, size).CopyTo(pixels); break;
                case DType.Float32: Scale(Array.ConvertAll(context.Input<float>(1).Slice(i * size, size).ToArray(), value => (double)value), channels, single: true, pixels); break;
                default: Scale(context.Input<double>(1).Slice(i * size, size), channels, single: false, pixels); break;
            }

            summary.Value.Add(new SummaryProto.Types.Value
            {
                Tag = maxImages == 1 ? $"{Tag(context)}/image" : $"{Tag(context)}/image/{i}",
                Image = new SummaryProto.Types.Image { Height = height, Width = width, Colorspace = channels, EncodedImageString = ByteString.CopyFrom(PngWriter.Encode(pixels, height, width, channels)) },
            });
        }
    }

    // y = x·127/max|x| + 128 where a number is negative, else x·255/max, cut to whole numbers; 0 where the picture is all but 0.
    private void Scale(ReadOnlySpan<double> values, int channels, bool single, Span<byte> pixels)
    {
        const double smallest = 1e-6;
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (int at = 0; at < values.Length; at += channels)
        {
            if (!IsFinite(values.Slice(at, channels))) continue;
            foreach (double value in values.Slice(at, channels)) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }

        double largest = min < 0 ? Math.Max(Math.Abs(min), Math.Abs(max)) : max;
        double scale = largest < smallest ? 0 : (min < 0 ? 127 : 255) / largest;
        double offset = min < 0 ? 128 : 0;
        for (int at = 0; at < values.Length; at += channels)
        {
            bool finite = IsFinite(values.Slice(at, channels));
            for (int c = 0; c < channels; c++) pixels[at + c] = finite ? Whole(values[at + c], scale, offset, single) : badColor[c];
        }
    }

    // TensorFlow computes in the picture's own type.
    private static byte Whole(double value, double scale, double offset, bool single)
    {
        double scaled = single ? ((float)value * (float)scale) + (float)offset : (value * scale) + offset;
        return (byte)Math.Clamp(scaled, 0, 255);
    }

    private static bool IsFinite(ReadOnlySpan<double> pixel)
    {
        foreach (double value in pixel)
        {
            if (!double.IsFinite(value)) return false;
        }

        return true;
    }
}
