namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>Convolution by its definition, over a picture that stands in a field of zeros.</summary>
internal sealed record NaiveConv(int Batch, int Height, int Width, int Channels, int KernelY, int KernelX, int Filters)
{
    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int DilationY { get; init; } = 1;

    public int DilationX { get; init; } = 1;

    public int Groups { get; init; } = 1;

    /// <summary>Zeros on top, at the bottom, left and right.</summary>
    public (int Top, int Bottom, int Left, int Right) Zeros { get; init; }

    public int[] InDims => [Batch, Height, Width, Channels];

    public int[] FilterDims => [KernelY, KernelX, Channels / Groups, Filters];

    public int[] OutDims => [Batch, Outputs(Height + Zeros.Top + Zeros.Bottom, KernelY, StrideY, DilationY), Outputs(Width + Zeros.Left + Zeros.Right, KernelX, StrideX, DilationX), Filters];

    public int[] Strides => [1, StrideY, StrideX, 1];

    public int[] Dilations => [1, DilationY, DilationX, 1];

    public int[] Paddings => [0, 0, Zeros.Top, Zeros.Bottom, Zeros.Left, Zeros.Right, 0, 0];

    public bool Fits => OutDims[1] > 0 && OutDims[2] > 0;

    /// <summary>The convolution with the zeros that SAME asks for.</summary>
    public NaiveConv Same()
    {
        (int top, int bottom) = SameZeros(Height, KernelY, StrideY, DilationY);
        (int left, int right) = SameZeros(Width, KernelX, StrideX, DilationX);
        return this with { Zeros = (top, bottom, left, right) };
    }

    /// <summary>y, all in double.</summary>
    public double[] Forward(float[] x, float[] w)
    {
        var y = new double[Shape.CountOf(OutDims)];
        ForEach((input, filter, output) => y[output] += (double)x[input] * w[filter]);
        return y;
    }

    /// <summary>Calls for every product x·w with the indices of x, w and the result that it adds to.</summary>
    public void ForEach(Action<int, int, int> product)
    {
        int[] o = OutDims;
        for (int output = 0; output < Shape.CountOf(o); output++)
        {
            int f = output % Filters, j = output / Filters % o[2], i = output / Filters / o[2] % o[1], n = output / Filters / o[2] / o[1];
            for (int u = 0; u < KernelY; u++)
            {
                for (int v = 0; v < KernelX; v++)
                {
                    int h = (i * StrideY) + (u * DilationY) - Zeros.Top, w = (j * StrideX) + (v * DilationX) - Zeros.Left;
                    if (h < 0 || h >= Height || w < 0 || w >= Width) continue;
                    int perGroup = Channels / Groups, first = f / (Filters / Groups) * perGroup;
                    for (int c = 0; c < perGroup; c++)
                    {
                        product((((((n * Height) + h) * Width) + w) * Channels) + first + c, (((((u * KernelX) + v) * perGroup) + c) * Filters) + f, output);
                    }
                }
            }
        }
    }

    private static int Outputs(int size, int kernel, int stride, int dilation)
    {
        int outputs = 0;
        while ((outputs * stride) + ((kernel - 1) * dilation) < size) outputs++;
        return outputs;
    }

    private static (int Before, int After) SameZeros(int size, int kernel, int stride, int dilation)
    {
        int outputs = (size + stride - 1) / stride;
        int missing = Math.Max(0, ((outputs - 1) * stride) + ((kernel - 1) * dilation) + 1 - size);
        return (missing / 2, missing - (missing / 2));
    }
}
