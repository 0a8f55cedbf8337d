using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>Convolution and its gradients in any floating-point type, in plain loops; Float32 has its own kernels.</summary>
internal static class ConvLoops
{
    public static void Forward<T>(in ConvShape s, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        y.Clear();
        foreach (Meeting at in new Meetings(s))
        {
            for (int o = 0; o < s.OutChannels; o++)
            {
                int input = at.Input + (o / s.GroupOutChannels * s.GroupInChannels);
                T sum = T.Zero;
                for (int c = 0; c < s.GroupInChannels; c++) sum += x[input + c] * w[at.Filter + (c * s.OutChannels) + o];
                y[at.Output + o] += sum;
            }
        }
    }

    public static void InputGradient<T>(in ConvShape s, ReadOnlySpan<T> w, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        dx.Clear();
        foreach (Meeting at in new Meetings(s))
        {
            for (int o = 0; o < s.OutChannels; o++)
            {
                int input = at.Input + (o / s.GroupOutChannels * s.GroupInChannels);
                for (int c = 0; c < s.GroupInChannels; c++) dx[input + c] += dy[at.Output + o] * w[at.Filter + (c * s.OutChannels) + o];
            }
        }
    }

    public static void FilterGradient<T>(in ConvShape s, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        dw.Clear();
        foreach (Meeting at in new Meetings(s))
        {
            for (int o = 0; o < s.OutChannels; o++)
            {
                int input = at.Input + (o / s.GroupOutChannels * s.GroupInChannels);
                for (int c = 0; c < s.GroupInChannels; c++) dw[at.Filter + (c * s.OutChannels) + o] += x[input + c] * dy[at.Output + o];
            }
        }
    }

    /// <summary>A cell of the picture under a cell of the filter: where the channels of picture, filter and result begin.</summary>
    private readonly record struct Meeting(int Input, int Filter, int Output);

    /// <summary>All meetings inside the pictures: result cells in reading order, filter cells in reading order within.</summary>
    private struct Meetings(ConvShape s)
    {
        private readonly int taps = s.KernelHeight * s.KernelWidth;
        private readonly int cells = s.Batch * s.OutHeight * s.OutWidth;
        private int cell;
        private int tap = -1;

        public Meeting Current { get; private set; }

        public readonly Meetings GetEnumerator() => this;

        public bool MoveNext()
        {
            if (taps == 0) return false;
            while (true)
            {
                if (++tap == taps)
                {
                    tap = 0;
                    cell++;
                }

                if (cell >= cells) return false;
                (int n, int rest) = Math.DivRem(cell, s.OutHeight * s.OutWidth);
                (int i, int j) = Math.DivRem(rest, s.OutWidth);
                (int u, int v) = Math.DivRem(tap, s.KernelWidth);
                int row = (i * s.StrideY) + (u * s.DilationY) - s.PadTop;
                int column = (j * s.StrideX) + (v * s.DilationX) - s.PadLeft;
                if (row < 0 || row >= s.InHeight || column < 0 || column >= s.InWidth) continue;
                Current = new(
                    ((((n * s.InHeight) + row) * s.InWidth) + column) * s.InChannels,
                    tap * s.GroupInChannels * s.OutChannels,
                    cell * s.OutChannels);
                return true;
            }
        }
    }
}
