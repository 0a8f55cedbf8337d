namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>Pooling by its definition: every window asks every cell of the picture whether it covers it.</summary>
internal sealed record NaivePooling(int Batch, int Height, int Width, int Channels, int WindowY, int WindowX, int StrideY, int StrideX, bool Same)
{
    public int OutHeight => Same ? CeilDiv(Height, StrideY) : Height < WindowY ? 0 : ((Height - WindowY) / StrideY) + 1;

    public int OutWidth => Same ? CeilDiv(Width, StrideX) : Width < WindowX ? 0 : ((Width - WindowX) / StrideX) + 1;

    public int[] InDims => [Batch, Height, Width, Channels];

    public int[] OutDims => [Batch, OutHeight, OutWidth, Channels];

    public int[] Ksize => [1, WindowY, WindowX, 1];

    public int[] Strides => [1, StrideY, StrideX, 1];

    public Padding Padding => Same ? Padding.Same : Padding.Valid;

    /// <summary>The cells of an output's window, in reading order.</summary>
    public List<int> Cells(int n, int i, int j, int c)
    {
        var cells = new List<int>();
        for (int h = 0; h < Height; h++)
        {
            for (int w = 0; w < Width; w++)
            {
                if (Covers(h, i, Height, WindowY, StrideY, OutHeight) && Covers(w, j, Width, WindowX, StrideX, OutWidth))
                {
                    cells.Add((((((n * Height) + h) * Width) + w) * Channels) + c);
                }
            }
        }

        return cells;
    }

    /// <summary>Calls for every output with its index and the cells of its window.</summary>
    public void ForEach(Action<int, List<int>> action)
    {
        int output = 0;
        for (int n = 0; n < Batch; n++)
        {
            for (int i = 0; i < OutHeight; i++)
            {
                for (int j = 0; j < OutWidth; j++)
                {
                    for (int c = 0; c < Channels; c++) action(output++, Cells(n, i, j, c));
                }
            }
        }
    }

    private bool Covers(int cell, int output, int size, int window, int stride, int outputs)
    {
        int before = Same ? Math.Max(0, ((outputs - 1) * stride) + window - size) / 2 : 0;
        int at = cell - ((output * stride) - before);
        return at >= 0 && at < window;
    }

    private static int CeilDiv(int a, int b) => (a + b - 1) / b;
}
