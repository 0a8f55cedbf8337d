namespace AlexNetTF.Imaging;

/// <summary>For each wanted position of an axis the two source positions that are blended and the second one's share.</summary>
/// <param name="First">The source position before; always valid.</param>
/// <param name="Second">The source position after; always valid.</param>
/// <param name="Share">The second position's weight, 0 to 1.</param>
internal sealed record LinearTaps(int[] First, int[] Second, float[] Share)
{
    /// <summary>OpenCV's 8-bit weights have 11 fractional bits.</summary>
    internal const float One = 2048f;

    /// <summary>
    /// OpenCV: position i lies at (float)((i + 0.5)·scale − 0.5) of the source, pixel centres on halves.
    /// </summary>
    /// <param name="source">Length of the source axis.</param>
    /// <param name="target">Length that the axis is scaled to.</param>
    /// <param name="start">First wanted position.</param>
    /// <param name="count">Number of wanted positions.</param>
    /// <param name="zeroOutside">
    /// Whether the share is 0 outside the source. OpenCV does so along x; along y the same row counts twice, whose two
    /// weights round separately.
    /// </param>
    internal static LinearTaps OpenCv(int source, int target, int start, int count, bool zeroOutside)
    {
        double scale = 1.0 / ((double)target / source);
        LinearTaps taps = Allocate(count);
        for (int i = 0; i < count; i++)
        {
            float at = (float)(((start + i + 0.5) * scale) - 0.5);
            int below = (int)MathF.Floor(at);
            float share = at - below;
            if (zeroOutside && (below < 0 || below >= source - 1))
                share = 0;
            taps.Set(i, Math.Clamp(below, 0, source - 1), Math.Clamp(below + 1, 0, source - 1), share);
        }

        return taps;
    }

    /// <summary>TensorFlow 1's ResizeBilinear: position i lies at i·(source / (float)target) of the source.</summary>
    internal static LinearTaps TensorFlow(int source, int target, int start, int count)
    {
        float scale = source / (float)target;
        LinearTaps taps = Allocate(count);
        for (int i = 0; i < count; i++)
        {
            float at = (start + i) * scale;
            float below = MathF.Floor(at);
            taps.Set(i, Math.Max((int)below, 0), Math.Min((int)MathF.Ceiling(at), source - 1), at - below);
        }

        return taps;
    }

    /// <summary>The taps on the mirrored axis of the same source.</summary>
    internal LinearTaps Mirrored(int source) => this with
    {
        First = Array.ConvertAll(First, at => source - 1 - at),
        Second = Array.ConvertAll(Second, at => source - 1 - at),
    };

    /// <summary>The weights of both positions as OpenCV's 8-bit arithmetic has them: rounded halves to even.</summary>
    internal (int First, int Second) FixedPoint(int i) => ((int)MathF.Round((1f - Share[i]) * One), (int)MathF.Round(Share[i] * One));

    private static LinearTaps Allocate(int count) => new(new int[count], new int[count], new float[count]);

    private void Set(int i, int first, int second, float share) => (First[i], Second[i], Share[i]) = (first, second, share);
}
