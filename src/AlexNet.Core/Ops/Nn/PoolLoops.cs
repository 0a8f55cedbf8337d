using System.Numerics;

namespace AlexNetTF;

/// <summary>Pooling of pictures of any element type, in plain loops; Float32 has its vectorised kernels.</summary>
internal sealed class PoolLoops(PoolAttributes attributes, TensorInfo input)
{
    private readonly int batch = input.Dimensions[0];
    private readonly int channels = input.Dimensions[3];
    private readonly Window rows = attributes.Over(input, 1);
    private readonly Window columns = attributes.Over(input, 2);

    public void Max<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        y.Fill(T.MinValue);
        foreach (Place place in Places())
        {
            ReadOnlySpan<T> from = x.Slice(place.Input, channels);
            Span<T> to = y.Slice(place.Output, channels);
            for (int c = 0; c < to.Length; c++) to[c] = from[c] > to[c] ? from[c] : to[c];
        }
    }

    // A window's first cell is taken whatever it holds, a later one where it is larger: so the first of equal cells gets
    // the gradient, and so does a NaN in the first place.
    public void MaxGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, INumber<T>
    {
        dx.Clear();
        for (int n = 0; n < batch; n++)
        {
            for (int i = 0; i < rows.Output; i++)
            {
                for (int j = 0; j < columns.Output; j++)
                {
                    int output = ((((n * rows.Output) + i) * columns.Output) + j) * channels;
                    for (int c = 0; c < channels; c++)
                    {
                        int largest = LargestCell(x, n, i, j, c);
                        if (largest >= 0) dx[largest] += dy[output + c];
                    }
                }
            }
        }
    }

    public void Mean<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        y.Clear();
        foreach (Place place in Places())
        {
            ReadOnlySpan<T> from = x.Slice(place.Input, channels);
            Span<T> to = y.Slice(place.Output, channels);
            for (int c = 0; c < to.Length; c++) to[c] += from[c];
            if (!place.IsLast) continue;
            T count = T.CreateTruncating(place.Count);
            for (int c = 0; c < to.Length; c++) to[c] /= count;
        }
    }

    public void MeanGradient<T>(ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, INumber<T>
    {
        dx.Clear();
        foreach (Place place in Places())
        {
            ReadOnlySpan<T> from = dy.Slice(place.Output, channels);
            Span<T> to = dx.Slice(place.Input, channels);
            T part = T.One / T.CreateTruncating(place.Count);
            for (int c = 0; c < to.Length; c++) to[c] += from[c] * part;
        }
    }

    private int LargestCell<T>(ReadOnlySpan<T> x, int n, int i, int j, int channel)
        where T : unmanaged, INumber<T>
    {
        int largest = -1;
        for (int h = rows.First(i); h < rows.End(i); h++)
        {
            for (int w = columns.First(j); w < columns.End(j); w++)
            {
                int cell = (((((n * rows.Input) + h) * columns.Input) + w) * channels) + channel;
                if (largest < 0 || x[cell] > x[largest]) largest = cell;
            }
        }

        return largest;
    }

    private PlaceEnumerator Places() => new(this);

    /// <summary>A cell of a window: where its channels begin in the pictures, and where the window's do among the results.</summary>
    /// <param name="Input">First element of the cell.</param>
    /// <param name="Output">First element of the window's result.</param>
    /// <param name="Count">Cells of the window inside the picture.</param>
    /// <param name="IsLast">Whether it is the window's last cell.</param>
    private readonly record struct Place(int Input, int Output, int Count, bool IsLast);

    /// <summary>All cells of all windows, windows in reading order, cells in reading order within.</summary>
    private struct PlaceEnumerator(PoolLoops pool)
    {
        private int window = -1;
        private int n;
        private int h;
        private int w;
        private int i;
        private int j;

        public readonly Place Current
        {
            get
            {
                int count = (pool.rows.End(i) - pool.rows.First(i)) * (pool.columns.End(j) - pool.columns.First(j));
                bool last = h == pool.rows.End(i) - 1 && w == pool.columns.End(j) - 1;
                return new(((((n * pool.rows.Input) + h) * pool.columns.Input) + w) * pool.channels, window * pool.channels, count, last);
            }
        }

        public readonly PlaceEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (window >= 0)
            {
                if (++w < pool.columns.End(j)) return true;
                w = pool.columns.First(j);
                if (++h < pool.rows.End(i)) return true;
            }

            while (++window < pool.batch * pool.rows.Output * pool.columns.Output)
            {
                (n, int rest) = Math.DivRem(window, pool.rows.Output * pool.columns.Output);
                (i, j) = Math.DivRem(rest, pool.columns.Output);
                (h, w) = (pool.rows.First(i), pool.columns.First(j));
                if (h < pool.rows.End(i) && w < pool.columns.End(j)) return true;
            }

            return false;
        }
    }
}
