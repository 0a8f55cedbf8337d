using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Filters in Winograd's form against U = G g Gᵀ, one filter at a time: the same bits.</summary>
public sealed unsafe class WinogradFilterTests
{
    private static IEnumerable<ConvShape> Tileable() => ConvolutionCases.Tileable();

    private static IEnumerable<ConvShape> StrideOne() => ConvolutionCases.Tileable().Where(s => s.StrideX == 1);

    [TestCaseSource(nameof(Tileable))]
    public void FiltersEqualTheDefinition(object shape) => Compare((ConvShape)shape, false);

    [TestCaseSource(nameof(StrideOne))]
    public void FlippedFiltersEqualTheDefinition(object shape) => Compare((ConvShape)shape, true);

    private static void Compare(in ConvShape s, bool flipped)
    {
        WinogradShape shape = WinogradShape.For(s, true, flipped)!;
        var filter = new WinogradFilter(shape, flipped);
        using Floats w = ConvolutionCases.Filter(s, 2);
        using var prepared = new Floats(filter.Length);
        foreach (int threads in Variants.Threads)
        {
            prepared.Span.Fill(float.NaN);
            filter.Prepare(w.Data, prepared.Data, threads);
            Variants.AssertSameBits(prepared.ToArray(), Naive(shape, flipped, w.Data), $"{s}, flipped {flipped}, {threads} threads");
        }
    }

    // [group][panel of 32 outputs][cell][depth][32].
    private static float[] Naive(WinogradShape shape, bool flipped, float* w)
    {
        int outputs = shape.Conv.GroupOutChannels, panels = GemmPack.Panels(outputs);
        int rows = shape.Size + shape.Y.Long, columns = shape.Size + shape.X.Long;
        var all = new float[shape.Conv.Groups * panels * shape.Cells * shape.Channels * 32];
        for (int group = 0; group < shape.Conv.Groups; group++)
        {
            for (int output = 0; output < outputs; output++)
            {
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    double[,] u = Transform(shape, Taps(shape, flipped, w, group, output, channel), rows, columns);
                    for (int i = 0; i < rows; i++)
                    {
                        for (int j = 0; j < columns; j++)
                        {
                            long place = ((long)group * panels + output / 32) * shape.Cells + shape.Cell(i, j);
                            all[(place * shape.Channels + channel) * 32 + output % 32] = (float)u[i, j];
                        }
                    }
                }
            }
        }
        return all;
    }

    private static double[,] Taps(WinogradShape shape, bool flipped, float* w, int group, int output, int channel)
    {
        ConvShape conv = shape.Conv;
        int inner = channel % conv.GroupInChannels, place = channel / conv.GroupInChannels;
        var g = new double[shape.Taps, shape.Taps];
        for (int u = 0; u < shape.Taps; u++)
        {
            for (int v = 0; v < shape.Taps; v++)
            {
                int row = u * shape.Block + place / shape.Block, column = v * shape.Block + place % shape.Block;
                if (row >= conv.KernelHeight || column >= conv.KernelWidth)
                    continue;
                int tap = row * conv.KernelWidth + column, turned = conv.KernelHeight * conv.KernelWidth - 1 - tap;
                g[u, v] = flipped
                    ? w[(turned * conv.GroupOutChannels + output) * conv.InChannels + group * conv.GroupInChannels + inner]
                    : w[(tap * conv.GroupInChannels + inner) * conv.OutChannels + group * conv.GroupOutChannels + output];
            }
        }
        return g;
    }

    private static double[,] Transform(WinogradShape shape, double[,] g, int rows, int columns)
    {
        double[][] matrix = WinogradTransform.FilterMatrix(shape.Taps, shape.Outputs);
        var result = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            var line = new double[shape.Taps];
            for (int v = 0; v < shape.Taps; v++)
            {
                for (int u = 0; u < shape.Taps; u++)
                    line[v] += matrix[i][u] * g[u, v];
            }
            for (int j = 0; j < columns; j++)
            {
                for (int v = 0; v < shape.Taps; v++)
                    result[i, j] += matrix[j][v] * line[v];
            }
        }
        return result;
    }
}
